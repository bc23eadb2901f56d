package org.bpfz.jit;

import org.bpfz.spec.engine.Engine;
import org.bpfz.spec.engine.contract.InstructionContract;

/** The JIT keeps the engines' contract on instructions. */
class JitInstructionsTest extends InstructionContract {
    @Override
    protected Engine engine() {
        return new JitEngine();
    }
}
