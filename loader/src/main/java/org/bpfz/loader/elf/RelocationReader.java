package org.bpfz.loader.elf;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Reads one table of relocations (gABI, "Relocation"). */
final class RelocationReader {
    private static final int ENTRY_SIZE = 16;

    private final ElfFile file;
    private final ByteBuffer in;
    private final ElfSection section;

    RelocationReader(ElfFile file, byte[] bytes, ElfSection section) {
        this.file = file;
        this.section = section;
        in = ByteBuffer.wrap(bytes).order(file.order());
    }

    List<ElfRelocation> read() {
        if (section.entrySize() != ENTRY_SIZE || section.size() % ENTRY_SIZE != 0) {
            throw malformed(section.offset(), "entries of " + section.entrySize() + " bytes in " + section.size());
        }
        boolean linked = section.link() < file.sections().size()
                && file.sections().get(section.link()).type() == ElfSection.SYMTAB;
        if (!linked) {
            throw malformed(section.offset(), "section " + section.link() + " is no symbol table");
        }
        if (section.info() == 0 || section.info() >= file.sections().size()) {
            throw malformed(section.offset(), "there is no section " + section.info() + " to relocate");
        }
        long targetSize = file.sections().get(section.info()).size();
        List<ElfRelocation> relocations = new ArrayList<>();
        for (int place = section.offset(); place < section.offset() + section.size(); place += ENTRY_SIZE) {
            long offset = in.getLong(place);
            long info = in.getLong(place + 8);
            if (offset < 0 || offset >= targetSize) {
                throw malformed(place, "offset " + Long.toUnsignedString(offset) + " is outside of the section");
            }
            long symbol = info >>> 32;
            if (symbol >= file.symbols().size()) {
                throw malformed(place, "there is no symbol " + symbol);
            }
            relocations.add(new ElfRelocation(place, offset, file.symbols().get((int) symbol), (int) info));
        }
        return relocations;
    }

    private MalformedElf malformed(int offset, String reason) {
        return file.malformed(offset, "relocations '" + section.name() + "': " + reason);
    }
}
