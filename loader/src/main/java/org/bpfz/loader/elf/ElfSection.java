package org.bpfz.loader.elf;

/**
 * A section of an {@link ElfFile} (Elf64_Shdr). Its contents lie inside of the file and overlap no other section's.
 *
 * @param type      SHT_*, as an unsigned number
 * @param flags     SHF_*
 * @param offset    of the contents in the file
 * @param size      bytes; of a {@link #NOBITS} section, which has no contents in the file, whatever the header says
 * @param link      SHT_SYMTAB: the string table; SHT_REL: the symbol table
 * @param info      SHT_REL: the section that is relocated
 * @param entrySize of a table's entries
 */
public record ElfSection(int index, String name, int type, long flags, int offset, long size, int link, int info,
        long entrySize) {
    /** SHT_PROGBITS: code, data or anything else that a program brings along. */
    public static final int PROGBITS = 1;
    /** SHT_SYMTAB. */
    public static final int SYMTAB = 2;
    /** SHT_STRTAB. */
    public static final int STRTAB = 3;
    /** SHT_RELA: relocations with addends. */
    public static final int RELA = 4;
    /** SHT_NOBITS: zeros that the file does not hold. */
    public static final int NOBITS = 8;
    /** SHT_REL: relocations whose addends are in the place that is relocated. */
    public static final int REL = 9;

    private static final int EXECUTABLE = 4;
    private static final int COMPRESSED = 0x800;

    /** Whether it holds instructions (SHF_EXECINSTR). */
    public boolean isExecutable() {
        return (flags & EXECUTABLE) != 0;
    }

    /** Whether its contents are compressed (SHF_COMPRESSED). */
    public boolean isCompressed() {
        return (flags & COMPRESSED) != 0;
    }
}
