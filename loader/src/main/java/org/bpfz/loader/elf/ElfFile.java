package org.bpfz.loader.elf;

import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A relocatable ELF64 file for BPF, every offset, size and index of which has been checked. */
public final class ElfFile {
    private final String name;
    private final byte[] bytes;
    private final ByteOrder order;
    private final List<ElfSection> sections;
    private final List<ElfSymbol> symbols;
    private final Map<String, ElfSection> sectionsByName = new HashMap<>();

    ElfFile(String name, byte[] bytes, ByteOrder order, List<ElfSection> sections, List<ElfSymbol> symbols) {
        this.name = name;
        this.bytes = bytes;
        this.order = order;
        this.sections = List.copyOf(sections);
        this.symbols = List.copyOf(symbols);
        sections.forEach(section -> sectionsByName.putIfAbsent(section.name(), section));
    }

    /**
     * Reads a file's bytes, which are kept and must not change.
     *
     * @param name the file's name, for messages
     * @throws MalformedElf if they are no relocatable ELF64 file for BPF
     */
    public static ElfFile read(String name, byte[] bytes) {
        return new ElfReader(name, bytes).read();
    }

    /** The file's name, as it was given. */
    public String name() {
        return name;
    }

    /** The byte order of the file and of the machine that it is for. */
    public ByteOrder order() {
        return order;
    }

    /** All sections by index; the first is the null section. */
    public List<ElfSection> sections() {
        return sections;
    }

    /** The first section with a name. */
    public Optional<ElfSection> section(String sectionName) {
        return Optional.ofNullable(sectionsByName.get(sectionName));
    }

    /** All symbols by index; the first is the null symbol. */
    public List<ElfSymbol> symbols() {
        return symbols;
    }

    /** A copy of a section's contents; empty for a section that has none in the file. */
    public byte[] contents(ElfSection section) {
        int size = section.type() == ElfSection.NOBITS ? 0 : (int) section.size();
        return Arrays.copyOfRange(bytes, section.offset(), section.offset() + size);
    }

    /**
     * The relocations of a {@link ElfSection#REL} section, in the order of the file.
     *
     * @throws MalformedElf if it is no table of relocations of this file's symbols
     */
    public List<ElfRelocation> relocations(ElfSection section) {
        return new RelocationReader(this, bytes, section).read();
    }

    /** An error at a byte of this file. */
    public MalformedElf malformed(long offset, String reason) {
        return new MalformedElf(name, offset, reason);
    }
}
