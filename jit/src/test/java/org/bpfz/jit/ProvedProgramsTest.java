package org.bpfz.jit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.instruction.InvokeInstruction;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.bpfz.spec.Bytes;
import org.bpfz.spec.Errno;
import org.bpfz.spec.engine.Environment;
import org.bpfz.spec.engine.Executable;
import org.bpfz.spec.engine.Facts;
import org.bpfz.spec.engine.Fault;
import org.bpfz.spec.engine.HelperReading;
import org.bpfz.spec.engine.Result;
import org.bpfz.spec.engine.Services;
import org.bpfz.spec.engine.contract.Trial;
import org.bpfz.spec.machine.SpecificationEngine;
import org.bpfz.spec.map.BpfMap;
import org.bpfz.spec.memory.LittleEndian;
import org.bpfz.spec.program.MapFlag;
import org.bpfz.spec.program.MapSpec;
import org.bpfz.spec.program.MapType;
import org.bpfz.spec.program.ProgramType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a verifier has proved shows in the class, and not in the result. */
class ProvedProgramsTest {
    @TempDir
    private Path folder;

    /** Facts written down one by one. */
    private static final class Proved implements Facts {
        private final Map<Integer, MemoryFact> memory = new HashMap<>();
        private final Map<Integer, BranchFact> branches = new HashMap<>();
        private final Map<Integer, Integer> maps = new HashMap<>();
        private boolean exposed;

        Proved memory(int slot, MemoryFact fact) {
            memory.put(slot, fact);
            return this;
        }

        Proved frame(int slot, int offset) {
            return memory(slot, new MemoryFact.OwnFrame(offset));
        }

        Proved branch(int slot, BranchFact fact) {
            branches.put(slot, fact);
            return this;
        }

        Proved map(int slot, int index) {
            maps.put(slot, index);
            return this;
        }

        Proved exposed() {
            exposed = true;
            return this;
        }

        @Override
        public boolean verified() {
            return true;
        }

        @Override
        public MemoryFact memory(int slot) {
            return memory.getOrDefault(slot, MemoryFact.UNKNOWN);
        }

        @Override
        public BranchFact branch(int slot) {
            return branches.getOrDefault(slot, BranchFact.BOTH);
        }

        @Override
        public boolean isDead(int slot) {
            return false;
        }

        @Override
        public int calledMap(int slot) {
            return maps.getOrDefault(slot, NO_MAP);
        }

        @Override
        public boolean isExposed(int function, int offset) {
            return exposed;
        }
    }

    /** The result, which is the specification's. */
    private Result run(Trial trial, Facts facts) {
        return run(trial, HelperReading.STRICT, facts);
    }

    private Result run(Trial trial, HelperReading reading, Facts facts) {
        Environment environment = new JitEngine(new JitOptions(folder, true, UnaryOperator.identity()))
                .open(Services.repeatable(1).withHelpers(reading));
        List<BpfMap> maps = trial.images().getFirst().maps().stream().map(environment::createMap).toList();
        Result actual = environment.load(trial.images().getFirst(), maps, facts).run(trial.invocation());
        Trial expected = trial.services(services -> services.withHelpers(reading));
        assertEquals(expected.observe(new SpecificationEngine()).result(), actual);
        return actual;
    }

