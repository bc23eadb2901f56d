package org.bpfz.loader.elf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads header, section headers and symbols of an ELF64 file, and refuses whatever does not fit together. */
final class ElfReader {
    private static final int HEADER_SIZE = 64;
    private static final int SECTION_HEADER_SIZE = 64;
    private static final int SYMBOL_SIZE = 24;
    private static final int TYPE_RELOCATABLE = 1;
    private static final int MACHINE_NONE = 0;
    private static final int MACHINE_BPF = 247;
    private static final int INDEX_ELSEWHERE = 0xffff;
    private static final int SECTION_NULL = 0;
    /** Longer than any name that a compiler makes: bounds what a name that never ends can cost. */
    private static final int MAX_NAME = 4096;

    private final String name;
    private final byte[] bytes;
    private final ByteBuffer in;
    private long nameBytes;

    ElfReader(String name, byte[] bytes) {
        this.name = name;
        this.bytes = bytes;
        in = ByteBuffer.wrap(bytes);
    }

    ElfFile read() {
        readHeader();
        List<ElfSection> sections = readSections();
        checkOverlap(sections);
        return new ElfFile(name, bytes, in.order(), sections, readSymbols(sections));
    }

    private MalformedElf malformed(long offset, String reason) {
        return new MalformedElf(name, offset, reason);
    }

    private void readHeader() {
        if (bytes.length < HEADER_SIZE) {
            throw malformed(0, "no ELF file: " + bytes.length + " bytes are less than its header");
        }
        if (bytes[0] != 0x7f || bytes[1] != 'E' || bytes[2] != 'L' || bytes[3] != 'F') {
            throw malformed(0, "no ELF file: the magic number is missing");
        }
        if (bytes[4] != 2) {
            throw malformed(4, "no 64-bit ELF file");
        }
        in.order(switch (bytes[5]) {
            case 1 -> ByteOrder.LITTLE_ENDIAN;
            case 2 -> ByteOrder.BIG_ENDIAN;
            default -> throw malformed(5, "unknown byte order " + bytes[5]);
        });
        if (bytes[6] != 1 || in.getInt(20) != 1) {
            throw malformed(6, "unknown version of ELF");
        }
        if (in.getChar(16) != TYPE_RELOCATABLE) {
            throw malformed(16, "no relocatable file, but of type " + (int) in.getChar(16));
        }
        // LLVM before 4.0 wrote EM_NONE; libbpf takes both.
        if (in.getChar(18) != MACHINE_BPF && in.getChar(18) != MACHINE_NONE) {
            throw malformed(18, "not for BPF, but for machine " + (int) in.getChar(18));
        }
        if (in.getChar(52) != HEADER_SIZE) {
            throw malformed(52, "a header of " + (int) in.getChar(52) + " bytes");
        }
    }

    /** A header as it stands in the file; its name is still an offset into the table of section names. */
    private record Header(int place, int nameOffset, int type, long flags, long offset, long size, int link, int info,
            long entrySize) {}

    private Header header(long place) {
        int at = (int) place;
        return new Header(at, in.getInt(at), in.getInt(at + 4), in.getLong(at + 8), in.getLong(at + 24),
                in.getLong(at + 32), in.getInt(at + 40), in.getInt(at + 44), in.getLong(at + 56));
    }

    private List<ElfSection> readSections() {
        long table = in.getLong(40);
        if (table == 0) {
            throw malformed(40, "no sections");
        }
        if (in.getChar(58) != SECTION_HEADER_SIZE) {
            throw malformed(58, "section headers of " + (int) in.getChar(58) + " bytes");
        }
        if (table < HEADER_SIZE || table > bytes.length - SECTION_HEADER_SIZE) {
            throw malformed(40, "the section headers are outside of the file");
        }
        Header first = header(table);
        if (first.type() != SECTION_NULL) {
            throw malformed(table, "the first section is not the null section");
        }
        // gABI, "Section Header Table": counts that do not fit 16 bits stand in the null section.
        long count = in.getChar(60) != 0 ? in.getChar(60) : first.size();
        long names = in.getChar(62) != INDEX_ELSEWHERE ? in.getChar(62) : Integer.toUnsignedLong(first.link());
        if (count < 1 || count > (bytes.length - table) / SECTION_HEADER_SIZE) {
            throw malformed(60, Long.toUnsignedString(count) + " section headers run past the end of the file");
        }
        if (names == 0 || names >= count) {
            throw malformed(62, "there is no section " + names + " with the names of sections");
        }
        Header nameTable = header(table + names * SECTION_HEADER_SIZE);
        checkExtent(nameTable, "section " + names);
        if (nameTable.type() != ElfSection.STRTAB) {
            throw malformed(nameTable.place(), "the table of section names is no string table");
        }
        List<ElfSection> sections = new ArrayList<>();
        sections.add(new ElfSection(0, "", SECTION_NULL, 0, 0, 0, 0, 0, 0));
        for (int index = 1; index < count; index++) {
            Header header = header(table + (long) index * SECTION_HEADER_SIZE);
            sections.add(section(index, header, nameTable));
        }
        return sections;
    }

