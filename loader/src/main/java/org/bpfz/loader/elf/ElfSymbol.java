package org.bpfz.loader.elf;

/**
 * A symbol of an {@link ElfFile} (Elf64_Sym).
 *
 * @param name    empty for a section's own symbol
 * @param type    STT_*
 * @param binding STB_*
 * @param other   STV_* in the low two bits
 * @param section index of a section of the file, {@link #UNDEFINED}, or one of the reserved indices from 0xff00 on
 * @param value   offset in the section
 * @param size    bytes
 */
public record ElfSymbol(int index, String name, int type, int binding, int other, int section, long value, long size) {
    /** SHN_UNDEF: the symbol is defined elsewhere. */
    public static final int UNDEFINED = 0;
    /** SHN_LORESERVE: from here on an index names no section. */
    public static final int RESERVED = 0xff00;

    private static final int NOTYPE = 0;
    private static final int OBJECT = 1;
    private static final int FUNC = 2;
    private static final int SECTION = 3;
    private static final int LOCAL = 0;
    private static final int GLOBAL = 1;
    private static final int WEAK = 2;
    private static final int INTERNAL = 1;
    private static final int HIDDEN = 2;

    /** Whether it names a function (STT_FUNC). */
    public boolean isFunction() {
        return type == FUNC;
    }

    /** Whether it names a variable (STT_OBJECT). */
    public boolean isObject() {
        return type == OBJECT;
    }

    /** Whether it stands for a whole section (STT_SECTION). */
    public boolean isSection() {
        return type == SECTION;
    }

    /** Whether only its own file sees it (STB_LOCAL). */
    public boolean isLocal() {
        return binding == LOCAL;
    }

    /** Whether other files see it (STB_GLOBAL or STB_WEAK). */
    public boolean isGlobal() {
        return binding == GLOBAL || binding == WEAK;
    }

    /** Whether it may be missing (STB_WEAK). */
    public boolean isWeak() {
        return binding == WEAK;
    }

    /** Whether its visibility is restricted (STV_HIDDEN or STV_INTERNAL): libbpf treats what it names as static. */
    public boolean isHidden() {
        int visibility = other & 3;
        return visibility == HIDDEN || visibility == INTERNAL;
    }

    /** Whether it is only declared here: a kernel symbol or a configuration value. */
    public boolean isExtern() {
        return section == UNDEFINED && isGlobal() && type == NOTYPE;
    }
}
