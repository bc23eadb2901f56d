package org.bpfz.interpreter;

import org.bpfz.spec.engine.Engine;
import org.bpfz.spec.engine.Environment;
import org.bpfz.spec.engine.Services;

/** The interpreter behind the interface of engines. */
public final class InterpreterEngine implements Engine {
    @Override
    public String name() {
        return "interpreter";
    }

    @Override
    public Environment open(Services services) {
        return new FlatEnvironment(services, (place, facts) -> new InterpretedProgram(place));
    }
}
