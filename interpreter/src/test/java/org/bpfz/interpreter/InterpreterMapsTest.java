package org.bpfz.interpreter;

import org.bpfz.spec.engine.Engine;
import org.bpfz.spec.engine.contract.MapContract;

/** The interpreter keeps the engines' contract on maps. */
class InterpreterMapsTest extends MapContract {
    @Override
    protected Engine engine() {
        return new InterpreterEngine();
    }
}
