package org.bpfz.interpreter;

import org.bpfz.spec.engine.Engine;
import org.bpfz.spec.engine.contract.MemoryContract;

/** The interpreter keeps the engines' contract on memory. */
class InterpreterMemoryTest extends MemoryContract {
    @Override
    protected Engine engine() {
        return new InterpreterEngine();
    }
}
