package org.bpfz.spec.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.bpfz.spec.Bytes;
import org.bpfz.spec.engine.contract.Observation;
import org.bpfz.spec.engine.contract.RandomPrograms;
import org.bpfz.spec.engine.contract.Trial;
import org.bpfz.spec.isa.Instruction;
import org.bpfz.spec.isa.Instruction.ImmKind;
import org.bpfz.spec.isa.Instruction.LoadImm64;
import org.bpfz.spec.isa.Program;
import org.bpfz.spec.isa.Reg;
import org.bpfz.spec.live.LiveEngine;
import org.bpfz.spec.live.LiveMap;
import org.bpfz.spec.live.RequiresLiveKernel;
import org.bpfz.spec.memory.LittleEndian;
import org.bpfz.spec.program.MapSpec;
import org.bpfz.spec.program.MapType;
import org.bpfz.spec.program.ProgramType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Small programs do on the machine's kernel what they do here: results, contexts, maps. */
class LiveMachineTest {
    private static final int RANDOM_PROGRAMS = 300;
    private static final MapSpec ARRAY = MapSpec.of("array", MapType.ARRAY, 4, 8, 4);
    private static final MapSpec HASH = MapSpec.of("hash", MapType.HASH, 4, 8, 4);

    /** R1 = map 0, R2 = the address of the key %d. */
    private static final String KEY = "*(u32 *)(r10 -4) = %d\nr1 = map[idx:0]\nr2 = r10\nr2 += -4\n";

    private static final String UPDATE = KEY
            + "*(u64 *)(r10 -16) = %d\nr3 = r10\nr3 += -16\nr4 = %d\ncall bpf_map_update_elem\n";

    /** Adds R0 to the sums in R9, which is the result in the end. */
    private static final String SUM = "r9 *= 31\nr9 += r0\n";

    private static final String END = "r0 = r9\nexit";

    @BeforeAll
    static void needsKernel() {
        RequiresLiveKernel.orSkip(LiveMachineTest.class);
    }

