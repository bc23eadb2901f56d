package org.bpfz.interpreter;

import org.bpfz.spec.engine.Invocation;

/** A program that the interpreter runs. */
final class InterpretedProgram extends FlatProgram {

    InterpretedProgram(Place place) {
        super(place);
        // What can not be decoded is to be refused when it is loaded.
        code();
    }

    @Override
    protected FlatRun begin(Invocation invocation) {
        return interpret(invocation);
    }
}
