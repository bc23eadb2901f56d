package org.bpfz.loader;

/** What a relocated instruction refers to (the RELO_* of libbpf's struct reloc_desc). */
sealed interface Reference {
    /** A map, by its index in the object. */
    record ToMap(int map) implements Reference {}

    /** A place in a data section; the instruction's immediate is to be added to the offset. */
    record ToData(int map, long offset) implements Reference {}

    /** A function in .text, {@code offset} bytes in; a call's immediate and an LDDW's are to be added, each in its way. */
    record ToFunction(long offset) implements Reference {}

    /** Something that the kernel is to provide. */
    record ToExtern(String name, String section) implements Reference {}
}