    static Stream<Arguments> programs() {
        return Stream.of(
                row("update of an array",
                        Trial.of("r9 = 0\n" + UPDATE.formatted(1, 7, 0) + SUM + UPDATE.formatted(4, 7, 0) + SUM
                                + UPDATE.formatted(1, 7, 1) + SUM + UPDATE.formatted(1, 8, 2) + SUM
                                + UPDATE.formatted(5, 7, 1) + SUM
                                + UPDATE.formatted(1, 7, 3) + SUM + UPDATE.formatted(1, 7, 4) + SUM
                                + UPDATE.formatted(1, 7, -1) + SUM + END).map(ARRAY)),
                row("update of a hash",
                        Trial.of("r9 = 0\n" + UPDATE.formatted(1, 7, 2) + SUM + UPDATE.formatted(1, 7, 1) + SUM
                                + UPDATE.formatted(1, 7, 1) + SUM + UPDATE.formatted(1, 8, 2) + SUM
                                + UPDATE.formatted(2, 7, 0) + SUM
                                + UPDATE.formatted(3, 7, 0) + SUM + UPDATE.formatted(4, 7, 0) + SUM
                                + UPDATE.formatted(5, 7, 0) + SUM
                                + UPDATE.formatted(1, 9, 0) + SUM + UPDATE.formatted(1, 9, 4) + SUM
                                + UPDATE.formatted(1, 9, 3) + SUM + END).map(HASH)),
                row("delete from a hash",
                        Trial.of("r9 = 0\n" + UPDATE.formatted(1, 7, 0) + KEY.formatted(1)
                                + "call bpf_map_delete_elem\n" + SUM
                                + KEY.formatted(1) + "call bpf_map_delete_elem\n" + SUM + END).map(HASH)),
                row("delete from an array",
                        Trial.of("r9 = 0\n" + KEY.formatted(1) + "call bpf_map_delete_elem\n" + SUM + END).map(ARRAY)),
                row("an old value that was replaced", Trial.of("r9 = 0\n" + UPDATE.formatted(1, 7, 0) + KEY.formatted(1)
                        + "call bpf_map_lookup_elem\nif r0 == 0 goto end\nr6 = r0\n" + UPDATE.formatted(1, 8, 0)
                        + "r0 = *(u64 *)(r6 +0)\n" + SUM + "end: " + END).map(HASH)),
                row("per-CPU values",
                        Trial.of("r9 = 0\n" + UPDATE.formatted(1, 7, 0) + SUM + UPDATE.formatted(1, 7, 1) + SUM
                                + KEY.formatted(1)
                                + "call bpf_map_lookup_elem\nif r0 == 0 goto end\nr0 = *(u64 *)(r0 +0)\n" + SUM
                                + KEY.formatted(1)
                                + "r3 = 100000\ncall bpf_map_lookup_percpu_elem\nif r0 == 0 goto end\nr9 = 99\nend: "
                                + END)
                                .map(MapSpec.of("percpu", MapType.PERCPU_HASH, 4, 8, 4))),
                row("a queue", queueing(MapType.QUEUE)), row("a stack", queueing(MapType.STACK)),
                row("bpf_loop", Trial.of("""
                        *(u64 *)(r10 -8) = 0
                        r1 = 1000
                        r2 = subprog[callback]
                        r3 = r10
                        r3 += -8
                        r4 = 0
                        call bpf_loop
                        r1 = *(u64 *)(r10 -8)
                        r0 += r1
                        exit
                        callback:
                        r3 = *(u64 *)(r2 +0)
                        r3 += r1
                        *(u64 *)(r2 +0) = r3
                        r0 = 0
                        if r1 != 100 goto end
                        r0 = 1
                        end: exit""")),
                row("bpf_loop with flags", Trial.of(loop("5", "1"))),
                row("bpf_loop too long",
                        Trial.of(loop("0x800001", "0").replace("bpf_loop\n", "bpf_loop\nr0 >>= 32\n"))),
                row("bpf_loop of a number above 32 bits", Trial.of(loop("0x700000003 ll", "0"))),
                row("bpf_for_each_map_elem over an array", forEach(ARRAY)),
                row("bpf_for_each_map_elem over a hash", forEach(HASH)),
                row("deleting while visiting", Trial.of("""
                        r1 = map[idx:0]
                        r2 = subprog[callback]
                        r3 = 0
                        r4 = 0
                        call bpf_for_each_map_elem
                        exit
                        callback:
                        call bpf_map_delete_elem
                        r0 = 0
                        exit""").map(HASH).before(environment -> {
                    for (int i = 0; i < 3; i++) {
                        environment.maps().getFirst().update(LittleEndian.bytes(i, 4), LittleEndian.bytes(i, 8), 0);
                    }
                })),
                row("probing a user's address", probing("0x1000")), row("probing NULL", probing("0")),
                row("probing a non-canonical address", probing("0x8000000000000000 ll")),
                row("probing an unmapped kernel address", probing("0xffff87ffffff0000 ll")),
                row("probing the vsyscall page", probing("0xffffffffff600000 ll")),
                row("ring buffers", Trial.of("""
                        r9 = 0
                        r1 = map[idx:0]
                        r2 = 4081
                        r3 = 0
                        call bpf_ringbuf_reserve
                        if r0 == 0 goto full
                        r1 = r0
                        r2 = 0
                        call bpf_ringbuf_discard
                        r9 = 1
                        full:
                        *(u64 *)(r10 -8) = 5
                        r1 = map[idx:0]
                        r2 = r10
                        r2 += -8
                        r3 = 5
                        r4 = 0
                        call bpf_ringbuf_output
                        r9 *= 31
                        r9 += r0
                        r1 = map[idx:0]
                        r2 = r10
                        r2 += -8
                        r3 = 5
                        r4 = 8
                        call bpf_ringbuf_output
                        r9 *= 31
                        r9 += r0
                        r1 = map[idx:0]
                        r2 = 0
                        call bpf_ringbuf_query
                        r9 *= 31
                        r9 += r0
                        r1 = map[idx:0]
                        r2 = 1
                        call bpf_ringbuf_query
                        r9 *= 31
                        r9 += r0
                        r1 = map[idx:0]
                        r2 = 9
                        call bpf_ringbuf_query
                        r9 *= 31
                        r9 += r0
                        r0 = r9
                        exit""").map(MapSpec.of("ring", MapType.RINGBUF, 0, 0, 4096))),
                row("functions eight frames deep", Trial.of("""
                        r1 = 1
                        call f1
                        exit
                        f1: r1 += 1
                        call f2
                        r0 += 1
                        exit
                        f2: r1 += 1
                        call f3
                        r0 += 1
                        exit
                        f3: r1 += 1
                        call f4
                        r0 += 1
                        exit
                        f4: r1 += 1
                        call f5
                        r0 += 1
                        exit
                        f5: r1 += 1
                        call f6
                        r0 += 1
                        exit
                        f6: r1 += 1
                        call f7
                        r0 += 1
                        exit
                        f7: r0 = r1
                        exit""")),
                row("may_goto",
                        Trial.of("r0 = 0\nloop:\nmay_goto end\nr0 += 1\nif r0 == 5 goto end\ngoto loop\nend: exit")),
                row("a packet", Trial
                        .of("r6 = r1\nr7 = 1\nr0 = *(u32 *)skb[0]\nr9 = r0\nr0 = *(u16 *)skb[r7 + 1]\n" + SUM + END)
                        .type(ProgramType.SCHED_CLS).context().packet(new byte[]{1, 2, 3, 4, 5, 6, 7, 8, 9,
                            10, 11, 12, 13, 14, 15, 16})),
                row("behind a packet", Trial.of("r6 = r1\nr0 = *(u32 *)skb[13]\nr0 = 5\nexit")
                        .type(ProgramType.SCHED_CLS).context().packet(new byte[16])));
    }

    private static Arguments row(String name, Trial trial) {
        return Arguments.of(name, trial);
    }

