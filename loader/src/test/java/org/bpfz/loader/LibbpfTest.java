package org.bpfz.loader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bpfz.spec.btf.Btf;
import org.bpfz.spec.btf.BtfRules;
import org.bpfz.spec.btf.BtfType;
import org.bpfz.spec.btf.Linkage;
import org.bpfz.spec.isa.RawInstruction;
import org.bpfz.spec.live.LiveKernel;
import org.bpfz.spec.program.AttachType;
import org.bpfz.spec.program.MapFlag;
import org.bpfz.spec.program.MapSpec;
import org.bpfz.spec.program.ProgramImage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * libbpf, as bpftool has it, hands the kernel the same programs, maps and types: what it does is recorded by strace and compared with
 * what {@link BpfObject} makes of the same file.
 */
class LibbpfTest {
    private static final String PINS = "/sys/fs/bpf/bpfz-test-" + ProcessHandle.current().pid();
    private static final int LDDW = 0x18;
    private static final int MAP_FD = 1;
    private static final int MAP_VALUE = 2;
    /** Which data sections user space may map is decided otherwise by libbpf before 1.2. */
    private static final int MAPPABLE = MapFlag.MMAPABLE.mask();

    @TempDir
    private Path folder;

    @Test
    void libbpfLoadsTheSame() throws IOException, InterruptedException {
        @Nullable
        String unavailable = LiveKernel.unavailable();
        if (unavailable != null) {
            Tool.skip(LibbpfTest.class, unavailable);
        }
        Tool strace = Tool.orSkip(LibbpfTest.class, "strace");
        Tool.orSkip(LibbpfTest.class, "bpftool");
        int programs = 0;
        for (String name : List.of("linking", "data", "maps", "plain")) {
            programs += compare(strace, TestObjects.path(name));
        }
        assertEquals(6, programs);
    }

    /** How many programs were compared. */
    private int compare(Tool strace, Path object) throws IOException, InterruptedException {
        Path log = folder.resolve("log");
        Tool.Run run = strace.run(List.of("-f", "-v", "-xx", "-X", "raw", "-s", "10000000", "-e", "trace=bpf", "-o",
                log.toString(), "bpftool", "prog", "loadall", object.toString(), PINS));
        new ProcessBuilder("rm", "-rf", PINS).start().waitFor();
        List<BpfTrace.Call> calls = BpfTrace.read(Files.readAllLines(log));
        BpfObject opened = BpfObject.open(object);
        compareTypes(opened, calls);
        Map<Integer, Integer> indexes = compareMaps(opened, calls);
        int compared = 0;
        for (BpfProgram program : opened.programs()) {
            List<BpfTrace.Call> loads = calls.stream().filter(call -> call.command() == BpfTrace.PROG_LOAD)
                    .filter(call -> call.string("prog_name").equals(program.name())).toList();
            assertTrue(loads.isEmpty() == !program.autoload(), program + "\n" + run.output());
            if (!loads.isEmpty()) {
                compareProgram(opened.program(program), loads.getLast(), indexes);
                compared++;
            }
        }
        return compared;
    }

    private static void compareTypes(BpfObject opened, List<BpfTrace.Call> calls) {
        if (opened.btf().isEmpty()) {
            return;
        }
        List<BpfTrace.Call> loads = calls.stream().filter(call -> call.command() == BpfTrace.BTF_LOAD).toList();
        Btf loaded = Btf.read(loads.getLast().bytes("btf"), BtfRules.LOAD);
        assertEquals(types(loaded), types(opened.btf().get()), opened.name());
    }

    private static List<BtfType> types(Btf btf) {
        List<BtfType> types = new ArrayList<>();
        for (int id = 1; id < btf.endId(); id++) {
            // libbpf makes hidden variables static since 1.4 only.
            types.add(btf.type(id) instanceof BtfType.Var(String name, int type, _)
                    ? new BtfType.Var(name, type, Linkage.GLOBAL)
                    : btf.type(id));
        }
        return types;
    }

    /** Compares the maps and returns their indexes by the descriptors that libbpf got for them. */
    private static Map<Integer, Integer> compareMaps(BpfObject opened, List<BpfTrace.Call> calls) {
        Map<Integer, Integer> indexes = new HashMap<>();
        List<String> created = new ArrayList<>();
        for (BpfTrace.Call call : calls) {
            String name = call.string("map_name");
            boolean probe = name.isEmpty() || name.startsWith("libbpf_") || name.endsWith(".inner");
            if (call.command() == BpfTrace.MAP_CREATE && call.result() >= 0 && !probe) {
                indexes.put(call.result(), created.size());
                created.add(describe(name, call.number("map_type"), call.number("key_size"), call.number("value_size"),
                        call.number("max_entries"), call.number("map_flags") & ~MAPPABLE,
                        call.number("btf_key_type_id"),
                        call.number("btf_value_type_id"), call.number("map_extra")));
            }
        }
        List<String> declared = opened.maps().stream().map(MapDefinition::spec).map(LibbpfTest::describe).toList();
        assertEquals(created, declared, opened.name());
        return indexes;
    }

    private static String describe(MapSpec spec) {
        return describe(spec.name(), spec.type().number(), spec.keySize(), spec.valueSize(), spec.maxEntries(),
                spec.flags() & ~MAPPABLE, spec.btfKeyTypeId(), spec.btfValueTypeId(), spec.mapExtra());
    }

    private static String describe(String name, long... numbers) {
        return name + java.util.Arrays.toString(numbers);
    }

    private static void compareProgram(ProgramImage image, BpfTrace.Call load, Map<Integer, Integer> indexes) {
        assertEquals(image.type().number(), load.number("prog_type"), image.name());
        @Nullable
        AttachType attachType = image.attachType();
        assertEquals(attachType == null ? 0 : attachType.number(), load.number("expected_attach_type"));
        assertEquals(image.licence(), load.string("license"));
        List<RawInstruction> code = load.instructions().stream().map(slot -> withIndex(slot, indexes)).toList();
        assertEquals(code, image.code(), image.name());
        int functions = image.btf() == null ? 0 : image.btf().functions().size();
        int lines = image.btf() == null ? 0 : image.btf().lines().size();
        assertEquals(functions, load.number("func_info_cnt"), image.name());
        assertEquals(lines, load.number("line_info_cnt"), image.name());
    }

    /** A reference to a map by its index in the place of its descriptor. */
    private static RawInstruction withIndex(RawInstruction slot, Map<Integer, Integer> indexes) {
        if (slot.opcode() != LDDW || (slot.src() != MAP_FD && slot.src() != MAP_VALUE)) {
            return slot;
        }
        return new RawInstruction(LDDW, slot.dst(), slot.src() + 4, slot.offset(), indexes.get(slot.imm()));
    }
}
