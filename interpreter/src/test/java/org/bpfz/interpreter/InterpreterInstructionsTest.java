package org.bpfz.interpreter;

import org.bpfz.spec.engine.Engine;
import org.bpfz.spec.engine.contract.InstructionContract;

/** The interpreter keeps the engines' contract on instructions. */
class InterpreterInstructionsTest extends InstructionContract {
    @Override
    protected Engine engine() {
        return new InterpreterEngine();
    }
}
