package org.bpfz.loader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.bpfz.loader.elf.BadObject;
import org.bpfz.spec.btf.Btf;
import org.bpfz.spec.btf.BtfType;
import org.bpfz.spec.btf.FuncInfo;
import org.bpfz.spec.btf.Linkage;
import org.bpfz.spec.btf.LineInfo;
import org.bpfz.spec.btf.ProgramBtf;
import org.bpfz.spec.isa.RawInstruction;
import org.bpfz.spec.program.AttachType;
import org.bpfz.spec.program.MapFlag;
import org.bpfz.spec.program.MapSpec;
import org.bpfz.spec.program.MapType;
import org.bpfz.spec.program.ProgramImage;
import org.bpfz.spec.program.ProgramType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What an object holds and how its programs are linked, on objects that clang made of src/test/objects. */
class BpfObjectTest {
    private static final int MAP_IDX_VALUE = 6;
    private static final int FUNC = 4;

    private static ProgramBtf types(ProgramImage image) {
        @Nullable
        ProgramBtf btf = image.btf();
        assertNotNull(btf);
        return btf;
    }

    private static List<String> functionNames(ProgramImage image) {
        return types(image).functions().stream().map(info -> types(image).btf().type(info.typeId()).name()).toList();
    }

    private static MapDefinition map(BpfObject object, String name) {
        return object.maps().stream().filter(map -> map.spec().name().equals(name)).findFirst().orElseThrow();
    }

    @Test
    void programsAreNamedByTheirSections() throws IOException {
        List<BpfProgram> programs = TestObjects.open("linking").programs();
        assertEquals(List.of("first", "second", "third", "not_loaded"),
                programs.stream().map(BpfProgram::name).toList());
        assertEquals(
                new BpfProgram("third", "raw_tp/sys_enter", ProgramType.RAW_TRACEPOINT, null, "sys_enter", false, true),
                programs.get(2));
        assertEquals(new BpfProgram("not_loaded", "xdp", ProgramType.XDP, AttachType.XDP, null, false, false),
                programs.get(3));
    }

    @Test
    void compressorProgramsAreForTheirHooks() throws IOException {
        BpfObject object = BpfObject.open(TestObjects.example("lzo"));
        ProgramImage verify = object.program("lzo_verify");
        assertEquals(ProgramType.COMPRESSOR, verify.type());
        assertEquals(AttachType.COMPRESSOR, verify.attachType());
        assertEquals("bpf_compressor_verify", verify.attachTarget());
        assertEquals("bpf_compressor_decide", object.program("lzo_decide").attachTarget());
        assertEquals("GPL", verify.licence());
        assertEquals(
                List.of(new RawInstruction(0x85, 0, 0, (short) 0, 213), new RawInstruction(0x95, 0, 0, (short) 0, 0)),
                verify.code());
    }

    @Test
    void calledFunctionsAreAppendedInTheOrderOfTheCalls() throws IOException {
        BpfObject object = TestObjects.open("linking");
        // first calls hidden, which calls twice_plus_one, which calls twice; then hidden calls twice.
        ProgramImage first = object.program("first");
        assertEquals(List.of("first", "hidden", "twice_plus_one", "twice"), functionNames(first));
        assertEquals(List.of(0, 3, 11, 14), types(first).functions().stream().map(FuncInfo::slot).toList());
        assertEquals(22, first.code().size());
        assertEquals(1, first.code().get(1).imm(), "from slot 1 to slot 3");
        // second takes step's address, which calls twice, before it calls twice_plus_one.
        assertEquals(List.of("second", "step", "twice", "twice_plus_one"), functionNames(object.program("second")));
        assertEquals(List.of("third"), functionNames(object.program("third")));
    }

    @Test
    void everyCallLeadsToAFunction() throws IOException {
        BpfObject object = TestObjects.open("linking");
        for (BpfProgram program : object.programs()) {
            ProgramImage image = object.program(program);
            List<Integer> starts = types(image).functions().stream().map(FuncInfo::slot).toList();
            for (int slot = 0; slot < image.code().size(); slot++) {
                RawInstruction instruction = image.code().get(slot);
                boolean call = instruction.opcode() == 0x85 && instruction.src() == 1;
                boolean address = instruction.opcode() == 0x18 && instruction.src() == FUNC;
                if (call || address) {
                    assertTrue(starts.contains(slot + 1 + instruction.imm()), image.name() + " slot " + slot);
                }
            }
        }
    }

    @Test
    void sourceLinesFollowTheirFunctions() throws IOException {
        ProgramImage first = TestObjects.open("linking").program("first");
        List<LineInfo> lines = types(first).lines();
        assertEquals(new LineInfo(0, "./linking.bpf.c", "\treturn hidden(3);", 30, 9),
                lines.getFirst());
        LineInfo inTwice = lines.stream().filter(line -> line.slot() >= 14).findFirst().orElseThrow();
        assertTrue(inTwice.text().contains("twice(int x)"), inTwice.text());
        for (int i = 1; i < lines.size(); i++) {
            assertTrue(lines.get(i - 1).slot() < lines.get(i).slot());
        }
    }

