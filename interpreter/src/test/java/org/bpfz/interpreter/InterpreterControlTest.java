package org.bpfz.interpreter;

import org.bpfz.spec.engine.Engine;
import org.bpfz.spec.engine.contract.ControlContract;

/** The interpreter keeps the engines' contract on control flow. */
class InterpreterControlTest extends ControlContract {
    @Override
    protected Engine engine() {
        return new InterpreterEngine();
    }
}
