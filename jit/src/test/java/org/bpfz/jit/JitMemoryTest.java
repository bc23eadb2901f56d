package org.bpfz.jit;

import org.bpfz.spec.engine.Engine;
import org.bpfz.spec.engine.contract.MemoryContract;

/** The JIT keeps the engines' contract on memory. */
class JitMemoryTest extends MemoryContract {
    @Override
    protected Engine engine() {
        return new JitEngine();
    }
}
