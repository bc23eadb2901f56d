package org.bpfz.loader.elf;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.bpfz.spec.Bytes;

/**
 * Writes a small ELF64 object, right or wrong, for tests: header, then the contents of each section, then the section headers. Section
 * 1 holds the names of sections and symbols.
 */
public final class ElfBytes {
    static final int HEADER = 64;

    private record Part(int nameOffset, int type, long flags, Bytes contents, long size, int link, int info,
            long entrySize) {}

    private final ByteOrder order;
    private final ByteArrayOutputStream names = new ByteArrayOutputStream();
    private final List<Part> parts = new ArrayList<>();

    public ElfBytes(ByteOrder order) {
        this.order = order;
        names.write(0);
    }

    public int name(String text) {
        int offset = names.size();
        names.writeBytes(text.getBytes(StandardCharsets.UTF_8));
        names.write(0);
        return offset;
    }

    /** Adds a section and returns its index. */
    public int section(String name, int type, long flags, byte[] contents, int link, int info, long entrySize) {
        parts.add(new Part(name(name), type, flags, Bytes.of(contents), contents.length, link, info, entrySize));
        return parts.size() + 1;
    }

    /** Adds a section of zeros that the file does not hold. */
    public int zeros(String name, long size) {
        parts.add(new Part(name(name), ElfSection.NOBITS, 3, Bytes.of(), size, 0, 0, 0));
        return parts.size() + 1;
    }

    /** Adds a symbol table; each symbol is name offset, info, section, value, size. */
    public int symbols(long[]... symbols) {
        ByteBuffer out = ByteBuffer.allocate(24 * (symbols.length + 1)).order(order);
        out.position(24);
        for (long[] symbol : symbols) {
            out.putInt((int) symbol[0]).put((byte) symbol[1]).put((byte) 0).putShort((short) symbol[2]);
            out.putLong(symbol[3]).putLong(symbol[4]);
        }
        return section(".symtab", ElfSection.SYMTAB, 0, copy(out), 1, 1, 24);
    }

    /** Adds relocations of a section; each is offset, symbol, type. */
    public int relocations(int target, int symbolTable, long[]... relocations) {
        ByteBuffer out = ByteBuffer.allocate(16 * relocations.length).order(order);
        for (long[] relocation : relocations) {
            out.putLong(relocation[0]).putLong(relocation[1] << 32 | relocation[2]);
        }
        return section(".rel", ElfSection.REL, 0, copy(out), symbolTable, target, 16);
    }

    /** The offset of the header of a section in a file of which the rest is the given size. */
    static int headerOf(byte[] file, int section) {
        ByteBuffer in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        return (int) in.getLong(40) + HEADER * section;
    }

    static byte[] copy(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.capacity()];
        buffer.get(0, bytes);
        return bytes;
    }

    public byte[] bytes() {
        List<Part> all = new ArrayList<>();
        all.add(new Part(name(".strtab"), ElfSection.STRTAB, 0, Bytes.of(names.toByteArray()), names.size(), 0, 0, 0));
        all.addAll(parts);
        int size = HEADER;
        for (Part part : all) {
            size += (part.contents().length() + 7) & ~7;
        }
        int table = size;
        ByteBuffer out = ByteBuffer.allocate(table + HEADER * (all.size() + 1)).order(order);
        out.put(new byte[]{0x7f, 'E', 'L', 'F', 2, (byte) (order == ByteOrder.LITTLE_ENDIAN ? 1 : 2), 1});
        out.position(16).putShort((short) 1).putShort((short) 247).putInt(1).putLong(0).putLong(0).putLong(table);
        out.putInt(0).putShort((short) HEADER).putShort((short) 0).putShort((short) 0).putShort((short) HEADER);
        out.putShort((short) (all.size() + 1)).putShort((short) 1);
        int offset = HEADER;
        int header = table + HEADER;
        for (Part part : all) {
            out.put(offset, part.contents().toArray());
            out.putInt(header, part.nameOffset()).putInt(header + 4, part.type()).putLong(header + 8, part.flags());
            out.putLong(header + 24, offset).putLong(header + 32, part.size());
            out.putInt(header + 40, part.link()).putInt(header + 44, part.info()).putLong(header + 56,
                    part.entrySize());
            offset += (part.contents().length() + 7) & ~7;
            header += HEADER;
        }
        return copy(out);
    }
}
