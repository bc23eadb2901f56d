package org.bpfz.loader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.bpfz.loader.elf.BadObject;
import org.bpfz.loader.elf.ElfBytes;
import org.bpfz.loader.elf.ElfRelocation;
import org.bpfz.loader.elf.ElfSection;
import org.bpfz.spec.isa.RawInstruction;
import org.bpfz.spec.isa.Slots;
import org.bpfz.spec.program.ProgramImage;
import org.bpfz.spec.program.ProgramType;
import org.junit.jupiter.api.Test;

/** Objects that are well-formed ELF files and can not be linked, written section by section, and what is said of them. */
class MalformedObjectTest {
    private static final long CODE_FLAGS = 6;
    private static final long DATA_FLAGS = 3;
    private static final int LOCAL_FUNC = 2;
    private static final int FUNC = 1 << 4 | 2;
    private static final int OBJECT = 1 << 4 | 1;
    private static final int EXTERN = 1 << 4;
    private static final int SECTION = 3;

    private static final RawInstruction ZERO = new RawInstruction(0xb7, 0, 0, (short) 0, 0);
    private static final RawInstruction EXIT = new RawInstruction(0x95, 0, 0, (short) 0, 0);
    private static final RawInstruction CALL = new RawInstruction(0x85, 0, 1, (short) 0, -1);
    private static final RawInstruction LDDW = new RawInstruction(0x18, 1, 0, (short) 0, 0);
    private static final RawInstruction UPPER = new RawInstruction(0, 0, 0, (short) 0, 0);

    private final ElfBytes elf = new ElfBytes(ByteOrder.LITTLE_ENDIAN);

    private int code(String section, RawInstruction... slots) {
        return elf.section(section, ElfSection.PROGBITS, CODE_FLAGS,
                Slots.toBytes(List.of(slots), ByteOrder.LITTLE_ENDIAN), 0, 0, 0);
    }

    private int data(String section, int... words) {
        ByteBuffer out = ByteBuffer.allocate(4 * words.length).order(ByteOrder.LITTLE_ENDIAN);
        for (int word : words) {
            out.putInt(word);
        }
        byte[] bytes = new byte[out.capacity()];
        out.get(0, bytes);
        return elf.section(section, ElfSection.PROGBITS, DATA_FLAGS, bytes, 0, 0, 0);
    }

    private long[] symbol(String name, int info, int section, long value, long size) {
        return new long[]{elf.name(name), info, section, value, size};
    }

    private BpfObject open() {
        return BpfObject.open("made.o", elf.bytes());
    }

    private void refuses(String reason) {
        BadObject error = assertThrows(BadObject.class, this::open);
        assertTrue(error.getMessage().contains(reason), error.getMessage());
        assertTrue(error.getMessage().startsWith("made.o: "), error.getMessage());
    }

    private void refusesToLink(String reason) {
        BpfObject object = open();
        BadObject error = assertThrows(BadObject.class, () -> object.program("main"));
        assertTrue(error.getMessage().contains(reason), error.getMessage());
    }

    @Test
    void anObjectOfOneProgramNeedsNoMore() {
        int socket = code("socket", ZERO, EXIT);
        elf.symbols(symbol("main", FUNC, socket, 0, 16));
        ProgramImage image = open().program("main");
        assertEquals(List.of(ZERO, EXIT), image.code());
        assertEquals(ProgramType.SOCKET_FILTER, image.type());
        assertEquals("", image.licence());
    }

    @Test
    void functionsAreWholeAndApart() {
        int socket = code("socket", ZERO, EXIT, ZERO, EXIT);
        elf.symbols(symbol("main", FUNC, socket, 0, 16), symbol("other", FUNC, socket, 8, 16));
        refuses("functions 'main' and 'other' overlap");
    }

    @Test
    void functionsHaveInstructions() {
        int socket = code("socket", ZERO, EXIT);
        elf.symbols(symbol("main", FUNC, socket, 0, 0));
        refuses("'main' in section 'socket' is not made of whole instructions: 0 bytes");
    }

    @Test
    void functionsBeginAtInstructions() {
        int socket = code("socket", ZERO, EXIT);
        elf.symbols(symbol("main", FUNC, socket, 4, 8));
        refuses("is not made of whole instructions: 8 bytes at 4");
    }

    @Test
    void functionsEndInTheirSections() {
        int socket = code("socket", ZERO, EXIT);
        elf.symbols(symbol("main", FUNC, socket, 8, 16));
        refuses("crosses the section's end");
    }

