package org.bpfz.oracle.attach;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.bpfz.loader.BpfObject;
import org.bpfz.oracle.model.Engines;
import org.bpfz.oracle.model.HelperNames;
import org.bpfz.spec.Errno;
import org.bpfz.spec.btf.Btf;
import org.bpfz.spec.btf.BtfType;
import org.bpfz.spec.engine.Engine;
import org.bpfz.spec.engine.Task;
import org.bpfz.spec.engine.TraceSink;
import org.bpfz.spec.isa.Assembler;
import org.bpfz.spec.isa.Encoder;
import org.bpfz.spec.kernel.Call;
import org.bpfz.spec.kernel.Source;
import org.bpfz.spec.map.BpfMap;
import org.bpfz.spec.memory.LittleEndian;
import org.bpfz.spec.program.ProgramImage;
import org.bpfz.spec.program.ProgramType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Where programs can be attached on the modelled kernels, and what they are given there: examples/tracing/points.bpf.c. */
class AttachPointsTest {
    private static final List<Workload.Event> EVENTS = Workload.read("events", """
              8,0    3        1     0.000000000   697  Q   W 90 + 8 [kjournald]
              8,0    3        2     0.000002197   697  Q   W 96 + 16 [kjournald]
              8,0    3        3     0.000003197   697  Q   R 100 + 4 [dd]
            """).then(new Workload(List.of(write(300, 200), write(50, -Errno.EBADF.number())))).events();

    private static Workload.SystemCall write(int length, long result) {
        return new Workload.SystemCall(Task.INIT, 0, "1.000000",
                new Call.Write(1, 3, Source.of(new byte[length])), result, List.of());
    }

    static Stream<Engine> engines() {
        return Engines.all().stream();
    }

    /** The globals of the programs after the events. */
    private static Map<String, Long> globals(KernelProfile profile, Engine engine, List<String> programs)
            throws IOException, LoadException, AttachException {
        Replay replay = new Replay(profile, engine);
        BpfObject object = BpfObject.open(Path.of("..", "examples", "tracing", "points.bpf.o"));
        replay.attach(object, programs);
        replay.run(new Workload(EVENTS));
        BpfMap map = replay.kernel().map("points.bss");
        assertTrue(map != null);
        byte[] value = new byte[map.userValueSize()];
        assertEquals(0, map.lookup(new byte[4], value, BpfMap.ANY));
        Btf types = object.btf().orElseThrow();
        BtfType.DataSec section = (BtfType.DataSec) types.type(types.find(BtfType.DataSec.class, ".bss").getAsInt());
        Map<String, Long> globals = new TreeMap<>();
        section.vars().forEach(entry -> globals.put(types.type(entry.type()).name(),
                LittleEndian.get(value, (int) entry.offset(), Long.BYTES)));
        return globals;
    }

    @ParameterizedTest
    @MethodSource("engines")
    void eachWayOfAttachingSeesWhatItIsGiven(Engine engine) throws IOException, LoadException, AttachException {
        Map<String, Long> globals = globals(KernelProfile.linux612(), engine, List.of());
        assertEquals(28, globals.get("queued_sectors"));
        assertEquals(24, globals.get("written_sectors"));
        assertEquals(100, globals.get("last_sector"));
        assertEquals(350, globals.get("written_bytes"));
        assertEquals(200, globals.get("returned_bytes"));
        assertEquals(1, globals.get("failures"));
        assertEquals(3, globals.get("entries"));
        assertEquals(0, globals.get("verdict"));
        assertEquals(3, globals.get("exits"));
    }

    @Test
    void anOldKernelHasTheRecordsToo() throws IOException, LoadException, AttachException {
        Map<String, Long> globals = globals(KernelProfile.linux412(), Engines.named(Engines.SPECIFICATION),
                List.of("by_record", "by_call"));
        assertEquals(28, globals.get("queued_sectors"));
        assertEquals(350, globals.get("written_bytes"));
    }

    /** Attaches a program of one load of its context; returns the error number, 0 if it was attached. */
    private static int attach(ProgramType type, String section, String target, String load) throws AttachException {
        TracedKernel kernel = new TracedKernel(KernelProfile.linux612(), Engines.named(Engines.SPECIFICATION),
                TraceSink.NONE);
        ProgramImage image = ProgramImage.builder("one", type).section(section).attachTarget(target).licence("GPL")
                .code(Encoder
                        .encode(new Assembler(HelperNames.ofLinux()).assemble("r0 = " + load + "\nr0 = 0\nexit\n")))
                .build();
        try {
            kernel.attach(kernel.load("test", image));
            return 0;
        } catch (AttachException e) {
            return e.errno().number();
        } catch (LoadException e) {
            throw new AssertionError(e.log(), e);
        }
    }

