package org.bpfz.loader;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.bpfz.loader.elf.ElfFile;
import org.bpfz.loader.elf.ElfSection;

/** Damages objects: blindly (bits, lengths, blocks), and where it hurts (fields of headers, symbols, relocations, types, code). */
final class Mutations {
    private static final long[] VALUES = {0, 1, 2, 3, 7, 8, 16, 24, 63, 64, 0xff, 0xffff, 0xff00, 0x7fffffff,
        0x80000000L,
        0xffffffffL, 0xfffffff8L, Long.MAX_VALUE, Long.MIN_VALUE, -1, -8};
    private static final int HEADER = 64;

    private final Random random;

    Mutations(Random random) {
        this.random = random;
    }

    /** A damaged copy of a well-formed object, damaged once or a few times. */
    byte[] of(byte[] original) {
        byte[] bytes = original.clone();
        ElfFile file = ElfFile.read("original", original);
        int times = 1 + random.nextInt(3);
        for (int i = 0; i < times; i++) {
            bytes = once(bytes, file);
        }
        return bytes;
    }

    private byte[] once(byte[] bytes, ElfFile file) {
        switch (random.nextInt(12)) {
            case 0 -> flipBits(bytes, 0, bytes.length);
            case 1 -> {
                return Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
            }
            case 2 -> copyBlock(bytes);
            case 3 -> number(bytes, random.nextInt(HEADER));
            case 4 -> number(bytes, (int) header(file) + random.nextInt(HEADER * file.sections().size()));
            case 5, 6 -> entry(bytes, file, ElfSection.SYMTAB, 24);
            case 7, 8 -> entry(bytes, file, ElfSection.REL, 16);
            case 9 -> word(bytes, file, ".BTF");
            case 10 -> word(bytes, file, ".BTF.ext");
            default -> flipBits(bytes, file);
        }
        return bytes;
    }

    private static long header(ElfFile file) {
        // Section headers come last in what clang makes; the place does not matter much where they do not.
        return file.sections().stream().filter(section -> section.type() != ElfSection.NOBITS)
                .mapToLong(section -> section.offset() + section.size()).max().orElse(0) + 7 & ~7L;
    }

    private void flipBits(byte[] bytes, int from, int to) {
        for (int i = random.nextInt(8); i >= 0 && to > from && bytes.length > 0; i--) {
            bytes[Math.min(from + random.nextInt(to - from), bytes.length - 1)] ^= (byte) (1 << random.nextInt(8));
        }
    }

    private void flipBits(byte[] bytes, ElfFile file) {
        ElfSection section = any(file.sections());
        if (section.type() != ElfSection.NOBITS) {
            flipBits(bytes, section.offset(), (int) (section.offset() + section.size()));
        }
    }

    private void copyBlock(byte[] bytes) {
        if (bytes.length > 0) {
            int length = random.nextInt(Math.min(64, bytes.length));
            System.arraycopy(bytes, random.nextInt(bytes.length - length), bytes,
                    random.nextInt(bytes.length - length), length);
        }
    }

    /** Writes an odd number of 1 to 8 bytes at a place, or adds one to what stands there. */
    private void number(byte[] bytes, int place) {
        int size = 1 << random.nextInt(4);
        if (place < 0 || place + size > bytes.length) {
            return;
        }
        ByteBuffer out = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        out.put(0, bytes, place, size);
        long old = out.getLong(0);
        long value = random.nextBoolean() ? VALUES[random.nextInt(VALUES.length)] : old + random.nextInt(17) - 8;
        out.putLong(0, value);
        out.get(0, bytes, place, size);
    }

    private void entry(byte[] bytes, ElfFile file, int type, int size) {
        List<ElfSection> tables = file.sections().stream().filter(section -> section.type() == type).toList();
        if (!tables.isEmpty()) {
            ElfSection table = any(tables);
            int entry = random.nextInt((int) (table.size() / size));
            number(bytes, table.offset() + entry * size + random.nextInt(size));
        }
    }

    private void word(byte[] bytes, ElfFile file, String name) {
        file.section(name).ifPresent(section -> {
            int word = random.nextInt((int) section.size() / 4);
            number(bytes, section.offset() + 4 * word);
        });
    }

    private <T> T any(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }
}