    @Test
    void functionsDoNotEndBeforeTheyBegin() {
        int socket = code("socket", ZERO, EXIT);
        elf.symbols(symbol("main", FUNC, socket, 8, -8));
        refuses("crosses the section's end");
    }

    @Test
    void programsAreGlobal() {
        int socket = code("socket", ZERO, EXIT);
        elf.symbols(symbol("main", LOCAL_FUNC, socket, 0, 16));
        refuses("'main' in section 'socket' is static");
    }

    @Test
    void programsMayHaveTwoNames() {
        int socket = code("socket", ZERO, EXIT);
        elf.symbols(symbol("main", FUNC, socket, 0, 16), symbol("alias", FUNC, socket, 0, 16));
        assertEquals(open().program("main").code(), open().program("alias").code());
    }

    @Test
    void programsOfOneSectionHaveDifferentNames() {
        int socket = code("socket", ZERO, EXIT, ZERO, EXIT);
        elf.symbols(symbol("main", FUNC, socket, 0, 16), symbol("main", FUNC, socket, 16, 16));
        refuses("two programs 'main' in section 'socket'");
    }

    @Test
    void typesComeFromSectionsOrFromTheCaller() {
        int section = code("mine", ZERO, EXIT);
        elf.symbols(symbol("main", FUNC, section, 0, 16));
        refusesToLink("the name of section 'mine' says nothing about its type");
        BpfObject object = open();
        assertEquals(ProgramType.XDP, object.program(object.programs().getFirst().as(ProgramType.XDP)).type());
    }

    @Test
    void callsLeadToFunctions() {
        int socket = code("socket", CALL, EXIT);
        code(".text", ZERO, ZERO, EXIT);
        elf.symbols(symbol("main", FUNC, socket, 0, 16), symbol("f", FUNC, socket + 1, 0, 24));
        // A call without a relocation leads from its slot in its section to a slot of .text, as libbpf has it.
        assertEquals(5, open().program("main").code().size());
        BadObject error = assertThrows(BadObject.class, () -> callOf(1));
        assertTrue(error.getMessage().contains("'main' calls what is no function of section '.text'"),
                error.getMessage());
    }

    /** A call of what is some slots behind the start of a function of three slots. */
    private static ProgramImage callOf(int imm) {
        MalformedObjectTest test = new MalformedObjectTest();
        int socket = test.code("socket", new RawInstruction(0x85, 0, 1, (short) 0, imm), EXIT);
        int text = test.code(".text", ZERO, ZERO, EXIT);
        int symbols = test.elf.symbols(test.symbol("main", FUNC, socket, 0, 16),
                test.symbol("f", FUNC, text, 0, 24));
        test.elf.relocations(socket, symbols, new long[]{0, 2, ElfRelocation.CALL});
        return test.open().program("main");
    }

    @Test
    void aGlobalFunctionIsCalledByMinusOne() {
        ProgramImage image = callOf(-1);
        assertEquals(1, image.code().get(0).imm(), "behind the program's two slots");
        assertThrows(BadObject.class, () -> callOf(0));
        assertThrows(BadObject.class, () -> callOf(Integer.MIN_VALUE));
        assertThrows(BadObject.class, () -> callOf(Integer.MAX_VALUE));
    }

    private void relocated(RawInstruction first, RawInstruction second, long[]... relocations) {
        int socket = code("socket", first, second, EXIT);
        int data = data(".data", 1, 2);
        int maps = data("maps", 2, 4, 8, 1, 0);
        int symbols = elf.symbols(symbol("main", FUNC, socket, 0, 24), symbol("variable", OBJECT, data, 4, 4),
                symbol("map", OBJECT, maps, 0, 20), symbol("extern", EXTERN, 0, 0, 0),
                symbol("common", OBJECT, 0xfff2, 0, 4), symbol("", SECTION, maps, 4, 0));
        elf.relocations(socket, symbols, relocations);
    }

    @Test
    void loadsReferToMapsAndData() {
        relocated(LDDW, UPPER, new long[]{0, 2, ElfRelocation.LDDW});
        List<RawInstruction> code = open().program("main").code();
        assertEquals(new RawInstruction(0x18, 1, 6, (short) 0, 1), code.get(0), "map 0 is the legacy one");
        assertEquals(4, code.get(1).imm());
    }