    @Test
    void hiddenFunctionsBecomeStatic() throws IOException {
        Btf btf = TestObjects.open("linking").btf().orElseThrow();
        assertEquals(Linkage.STATIC, function(btf, "hidden").linkage());
        assertEquals(Linkage.STATIC, function(btf, "twice").linkage());
        assertEquals(Linkage.GLOBAL, function(btf, "twice_plus_one").linkage());
    }

    private static BtfType.Func function(Btf btf, String name) {
        return (BtfType.Func) btf.type(btf.find(BtfType.Func.class, name).orElseThrow());
    }

    @Test
    void exceptionCallbacksAreAppended() throws IOException {
        assertEquals(List.of("program", "callback", "helper"),
                functionNames(TestObjects.open("exception").program("program")));
    }

    @Test
    void sectionsOfDataAreArrays() throws IOException {
        BpfObject object = TestObjects.open("data");
        assertEquals(List.of("data.rodata", "data.data", ".data.custom", ".rodata.custom", ".data.quiet", "data.bss"),
                object.maps().stream().map(map -> map.spec().name()).toList());
        MapSpec rodata = map(object, "data.rodata").spec();
        assertEquals(MapType.ARRAY, rodata.type());
        assertEquals(4, rodata.keySize());
        assertEquals(1, rodata.maxEntries());
        assertTrue(rodata.frozen());
        assertTrue(rodata.has(MapFlag.RDONLY_PROG) && rodata.has(MapFlag.MMAPABLE));
        MapSpec data = map(object, "data.data").spec();
        assertNotNull(data.initial());
        assertEquals(24, data.valueSize());
        assertEquals(1, data.initial().at(0));
        assertFalse(data.frozen());
        MapSpec bss = map(object, "data.bss").spec();
        assertNull(bss.initial(), "zeros are not kept");
        assertTrue(bss.has(MapFlag.MMAPABLE));
        assertFalse(map(object, ".data.quiet").spec().has(MapFlag.MMAPABLE), "only static variables");
        assertEquals("Dual BSD/GPL", object.licence());
    }

    @Test
    void sectionsOfDataHaveTheirTypes() throws IOException {
        BpfObject object = TestObjects.open("data");
        Btf btf = object.btf().orElseThrow();
        for (MapDefinition map : object.maps()) {
            BtfType.DataSec section = (BtfType.DataSec) btf.type(map.spec().btfValueTypeId());
            assertEquals(map.spec().valueSize(), section.size(), section.name());
        }
    }

    @Test
    void variablesAreFoundInTheirMaps() throws IOException {
        BpfObject object = TestObjects.open("data");
        List<RawInstruction> code = object.program("sum").code();
        Btf btf = object.btf().orElseThrow();
        // The value of every variable that the program refers to starts where its type says.
        int references = 0;
        for (int slot = 0; slot < code.size(); slot++) {
            if (code.get(slot).opcode() == 0x18) {
                assertEquals(MAP_IDX_VALUE, code.get(slot).src());
                MapSpec map = object.maps().get(code.get(slot).imm()).spec();
                int offset = code.get(slot + 1).imm();
                BtfType.DataSec section = (BtfType.DataSec) btf.type(map.btfValueTypeId());
                assertTrue(section.vars().stream()
                        .anyMatch(entry -> entry.offset() <= offset && offset < entry.offset() + entry.size()));
                references++;
            }
        }
        assertTrue(references >= 10, references + " references");
    }

    @Test
    void objectsWithoutTypesStillHaveData() throws IOException {
        BpfObject object = TestObjects.open("plain");
        assertTrue(object.btf().isEmpty());
        assertEquals(TestObjects.open("data").program("sum").code(), object.program("sum").code());
        assertNull(object.program("sum").btf());
        assertEquals(0, object.maps().getFirst().spec().btfValueTypeId());
    }

    @Test
    void mapsAreWhatTheirTypesSay() throws IOException {
        BpfObject object = TestObjects.open("maps");
        Btf btf = object.btf().orElseThrow();
        MapSpec devices = map(object, "devices").spec();
        assertEquals(MapSpec.of("devices", MapType.HASH, 8, 16, 64).withFlags(1)
                .withBtf(btf.find(BtfType.Struct.class, "key").orElseThrow(),
                        btf.find(BtfType.Struct.class, "value").orElseThrow()),
                devices);
        assertEquals(MapSpec.of("untyped", MapType.ARRAY, 4, 24, 8), map(object, "untyped").spec());
        assertEquals(8192, map(object, "events").spec().maxEntries(), "rounded up to a power of two pages");
        assertEquals(5, map(object, "seen").spec().mapExtra());
    }

