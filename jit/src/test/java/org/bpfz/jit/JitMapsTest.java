package org.bpfz.jit;

import org.bpfz.spec.engine.Engine;
import org.bpfz.spec.engine.contract.MapContract;

/** The JIT keeps the engines' contract on maps. */
class JitMapsTest extends MapContract {
    @Override
    protected Engine engine() {
        return new JitEngine();
    }
}
