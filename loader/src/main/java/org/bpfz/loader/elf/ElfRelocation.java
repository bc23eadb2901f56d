package org.bpfz.loader.elf;

/**
 * A relocation of an {@link ElfFile} (Elf64_Rel).
 *
 * @param place  where the entry itself stands in the file, for messages
 * @param offset of the place that is relocated, from the start of its section
 * @param type   R_BPF_*, as an unsigned number
 */
public record ElfRelocation(int place, long offset, ElfSymbol symbol, int type) {
    /** R_BPF_64_64: the two immediates of an LDDW. */
    public static final int LDDW = 1;
    /** R_BPF_64_ABS64: eight bytes of data. */
    public static final int ABS64 = 2;
    /** R_BPF_64_ABS32: four bytes of data. */
    public static final int ABS32 = 3;
    /** R_BPF_64_NODYLD32: four bytes in BTF or debug information. */
    public static final int NODYLD32 = 4;
    /** R_BPF_64_32: the immediate of a call. */
    public static final int CALL = 10;
}
