package org.bpfz.oracle.fuzz;

/** How a generated program is meant. */
public enum Shape {
    /** To be accepted. */
    VALID,
    /** Valid but for one or two things that a rule forbids. */
    NEARLY_VALID,
    /** Valid code with fields of its encoding changed, slots dropped, doubled and swapped. */
    HOSTILE,
    /** Not generated: a program of an object file. */
    OBJECT
}
