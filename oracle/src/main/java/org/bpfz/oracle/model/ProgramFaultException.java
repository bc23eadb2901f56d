package org.bpfz.oracle.model;

import org.bpfz.spec.engine.Fault;

/** Says that a program did what no verifier would have let it do: the run can not go on. */
public final class ProgramFaultException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** Complains of one instruction of a program. */
    ProgramFaultException(LoadedProgram program, Fault fault) {
        super(program.object() + ": program " + program.name() + ", instruction " + fault.slot() + ": "
                + fault.explain());
    }
}