    /** How often the dumped class calls a method of the name. */
    private long calls(String name) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return ClassFile.of().parse(files.findFirst().orElseThrow()).methods().stream()
                    .flatMap(method -> method.code().stream()).flatMap(code -> code.elementStream())
                    .filter(element -> element instanceof InvokeInstruction call && call.name().equalsString(name))
                    .count();
        }
    }

    private static final Trial SPILLS = Trial.of("r1 = 42\n*(u64 *)(r10 -8) = r1\nr0 = *(u64 *)(r10 -8)\nexit");

    @Test
    void keepsHiddenBytesOfTheFrameInLocalVariables() throws IOException {
        assertEquals(42, run(SPILLS, new Proved().frame(1, -8).frame(2, -8)).r0());
        assertEquals(0, calls("get") + calls("set"));
    }

    @Test
    void keepsExposedBytesOfTheFrameInMemory() throws IOException {
        assertEquals(42, run(SPILLS, new Proved().frame(1, -8).frame(2, -8).exposed()).r0());
        assertEquals(2, calls("get") + calls("set"));
    }

    @Test
    void keepsBytesInMemoryThatAreAccessedInParts() throws IOException {
        assertEquals(42, run(Trial.of("r1 = 42\n*(u64 *)(r10 -8) = r1\nr0 = *(u32 *)(r10 -8)\nexit"),
                new Proved().frame(1, -8).frame(2, -8)).r0());
        assertEquals(2, calls("get") + calls("set"));
    }

    @Test
    void keepsBytesInMemoryThatAreAccessedByAnotherRegisterOrAtomically() {
        assertEquals(42, run(Trial.of("r1 = 42\nr2 = r10\nr2 += -16\n*(u64 *)(r10 -8) = 5\n*(u64 *)(r2 +8) = r1\n"
                + "r0 = *(u64 *)(r10 -8)\nexit"), new Proved().frame(3, -8).frame(4, -8).frame(5, -8)).r0());
        assertEquals(47, run(Trial.of("r1 = 42\n*(u64 *)(r10 -8) = 5\nlock *(u64 *)(r10 -8) += r1\n"
                + "r0 = *(u64 *)(r10 -8)\nexit"), new Proved().frame(1, -8).frame(2, -8).frame(3, -8)).r0());
    }

    private static Trial reads(MapSpec map, String size) {
        return Trial.of("r1 = map[idx:0][0]+8\nr0 = *(" + size + " *)(r1 +0)\nexit").map(map);
    }

    private static MapSpec data() {
        return MapSpec.of("rodata", MapType.ARRAY, 4, 16, 1)
                .withInitial(Bytes.of(HexFormat.of().parseHex("00010203040506078182838485868788")));
    }

    @Test
    void foldsWhatNobodyCanWrite() throws IOException {
        MapSpec frozen = data().withFlags(MapFlag.RDONLY_PROG.mask()).asFrozen();
        Facts facts = new Proved().memory(2, new Facts.MemoryFact.MapValue(0, 8, 8));
        assertEquals(0x84838281L, run(reads(frozen, "u32"), facts).r0());
        assertEquals(0, calls("get") + calls("load32"));
        assertEquals(0xffff_ffff_ffff_8281L, run(reads(frozen, "s16"), facts).r0());
        assertEquals(0x8887868584838281L, run(reads(frozen, "u64"), facts).r0());
    }

    @Test
    void doesNotFoldWhatSomebodyCanWrite() throws IOException {
        Facts facts = new Proved().memory(2, new Facts.MemoryFact.MapValue(0, 8, 8));
        assertEquals(0x84838281L, run(reads(data(), "u32"), facts).r0());
        assertEquals(1, calls("get"));
        Facts range = new Proved().memory(2, new Facts.MemoryFact.MapValue(0, 0, 8));
        assertEquals(0x84838281L,
                run(reads(data().withFlags(MapFlag.RDONLY_PROG.mask()).asFrozen(), "u32"), range).r0());
        assertEquals(1, calls("get"));
    }

    @Test
    void looksAKnownArrayUpWithoutTheHelper() throws IOException {
        for (int key : List.of(0, 2, 3, -1)) {
            for (MapType type : List.of(MapType.ARRAY, MapType.PERCPU_ARRAY)) {
                Trial trial = Trial.of("*(u32 *)(r10 -4) = " + key + "\nr2 = r10\nr2 += -4\nr1 = map[idx:0]\n"
                        + "call bpf_map_lookup_elem\nexit").map(MapSpec.of("numbers", type, 4, 12, 3)).cpu(1);
                Result result = run(trial, new Proved().frame(0, -4).map(5, 0).exposed());
                assertEquals(1, result.events().size());
                assertEquals(0, calls("call"));
            }
        }
    }

    /** Copies so many bytes of ten to the stack, of which the first eight bytes, or only a half, were written before. */
    private static Trial copies(String offset, int size, boolean initialised) {
        return Trial.of("""
                r6 = r1
                %s
                *(u64 *)(r10 -8) = -1
                r1 = r6
                r2 = %s
                r3 = r10
                r3 += -16
                r4 = %d
                call bpf_copy_from_buffer
                if r0 != 0 goto end
                r0 = *(u64 *)(r10 -16)
                end: exit""".formatted(initialised ? "*(u64 *)(r10 -16) = -2" : "r7 = 0", offset, size))
                .type(ProgramType.COMPRESSOR).context(new byte[16]).data(bytes(0, 1, 2, 3, 4, 5, 6, 7, 8, 9));
    }

    @Test
    void copiesFromTheWrittenDataWithoutTheHelper() throws IOException {
        Proved facts = new Proved().frame(1, -16).frame(2, -8).frame(10, -16).exposed();
        HelperReading partial = new HelperReading(212, 213, HelperReading.PastEnd.PARTIAL, Errno.EFAULT,
                Errno.ENODATA);
        for (HelperReading reading : List.of(HelperReading.STRICT, partial)) {
            for (String offset : List.of("0", "2", "3", "9", "10", "11", "0x100000000 ll", "0x8000000000000000 ll",
                    "0xffffffffffffffff ll")) {
                for (int size : List.of(0, 1, 8, 10, 16)) {
                    Result result = run(copies(offset, size, true), reading, facts);
                    assertEquals(1, result.events().size());
                    assertEquals(0, calls("call"));
                    assertEquals(1, calls("copyFromBuffer"));
                }
            }
            assertEquals(reading.noData().negative(), run(Trial.of("r2 = 0\nr3 = r10\nr3 += -8\nr4 = 8\n"
                    + "call bpf_copy_from_buffer\nexit").type(ProgramType.COMPRESSOR).context(new byte[16]), reading,
                    new Proved().exposed()).r0());
        }
        // What nothing was written to holds what was copied.
        assertEquals(0x0908070605040302L, run(copies("2", 8, false), facts).r0());
    }

    @Test
    void asksTheHelperWhereNothingIsProved() throws IOException {
        assertEquals(0x0706050403020100L, run(copies("0", 8, true), Facts.NONE).r0());
        assertEquals(1, calls("call"));
        assertEquals(0, calls("copyFromBuffer"));
    }

    @Test
    void copiesNothingOutOfTheArenaWhereFactsAreWrong() {
        for (String target : List.of("0", "-1", "0xffffc900c0000000")) {
            Trial trial = Trial.of("r2 = 0\nr3 = " + target + " ll\nr4 = 8\ncall bpf_copy_from_buffer\nexit")
                    .type(ProgramType.COMPRESSOR).context(new byte[16]).data(new byte[16]);
            Executable executable = new JitEngine().open(Services.repeatable(1)).load(trial.images().getFirst(),
                    new Proved());
            Fault fault = executable.run(trial.invocation()).fault();
            assertInstanceOf(Fault.Memory.class, fault);
            assertEquals(4, fault.slot());
        }
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    @Test
    void leavesOutBranchesThatAreNotTaken() throws IOException {
        Trial trial = Trial.of("r0 = *(u8 *)(r1 +0)\nif r0 == 1 goto one\nr0 = be16 r0\none:\nif r0 != 5 goto end\n"
                + "r0 = be32 r0\nend: exit").raw(LittleEndian.bytes(1, 8));
        assertEquals(1, run(trial, Facts.NONE).r0());
        assertEquals(2, calls("reverseBytes"));
        assertEquals(1, run(trial, new Proved().memory(0, new Facts.MemoryFact.RawMemory())
                .branch(1, Facts.BranchFact.ALWAYS).branch(3, Facts.BranchFact.ALWAYS)).r0());
        assertEquals(0, calls("reverseBytes"));
        assertEquals(1, run(trial, new Proved().memory(0, new Facts.MemoryFact.RawMemory())
                .branch(1, Facts.BranchFact.BOTH).branch(3, Facts.BranchFact.ALWAYS)).r0());
        assertEquals(1, calls("reverseBytes"));
    }

    @Test
    void makesALoopOfBpfLoop() throws IOException {
        for (long rounds : new long[]{0, 1, 7, 100, 0x80_0001, -1}) {
            for (int flags : List.of(0, 1)) {
                Trial trial = Trial.of("""
                        *(u64 *)(r10 -8) = 0
                        r1 = 0x%x ll
                        r2 = subprog[callback]
                        r3 = r10
                        r3 += -8
                        r4 = %d
                        call bpf_loop
                        r1 = *(u64 *)(r10 -8)
                        r0 <<= 32
                        r0 ^= r1
                        exit
                        callback:
                        r3 = *(u64 *)(r2 +0)
                        r3 += r1
                        *(u64 *)(r2 +0) = r3
                        r0 = 0
                        if r1 != 50 goto end
                        r0 = 1
                        end: exit""".formatted(rounds, flags));
                run(trial, Facts.NONE);
                assertTrue(calls("function13") > 1, "the callback is called directly");
            }
        }
        assertFalse(calls("record") == 0, "and the helper's return is an event");
    }
}
