package org.bpfz.loader.elf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What is read of an ELF file, and what is refused of it, where. */
class ElfFileTest {
    private static final int FUNC = 2;
    private static final int GLOBAL = 1 << 4;
    private static final int STRTAB = 1;
    private static final int CODE = 2;
    private static final int SYMTAB = 4;
    private static final int REL = 5;

    /** Sections: names, code, zeros, symbols, relocations of the code. */
    private static byte[] object(ByteOrder order) {
        ElfBytes elf = new ElfBytes(order);
        elf.section("socket", ElfSection.PROGBITS, 6, new byte[]{1, 2, 3, 4, 5, 6, 7, 8}, 0, 0, 0);
        elf.zeros(".bss", 1L << 30);
        int symbols = elf.symbols(new long[]{elf.name("main"), GLOBAL | FUNC, CODE, 0, 8},
                new long[]{elf.name("outside"), GLOBAL, 0, 0, 0});
        elf.relocations(CODE, symbols, new long[]{0, 2, ElfRelocation.CALL});
        return elf.bytes();
    }

    @Test
    void readsSectionsSymbolsAndRelocationsOfBothByteOrders() {
        for (ByteOrder order : List.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN)) {
            ElfFile file = ElfFile.read("a.o", object(order));
            assertEquals(order, file.order());
            assertEquals(List.of("", ".strtab", "socket", ".bss", ".symtab", ".rel"),
                    file.sections().stream().map(ElfSection::name).toList());
            ElfSection code = file.section("socket").orElseThrow();
            assertTrue(code.isExecutable());
            assertArrayEquals(new byte[]{1, 2, 3, 4, 5, 6, 7, 8}, file.contents(code));
            ElfSection bss = file.section(".bss").orElseThrow();
            assertEquals(1L << 30, bss.size());
            assertEquals(0, file.contents(bss).length, "zeros take no room");
            ElfSymbol main = file.symbols().get(1);
            assertEquals(new ElfSymbol(1, "main", FUNC, 1, 0, CODE, 0, 8), main);
            assertTrue(main.isFunction() && main.isGlobal() && !main.isExtern());
            assertTrue(file.symbols().get(2).isExtern());
            ElfRelocation relocation = file.relocations(file.sections().get(REL)).getFirst();
            assertEquals("outside", relocation.symbol().name());
            assertEquals(0, relocation.offset());
            assertEquals(ElfRelocation.CALL, relocation.type());
        }
    }

    private static MalformedElf refused(Consumer<ByteBuffer> damage) {
        byte[] bytes = object(ByteOrder.LITTLE_ENDIAN);
        damage.accept(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN));
        return assertThrows(MalformedElf.class, () -> {
            ElfFile file = ElfFile.read("a.o", bytes);
            file.sections().forEach(file::contents);
            file.relocations(file.sections().get(REL));
        });
    }

    private static void refuses(String reason, long offset, Consumer<ByteBuffer> damage) {
        MalformedElf error = refused(damage);
        assertTrue(error.reason().contains(reason), error.getMessage());
        assertEquals(offset, error.offset(), error.getMessage());
        assertEquals("a.o: byte " + offset + ": " + error.reason(), error.getMessage());
        assertEquals("a.o", error.file());
    }

    /** The place of a field in the header of a section. */
    private static int header(int section, int field) {
        return ElfBytes.headerOf(object(ByteOrder.LITTLE_ENDIAN), section) + field;
    }

    private static int contents(int section) {
        return (int) ByteBuffer.wrap(object(ByteOrder.LITTLE_ENDIAN)).order(ByteOrder.LITTLE_ENDIAN)
                .getLong(header(section, 24));
    }

    @Test
    void refusesWhatIsNoObjectForBpf() {
        refuses("magic number", 0, b -> b.put(1, (byte) 'e'));
        refuses("64-bit", 4, b -> b.put(4, (byte) 1));
        refuses("byte order 0", 5, b -> b.put(5, (byte) 0));
        refuses("version", 6, b -> b.put(6, (byte) 2));
        refuses("type 2", 16, b -> b.putShort(16, (short) 2));
        refuses("machine 62", 18, b -> b.putShort(18, (short) 62));
        refuses("header of 52", 52, b -> b.putShort(52, (short) 52));
        assertThrows(MalformedElf.class, () -> ElfFile.read("a.o", new byte[0]));
        assertThrows(MalformedElf.class, () -> ElfFile.read("a.o", new byte[63]));
    }

    @Test
    void refusesSectionHeadersThatDoNotFit() {
        refuses("no sections", 40, b -> b.putLong(40, 0));
        refuses("outside of the file", 40, b -> b.putLong(40, b.capacity() - 63));
        refuses("outside of the file", 40, b -> b.putLong(40, -64));
        refuses("headers of 40", 58, b -> b.putShort(58, (short) 40));
        refuses("65534 section headers run past", 60, b -> b.putShort(60, (short) 0xfffe));
        refuses("0 section headers", 60, b -> b.putShort(60, (short) 0));
        refuses("names of sections", 62, b -> b.putShort(62, (short) 9));
        refuses("no string table", header(CODE, 0), b -> b.putShort(62, (short) CODE));
        refuses("not the null section", header(0, 0), b -> b.putInt(header(0, 4), 1));
    }

    @Test
    void takesCountsThatStandInTheNullSection() {
        byte[] bytes = object(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer out = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        out.putShort(60, (short) 0).putLong(header(0, 32), 6).putShort(62, (short) 0xffff).putInt(header(0, 40),
                STRTAB);
        assertEquals(6, ElfFile.read("a.o", bytes).sections().size());
    }

    @Test
    void refusesSectionsThatAreOutsideOrOverlap() {
        refuses("outside of the file", header(CODE, 24), b -> b.putLong(header(CODE, 24), b.capacity() - 7));
        refuses("outside of the file", header(CODE, 24), b -> b.putLong(header(CODE, 24), -8));
        refuses("outside of the file", header(CODE, 24), b -> b.putLong(header(CODE, 32), Integer.MAX_VALUE));
        refuses("can have", header(CODE, 32), b -> b.putLong(header(CODE, 32), 1L << 31));
        refuses("can have", header(CODE, 32), b -> b.putLong(header(CODE, 32), -1));
        refuses("overlaps the headers", 0, b -> b.putLong(header(CODE, 24), 0));
        refuses("overlaps the headers", contents(REL), b -> b.putLong(header(REL, 32), 32));
        refuses("overlap", contents(STRTAB) + 8, b -> b.putLong(header(CODE, 24), contents(STRTAB) + 8));
        refuses("no index", header(CODE, 40), b -> b.putInt(header(CODE, 44), -1));
    }

    @Test
    void refusesNamesThatAreNone() {
        refuses("name offset 4294967295", header(CODE, 0), b -> b.putInt(header(CODE, 0), -1));
        refuses("name offset 99", contents(SYMTAB) + 24, b -> b.putInt(contents(SYMTAB) + 24, 99));
        // The last name of the table is that of the table itself.
        String last = ".strtab";
        int nameOfNames = ByteBuffer.wrap(object(ByteOrder.LITTLE_ENDIAN)).order(ByteOrder.LITTLE_ENDIAN)
                .getInt(header(STRTAB, 0));
        int place = contents(STRTAB) + nameOfNames;
        refuses("without an end", place, b -> b.put(place + last.length(), (byte) 'x'));
    }

    @Test
    void refusesSymbolTablesThatDoNotFit() {
        refuses("no symbol table", 0, b -> b.putInt(header(SYMTAB, 4), ElfSection.PROGBITS));
        refuses("more than one", contents(SYMTAB), b -> b.putInt(header(CODE, 4), ElfSection.SYMTAB));
        refuses("symbols of 16 bytes", contents(SYMTAB), b -> b.putLong(header(SYMTAB, 56), 16));
        refuses("symbols of 24 bytes in 71", contents(SYMTAB), b -> b.putLong(header(SYMTAB, 32), 71));
        refuses("no table of symbol names", contents(SYMTAB), b -> b.putInt(header(SYMTAB, 40), CODE));
        refuses("no table of symbol names", contents(SYMTAB), b -> b.putInt(header(SYMTAB, 40), 77));
        refuses("no section 6", contents(SYMTAB) + 30, b -> b.putShort(contents(SYMTAB) + 30, (short) 6));
        refuses("extended", contents(SYMTAB) + 30, b -> b.putShort(contents(SYMTAB) + 30, (short) 0xffff));
        byte[] absolute = object(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer.wrap(absolute).order(ByteOrder.LITTLE_ENDIAN).putShort(contents(SYMTAB) + 30, (short) 0xfff1);
        assertFalse(ElfFile.read("a.o", absolute).symbols().get(1).isExtern());
    }

    @Test
    void refusesRelocationsThatDoNotFit() {
        refuses("entries of 24", contents(REL), b -> b.putLong(header(REL, 56), 24));
        refuses("in 15", contents(REL), b -> b.putLong(header(REL, 32), 15));
        refuses("no symbol table", contents(REL), b -> b.putInt(header(REL, 40), CODE));
        refuses("no section 7", contents(REL), b -> b.putInt(header(REL, 44), 7));
        refuses("no section 0", contents(REL), b -> b.putInt(header(REL, 44), 0));
        refuses("offset 8 is outside", contents(REL), b -> b.putLong(contents(REL), 8));
        refuses("offset 18446744073709551615 is", contents(REL), b -> b.putLong(contents(REL), -1));
        refuses("no symbol 3", contents(REL), b -> b.putInt(contents(REL) + 12, 3));
    }
}
