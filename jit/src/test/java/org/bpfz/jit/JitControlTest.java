package org.bpfz.jit;

import org.bpfz.spec.engine.Engine;
import org.bpfz.spec.engine.contract.ControlContract;

/** The JIT keeps the engines' contract on control flow. */
class JitControlTest extends ControlContract {
    @Override
    protected Engine engine() {
        return new JitEngine();
    }
}
