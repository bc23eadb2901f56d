package org.bpfz.jit;

import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import org.bpfz.spec.isa.Reg;

/** Which local variable of a compiled method holds what: the same plan for functions and for chunks of functions. */
final class Locals {
    /** The {@link JitRun}, 0 in every method. */
    static final int RUN = 0;

    /** The arena's bytes, a constant of the class: HotSpot knows how many there are. */
    static final int BYTES = 23;

    /** The arena with its rules. */
    static final int MEMORY = 24;

    /** An int: where R10 points in the bytes. */
    static final int FRAME = 25;

    /** An int: how many instructions the run may still take, plus the ordinal of the instruction that is being executed. */
    static final int FUEL = 26;

    /** An int: the slot of the last instruction that may have thrown. */
    static final int SLOT = 27;

    /** An int: how often may_goto may still fall through. */
    static final int LOOPS = 28;

    /** A long: the last address that was accessed without rules. */
    static final int ADDRESS = 29;

    /** A long[]: the registers between chunks. */
    static final int SPILLED = 31;

    /** An int: the chunk and where it begins. */
    static final int ENTRY = 32;

    /** A long and an int for within a template. */
    static final int SCRATCH = 33;

    /** An int for within a template. */
    static final int INDEX = 35;

    /** A long: how many offsets into a raw run's memory begin 8 bytes of it; 0 in any other run. */
    static final int HOME = 36;

    /** A long: the address of a raw run's memory. */
    static final int ORIGIN = 38;

    /** The first that loops may use for themselves. */
    static final int FREE = 40;

    static final ClassDesc RUN_CLASS = JitRun.class.describeConstable().orElseThrow();

    /** Of a function: run, R10, R1 to R5; returns R0. */
    static final MethodTypeDesc FUNCTION = MethodTypeDesc.of(ConstantDescs.CD_long, RUN_CLASS, ConstantDescs.CD_long,
            ConstantDescs.CD_long, ConstantDescs.CD_long, ConstantDescs.CD_long, ConstantDescs.CD_long,
            ConstantDescs.CD_long);

    private Locals() {
    }

    /** The long that holds a register. R10 and R1 to R5 are where a function's parameters are. */
    static int of(Reg reg) {
        return switch (reg) {
            case R10 -> 1;
            case R1, R2, R3, R4, R5 -> 1 + 2 * reg.index();
            case R0 -> 13;
            case R6, R7, R8, R9 -> 15 + 2 * (reg.index() - 6);
        };
    }
}
