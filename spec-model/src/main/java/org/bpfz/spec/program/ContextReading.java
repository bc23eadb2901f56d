package org.bpfz.spec.program;

/** The departures from the strict reading of CTX-4 that a verifier may be told to follow. */
public enum ContextReading {
    /** A load may be narrower than its field. */
    NARROW_LOADS,
    /** Each hook's program may load the fields of its own hook only. */
    OWN_FIELDS
}
