package org.bpfz.spec.program;

/** The departures from the strict reading of CTX-4, HELP-3 and HELP-5 that a verifier may be told to follow. */
public enum ContextReading {
    /** A load may be narrower than its field. */
    NARROW_LOADS,
    /** Each hook's program may load the fields of its own hook only. */
    OWN_FIELDS,
    /** The two compressor helpers are for programs with a GPL-compatible licence only. */
    GPL_ONLY_HELPERS,
    /** bpf_copy_from_buffer may be given a size of 0. */
    EMPTY_COPIES
}