    @Test
    void mapsOfMapsHaveATemplateAndContents() throws IOException {
        BpfObject object = TestObjects.open("maps");
        MapDefinition outer = map(object, "outer");
        assertEquals(MapType.ARRAY_OF_MAPS, outer.spec().type());
        assertEquals(4, outer.spec().valueSize());
        @Nullable
        MapSpec inner = outer.spec().inner();
        assertNotNull(inner);
        assertEquals(MapType.ARRAY, inner.type());
        assertEquals(3, inner.maxEntries());
        assertEquals(Map.of(1, "inner_two", 3, "inner_one"), outer.slots());
        assertEquals(Map.of(1, "use"), map(object, "programs").slots());
    }

    @Test
    void mapsMayBePinnedOnANodeOrAnArena() throws IOException {
        BpfObject object = TestObjects.open("pinned");
        MapDefinition shared = map(object, "shared");
        assertTrue(shared.pinnedByName());
        assertEquals(1, shared.numaNode());
        assertTrue(shared.spec().has(MapFlag.NUMA_NODE));
        assertEquals(1L << 30, map(object, "arena").spec().mapExtra());
    }

    @Test
    void definitionsFromBeforeBtfAreTaken() throws IOException {
        BpfObject object = TestObjects.open("legacy");
        assertEquals(List.of(MapSpec.of("sizes", MapType.ARRAY, 4, 8, 18),
                MapSpec.of("hash", MapType.HASH, 8, 4, 5).withFlags(1)),
                object.maps().stream().map(MapDefinition::spec).toList());
        assertEquals(0x040c05, object.kernelVersion());
        ProgramImage count = object.program("count");
        assertEquals(ProgramType.KPROBE, count.type());
        assertEquals("memcpy", count.attachTarget());
        assertEquals(List.of(0, 1), count.code().stream().filter(slot -> slot.opcode() == 0x18)
                .filter(slot -> slot.src() == 5).map(RawInstruction::imm).toList());
    }

    private static void refused(BpfObject object, String program, String... parts) {
        BadObject error = assertThrows(BadObject.class, () -> object.program(program));
        for (String part : parts) {
            assertTrue(error.getMessage().contains(part), error.getMessage());
        }
        assertTrue(error.getMessage().startsWith(object.name() + ": "), error.getMessage());
        assertFalse(error.getMessage().contains("\n"), error.getMessage());
    }

    @Test
    void coreRelocationsAreNamedWhereTheyAreNeeded() throws IOException {
        BpfObject object = TestObjects.open("core");
        refused(object, "field", "field_byte_offset of struct task.inner.numbers[2]");
        refused(object, "anonymous", "field_exists of struct task.other");
        refused(object, "value", "enumval_value of enum colour::GREEN");
        assertEquals(Map.of(), object.program("local").unresolved(), "a local id needs no kernel");
        assertEquals(2, object.program("none").code().size());
    }

    @Test
    void externsAreNamedWhereTheyAreUsed() throws IOException {
        BpfObject object = TestObjects.open("externs");
        refused(object, "configuration", "'CONFIG_HZ'", ".kconfig");
        refused(object, "variable", "'bpf_prog_fops'", ".ksyms");
        refused(object, "function", "'bpf_rcu_read_lock'", ".ksyms");
        assertEquals(2, object.program("none").code().size());
    }

    @Test
    void debugInformationIsLeftAlone() throws IOException {
        BpfObject linking = TestObjects.open("linking");
        BpfObject debug = TestObjects.open("debug");
        assertEquals(linking.programs(), debug.programs());
        for (BpfProgram program : linking.programs()) {
            assertEquals(linking.program(program).code(), debug.program(program).code());
            assertEquals(types(linking.program(program)).lines(), types(debug.program(program)).lines());
        }
    }

    @Test
    void bigEndianObjectsAreRefused() {
        BadObject error = assertThrows(UnsupportedObject.class, () -> TestObjects.open("big"));
        assertTrue(error.getMessage().contains("big-endian"), error.getMessage());
    }

    @Test
    void programsThatAreNotThereAreNamed() throws IOException {
        BpfObject object = TestObjects.open("linking");
        refused(object, "fourth", "'fourth'", "first, second, third, not_loaded");
    }

    @Test
    void programsMayBeGivenAnotherType() throws IOException {
        BpfObject object = TestObjects.open("linking");
        ProgramImage image = object.program(object.programs().getFirst().as(ProgramType.XDP));
        assertEquals(ProgramType.XDP, image.type());
        assertEquals(object.program("first").code(), image.code());
    }

    @Test
    void filesThatCanNotBeReadAreSoSaid() {
        assertThrows(NoSuchFileException.class, () -> BpfObject.open(Path.of("no/such.o")));
    }
}