    @Test
    void aRecordIsNotReadBehindItsEnd() throws AttachException {
        String point = "block/block_bio_queue";
        assertEquals(0, attach(ProgramType.TRACEPOINT, "tp/" + point, point, "*(u32 *)(r1 +48)"));
        assertEquals(Errno.EACCES.number(),
                attach(ProgramType.TRACEPOINT, "tp/" + point, point, "*(u64 *)(r1 +48)"));
    }

    @Test
    void aTracepointHasItsArgumentsAndNoMore() throws AttachException {
        assertEquals(0, attach(ProgramType.RAW_TRACEPOINT, "raw_tp/sys_enter", "sys_enter", "*(u64 *)(r1 +8)"));
        assertEquals(Errno.EINVAL.number(),
                attach(ProgramType.RAW_TRACEPOINT, "raw_tp/sys_enter", "sys_enter", "*(u64 *)(r1 +16)"));
    }

    @Test
    void whatIsNotThereIsNotFound() throws AttachException {
        assertEquals(Errno.ENOENT.number(),
                attach(ProgramType.TRACEPOINT, "tp/sched/sched_switch", "sched/sched_switch", "*(u64 *)(r1 +8)"));
        assertEquals(Errno.ENOENT.number(),
                attach(ProgramType.RAW_TRACEPOINT, "raw_tp/sys_enter_write", "sys_enter_write", "*(u64 *)(r1 +8)"));
        assertEquals(0, attach(ProgramType.TRACEPOINT, "tp/syscalls/sys_enter_write", "syscalls/sys_enter_write",
                "*(u64 *)(r1 +32)"));
        assertEquals(Errno.ENOENT.number(),
                attach(ProgramType.KPROBE, "kprobe/nothing", "nothing", "*(u64 *)(r1 +8)"));
    }

    /** kprobe_override: programs decide only for functions that allow errors to be injected. */
    @Test
    void onlyWhatAllowsItIsOverridden() throws AttachException {
        assertEquals(0, override("should_fail_bio"));
        assertEquals(Errno.EINVAL.number(), override("tcp_set_state"));
    }

    /** A system call's function is probed with the caller's registers in memory, and what it returns may be replaced. */
    @Test
    void systemCallsAreFunctions() throws AttachException, LoadException {
        StringBuilder printed = new StringBuilder();
        TracedKernel kernel = new TracedKernel(KernelProfile.linux612(), Engines.named(Engines.SPECIFICATION),
                (task, cpu, message) -> printed.append(message));
        load(kernel, "kprobe/__x64_sys_write", """
                r6 = r1
                r3 = *(u64 *)(r1 +112)
                r3 += 96
                r1 = r10
                r1 += -8
                r2 = 8
                call bpf_probe_read_kernel#113
                r0 = *(u64 *)(r10 -8)
                if r0 != 300 goto +3
                r1 = r6
                r2 = -28
                call bpf_override_return#58
                r0 = 0
                exit
                """);
        load(kernel, "raw_tracepoint/sys_exit", """
                r3 = *(u64 *)(r1 +8)
                r1 = 680997
                *(u64 *)(r10 -8) = r1
                r1 = r10
                r1 += -8
                r2 = 4
                call bpf_trace_printk#6
                r0 = 0
                exit
                """);
        BlockLayer blocks = new BlockLayer(kernel);
        Workload.replay(write(300, 200), kernel, blocks);
        Workload.replay(write(50, 50), kernel, blocks);
        assertEquals("-28\n50\n", printed.toString());
    }

    private static void load(TracedKernel kernel, String section, String code)
            throws AttachException, LoadException {
        boolean probe = section.startsWith("kprobe");
        kernel.attach(kernel.load("test",
                ProgramImage.builder("one", probe ? ProgramType.KPROBE : ProgramType.RAW_TRACEPOINT).section(section)
                        .attachTarget(section.substring(section.indexOf('/') + 1)).licence("GPL")
                        .code(Encoder.encode(new Assembler(HelperNames.ofLinux()).assemble(code))).build()));
    }

    private static int override(String function) throws AttachException {
        TracedKernel kernel = new TracedKernel(KernelProfile.linux612(), Engines.named(Engines.SPECIFICATION),
                TraceSink.NONE);
        ProgramImage image = ProgramImage.builder("over", ProgramType.KPROBE).section("kprobe/" + function)
                .attachTarget(function).licence("GPL")
                .code(Encoder.encode(new Assembler(HelperNames.ofLinux())
                        .assemble("r2 = -5\ncall bpf_override_return#58\nr0 = 0\nexit\n")))
                .build();
        try {
            kernel.attach(kernel.load("test", image));
        } catch (AttachException e) {
            return e.errno().number();
        } catch (LoadException e) {
            throw new AssertionError(e.log(), e);
        }
        assertEquals(-5, (int) kernel.call(function, Task.INIT, 0, () -> 0, 1));
        return 0;
    }
}