    private ElfSection section(int index, Header header, Header nameTable) {
        String sectionName = string(nameTable.offset(), nameTable.size(), header.nameOffset(), header.place());
        String what = "section " + index + (sectionName.isEmpty() ? "" : " '" + sectionName + "'");
        checkExtent(header, what);
        if (header.link() < 0 || header.info() < 0) {
            throw malformed(header.place() + 40, what + ": link or info is no index");
        }
        boolean noContents = header.type() == ElfSection.NOBITS || header.type() == SECTION_NULL;
        return new ElfSection(index, sectionName, header.type(), header.flags(),
                noContents ? 0 : (int) header.offset(), header.type() == SECTION_NULL ? 0 : header.size(),
                header.link(), header.info(), header.entrySize());
    }

    private void checkExtent(Header header, String what) {
        if (header.type() == SECTION_NULL) {
            return;
        }
        if (header.size() < 0 || header.size() > Integer.MAX_VALUE) {
            throw malformed(header.place() + 32, what + ": " + Long.toUnsignedString(header.size())
                    + " bytes are more than a section of a BPF object can have");
        }
        boolean inside = header.offset() >= 0 && header.offset() <= bytes.length
                && header.size() <= bytes.length - header.offset();
        if (header.type() != ElfSection.NOBITS && !inside) {
            throw malformed(header.place() + 24, what + ": " + header.size() + " bytes at "
                    + Long.toUnsignedString(header.offset()) + " are outside of the file");
        }
    }

    /** "Sections in a file may not overlap. No byte in a file resides in more than one section." (gABI, "Sections") */
    private void checkOverlap(List<ElfSection> sections) {
        List<ElfSection> present = sections.stream()
                .filter(section -> section.type() != ElfSection.NOBITS && section.size() > 0)
                .sorted(Comparator.comparingInt(ElfSection::offset)).toList();
        long tableStart = in.getLong(40);
        long tableEnd = tableStart + (long) sections.size() * SECTION_HEADER_SIZE;
        @Nullable
        ElfSection before = null;
        for (ElfSection section : present) {
            long end = section.offset() + section.size();
            if (section.offset() < HEADER_SIZE || (section.offset() < tableEnd && end > tableStart)) {
                throw malformed(section.offset(), "section '" + section.name() + "' overlaps the headers");
            }
            if (before != null && section.offset() < before.offset() + before.size()) {
                throw malformed(section.offset(), "sections '" + before.name() + "' and '" + section.name()
                        + "' overlap");
            }
            before = section;
        }
    }

    private List<ElfSymbol> readSymbols(List<ElfSection> sections) {
        List<ElfSection> tables = sections.stream().filter(section -> section.type() == ElfSection.SYMTAB).toList();
        if (tables.isEmpty()) {
            throw malformed(0, "no symbol table: was the object stripped?");
        }
        if (tables.size() > 1) {
            throw malformed(tables.get(1).offset(), "more than one symbol table");
        }
        ElfSection table = tables.getFirst();
        if (table.entrySize() != SYMBOL_SIZE || table.size() % SYMBOL_SIZE != 0 || table.size() == 0) {
            throw malformed(table.offset(), "symbols of " + table.entrySize() + " bytes in " + table.size());
        }
        if (table.link() >= sections.size() || sections.get(table.link()).type() != ElfSection.STRTAB) {
            throw malformed(table.offset(), "section " + table.link() + " is no table of symbol names");
        }
        ElfSection names = sections.get(table.link());
        List<ElfSymbol> symbols = new ArrayList<>();
        for (int i = 0; i < table.size() / SYMBOL_SIZE; i++) {
            symbols.add(symbol(i, table.offset() + i * SYMBOL_SIZE, names, sections.size()));
        }
        return symbols;
    }

    private ElfSymbol symbol(int index, int place, ElfSection names, int sectionCount) {
        String symbolName = string(names.offset(), names.size(), in.getInt(place), place);
        int info = bytes[place + 4] & 0xff;
        int section = in.getChar(place + 6);
        if (section == INDEX_ELSEWHERE) {
            throw malformed(place + 6, "symbol " + index + ": extended section indices are not supported");
        }
        if (section < ElfSymbol.RESERVED && section >= sectionCount) {
            throw malformed(place + 6, "symbol " + index + " '" + symbolName + "': there is no section " + section);
        }
        return new ElfSymbol(index, symbolName, info & 0xf, info >>> 4, bytes[place + 5], section,
                in.getLong(place + 8), in.getLong(place + 16));
    }

    /** The string at an offset of a string table; the one who refers to it stands at {@code place}. */
    private String string(long table, long size, int offset, int place) {
        long start = table + Integer.toUnsignedLong(offset);
        if (Integer.toUnsignedLong(offset) >= size) {
            throw malformed(place,
                    "name offset " + Integer.toUnsignedString(offset) + " is outside of the string table");
        }
        int end = (int) start;
        while (bytes[end] != 0) {
            end++;
            if (end == table + size) {
                throw malformed(start, "a name without an end");
            }
            if (end - start > MAX_NAME) {
                throw malformed(start, "a name of more than " + MAX_NAME + " bytes");
            }
        }
        nameBytes += end - start;
        if (nameBytes > MAX_NAME + 4L * bytes.length) {
            throw malformed(start, "the names overlap: together they are longer than four times the file");
        }
        return new String(bytes, (int) start, end - (int) start, StandardCharsets.UTF_8);
    }
}
