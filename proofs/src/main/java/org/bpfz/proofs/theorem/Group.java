package org.bpfz.proofs.theorem;

/** The groups of theorems, in the order of the report. */
public enum Group {
    /** The verifier's arithmetic equals the kernel's C. */
    KERNEL("The verifier's arithmetic equals the kernel's C"),
    /** Range analysis is sound by itself. */
    RANGES("Range analysis is sound"),
    /** An accepted access is in bounds. */
    ACCESS("An accepted access is in bounds"),
    /** A pruned state is contained in one that was explored. */
    PRUNING("A pruned state is contained in the one that was explored"),
    /** The engines equal the specification. */
    ENGINES("The engines equal the specification"),
    /** Decoder and encoder. */
    CODEC("Decode and encode are inverse on all legal and refuse all illegal encodings"),
    /** LZO stays in its buffers. */
    LZO("LZO stays in its buffers and restores what it was given"),
    /** The modelled system calls. */
    SYSCALLS("The modelled system calls");

    private final String title;

    Group(String title) {
        this.title = title;
    }

    /** What the group's theorems say together. */
    public String title() {
        return title;
    }
}