    private static Trial queueing(MapType type) {
        String push = "*(u64 *)(r10 -8) = %d\nr1 = map[idx:0]\nr2 = r10\nr2 += -8\nr3 = %d\ncall bpf_map_push_elem\n"
                + SUM;
        String pop = "r1 = map[idx:0]\nr2 = r10\nr2 += -8\ncall bpf_map_%s_elem\n" + SUM + "r0 = *(u64 *)(r10 -8)\n"
                + SUM;
        return Trial.of("r9 = 0\n" + pop.formatted("peek") + push.formatted(1, 0) + push.formatted(2, 0)
                + push.formatted(3, 0) + push.formatted(4, 2) + push.formatted(5, 1) + push.formatted(6, 4)
                + pop.formatted("peek") + pop.formatted("pop") + pop.formatted("pop") + pop.formatted("pop")
                + push.formatted(9, 0)
                + END).map(MapSpec.of("map", type, 0, 8, 2));
    }

    private static String loop(String count, String flags) {
        return "r1 = " + count + "\nr2 = subprog[callback]\nr3 = 0\nr4 = " + flags
                + "\ncall bpf_loop\nexit\ncallback: r0 = 0\nexit";
    }

    private static Trial forEach(MapSpec spec) {
        return Trial.of("""
                *(u64 *)(r10 -8) = 0
                r1 = map[idx:0]
                r2 = subprog[callback]
                r3 = r10
                r3 += -8
                r4 = 0
                call bpf_for_each_map_elem
                r0 <<= 16
                r1 = *(u64 *)(r10 -8)
                r0 += r1
                exit
                callback:
                r5 = *(u32 *)(r2 +0)
                r6 = *(u64 *)(r3 +0)
                r5 += 1
                r5 *= r6
                r6 = *(u64 *)(r4 +0)
                r5 += r6
                *(u64 *)(r4 +0) = r5
                r0 = 0
                exit""").map(spec).before(environment -> {
            for (int i = 0; i < 3; i++) {
                environment.maps().getFirst().update(LittleEndian.bytes(i, 4), LittleEndian.bytes(10 + i, 8), 0);
            }
        });
    }

    private static Trial probing(String address) {
        return Trial.of("""
                r6 = map[idx:0][0]+0
                r1 = r6
                r2 = 8
                r3 = %1$s
                call bpf_probe_read_kernel
                *(u64 *)(r6 +8) = r0
                r1 = r6
                r1 += 16
                r2 = 8
                r3 = %1$s
                call bpf_probe_read_kernel_str
                *(u64 *)(r6 +24) = r0
                r1 = r6
                r1 += 32
                r2 = 8
                r3 = %1$s
                call bpf_probe_read_user
                *(u64 *)(r6 +40) = r0
                r0 = 0
                exit""".formatted(address)).map(MapSpec.of("data", MapType.ARRAY, 4, 48, 1));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("programs")
    void doesWhatTheKernelDoes(String name, Trial trial) {
        trial.services(services -> services.withCpus(LiveMap.possibleCpus()));
        Observation model = trial.observe(new SpecificationEngine());
        assertNull(model.result().fault(), () -> name + ": " + model.result().fault());
        try (LiveEngine engine = new LiveEngine()) {
            Observation live = trial.observe(engine);
            assertEquals(live.result().r0(), model.result().r0() & 0xffff_ffffL, name);
            assertEquals(live.result().context(), model.result().context(), name);
            for (int i = 0; i < live.maps().size(); i++) {
                if (trial.images().getFirst().maps().get(i).type() != MapType.PERCPU_HASH
                        && trial.images().getFirst().maps().get(i).type() != MapType.RINGBUF) {
                    assertEquals(new HashSet<>(live.maps().get(i).entries()),
                            new HashSet<>(model.maps().get(i).entries()), name);
                }
            }
        }
    }

    @Test
    void runsRandomProgramsAsTheKernelDoes() {
        MapSpec memory = MapSpec.of("memory", MapType.ARRAY, 4, RandomPrograms.MEMORY, 1);
        for (int seed = 0; seed < RANDOM_PROGRAMS; seed++) {
            Random random = new Random(seed);
            byte[] bytes = new byte[RandomPrograms.MEMORY];
            random.nextBytes(bytes);
            List<Instruction> code = new ArrayList<>(List.of(new LoadImm64(ImmKind.MAP_IDX_VALUE, Reg.R1, 0, 0)));
            code.addAll(RandomPrograms.verifiable(seed, 1 + random.nextInt(60)).instructions());
            Trial trial = Trial.of(Program.of(code)).map(memory.withInitial(Bytes.of(bytes)));
            Observation model = trial.observe(new SpecificationEngine());
            assertNull(model.result().fault());
            try (LiveEngine engine = new LiveEngine()) {
                Observation live = trial.observe(engine);
                assertEquals(live.result().r0(), model.result().r0() & 0xffff_ffffL, "seed " + seed);
                assertEquals(live.maps(), model.maps(), "seed " + seed);
            }
        }
    }
}