    @Test
    void loadsAreWholeInTheirFunctions() {
        int socket = code("socket", LDDW, UPPER, EXIT);
        int data = data(".data", 1, 2);
        int symbols = elf.symbols(symbol("main", FUNC, socket, 0, 8), symbol("variable", OBJECT, data, 4, 4));
        elf.relocations(socket, symbols, new long[]{0, 2, ElfRelocation.LDDW});
        refuses("relocation type 1 for opcode 0x18");
    }

    @Test
    void onlyLoadsAndCallsAreRelocated() {
        relocated(ZERO, ZERO, new long[]{0, 2, ElfRelocation.LDDW});
        refuses("relocation against 'variable': relocation type 1 for opcode 0xb7");
    }

    @Test
    void relocationsFitTheirInstructions() {
        relocated(LDDW, UPPER, new long[]{0, 2, ElfRelocation.ABS64});
        refuses("relocation type 2 for opcode 0x18");
    }

    @Test
    void relocationsAreAtInstructions() {
        relocated(LDDW, UPPER, new long[]{4, 2, ElfRelocation.LDDW});
        refuses("section 'socket': no instruction at 4");
    }

    @Test
    void instructionsAreRelocatedOnce() {
        relocated(LDDW, UPPER, new long[]{0, 2, ElfRelocation.LDDW}, new long[]{0, 3, ElfRelocation.LDDW});
        refuses("has two relocations");
    }

    @Test
    void variablesAreInSections() {
        relocated(LDDW, UPPER, new long[]{0, 5, ElfRelocation.LDDW});
        refuses("against 'common': the symbol is in no section");
    }

    @Test
    void mapsAreReferredToByTheirStart() {
        relocated(LDDW, UPPER, new long[]{0, 6, ElfRelocation.LDDW});
        refuses("there is no map at 4 of section 'maps'");
    }

    @Test
    void dataIsNotCalled() {
        relocated(CALL, ZERO, new long[]{0, 2, ElfRelocation.CALL});
        refuses("a call of what is not in section '.text'");
    }

    @Test
    void externsAreNamed() {
        relocated(CALL, ZERO, new long[]{0, 4, ElfRelocation.CALL});
        refusesToLink("uses the extern 'extern': its type is not known");
    }

    private void legacy(int symbols, int... words) {
        int maps = data("maps", words);
        long[][] table = new long[symbols][];
        for (int i = 0; i < symbols; i++) {
            table[i] = symbol("map" + i, OBJECT, maps, 4L * words.length / symbols * i, 20);
        }
        elf.symbols(table);
    }

    @Test
    void unknownOptionsOfOldDefinitionsAreZero() {
        legacy(1, 2, 4, 8, 1, 0, 0, 7);
        refuses("map 'map0' has an option that is not known and not zero");
    }

    @Test
    void oldDefinitionsMayBeShort() {
        legacy(2, 1, 4, 8, 3, 2, 4, 4, 9);
        assertEquals(List.of(3, 9), open().maps().stream().map(map -> map.spec().maxEntries()).toList());
    }

    @Test
    void oldDefinitionsAreOfOneSize() {
        legacy(3, 1, 4, 8, 3, 0);
        refuses("3 definitions in 20 bytes");
    }

    /** A linker that has chosen one of two definitions of a name leaves the other's bytes. */
    @Test
    void oldDefinitionsThatHaveLostAreNoMaps() {
        int maps = data("maps", 1, 4, 4, 1, 1, 1, 4, 4, 23, 1, 2, 4, 8, 5, 0);
        elf.symbols(symbol("first", OBJECT, maps, 0, 20), symbol("last", OBJECT, maps, 40, 20));
        assertEquals(List.of(1, 5), open().maps().stream().map(map -> map.spec().maxEntries()).toList());
    }

    @Test
    void oldDefinitionsAreOfKnownTypes() {
        legacy(1, 99, 4, 8, 1, 0);
        refuses("map 'map0' is of unknown type 99");
    }

    @Test
    void mapsNeedTypes() {
        data(".maps", 0, 0);
        elf.symbols();
        refuses("no BTF that describes them");
    }

    @Test
    void theVersionIsANumber() {
        data("version", 1, 2);
        elf.symbols();
        refuses("section 'version' has 8 bytes and not 4");
    }

    @Test
    void whatHoldsForTheObjectIsThereOnce() {
        data("license", 'G' | 'P' << 8 | 'L' << 16);
        data("license", 'G' | 'P' << 8 | 'L' << 16);
        elf.symbols();
        refuses("more than one section 'license'");
    }

    @Test
    void sectionsOfDataFitAMap() {
        elf.zeros(".bss", 1L << 31);
        elf.symbols();
        refuses("more than a section of a BPF object can have");
    }
}
