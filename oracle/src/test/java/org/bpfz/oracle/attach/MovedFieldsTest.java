package org.bpfz.oracle.attach;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.bpfz.loader.Adjustments;
import org.bpfz.loader.BpfObject;
import org.bpfz.loader.KernelConfig;
import org.bpfz.oracle.model.Engines;
import org.bpfz.oracle.model.LoadedProgram;
import org.bpfz.oracle.model.ProgramHost;
import org.bpfz.spec.Bytes;
import org.bpfz.spec.btf.Btf;
import org.bpfz.spec.btf.BtfType;
import org.bpfz.spec.engine.Engine;
import org.bpfz.spec.engine.Invocation;
import org.bpfz.spec.engine.Task;
import org.bpfz.spec.engine.TraceSink;
import org.bpfz.spec.kernel.Reading;
import org.bpfz.spec.map.BpfMap;
import org.bpfz.spec.memory.LittleEndian;
import org.bpfz.verifier.Options;
import org.bpfz.verifier.Verdict;
import org.bpfz.verifier.Verifier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.api.Test;

/** Compiled once, run on two kernels: the programs of examples/tracing that are written after the slides. */
class MovedFieldsTest {
    private static BpfObject example(String name) throws IOException {
        return BpfObject.open(Path.of("..", "examples", "tracing", name + ".bpf.o"));
    }

    static Stream<Engine> engines() {
        return Engines.all().stream();
    }

    private static long global(BpfMap map, int offset) {
        byte[] value = new byte[map.userValueSize()];
        assertEquals(0, map.lookup(new byte[4], value, BpfMap.ANY));
        return LittleEndian.get(value, offset, 4);
    }

    private static Map<String, Long> run(KernelProfile profile, Engine engine, String pathOfSample)
            throws IOException, LoadException, AttachException {
        TracedKernel kernel = new TracedKernel(profile, engine, TraceSink.NONE);
        for (LoadedProgram program : kernel.load(example("moved"))) {
            kernel.attach(program);
        }
        long task = kernel.memory().create("task_struct");
        kernel.memory().set(task, "task_struct", "pid", 4242);
        long sock = kernel.memory().create("tcp_sock");
        kernel.memory().set(sock, "tcp_sock", pathOfSample, 777);
        kernel.call("__set_task_comm", Task.INIT, 0, () -> 0, task, 0, 0);
        kernel.call("tcp_set_state", Task.INIT, 0, () -> 0, sock, 0);
        BpfMap bss = kernel.map("moved.bss");
        assertTrue(bss != null);
        BpfObject object = example("moved");
        Btf types = object.btf().orElseThrow();
        BtfType.DataSec section = (BtfType.DataSec) types.type(types.find(BtfType.DataSec.class, ".bss").getAsInt());
        Map<String, Long> values = new TreeMap<>();
        section.vars().forEach(entry -> values.put(types.type(entry.type()).name(), global(bss, (int) entry.offset())));
        return values;
    }

    @ParameterizedTest
    @MethodSource("engines")
    void aFieldIsReadWhereTheKernelHasIt(Engine engine) throws IOException, LoadException, AttachException {
        assertEquals(Map.of("pid", 4242L, "rtt", 777L, "net", 0L, "version", 4L << 16 | 12 << 8),
                run(KernelProfile.linux412(), engine, "rtt_min[0].v"));
        assertEquals(Map.of("pid", 4242L, "rtt", 777L, "net", 0L, "version", 6L << 16 | 12 << 8),
                run(KernelProfile.linux612(), engine, "rtt_min.s[0].v"));
    }

    @Test
    void theConfigurationChoosesABranchAndTheOtherIsNeverVerified() throws IOException {
        KernelProfile profile = KernelProfile.linux612();
        Options options = Options.privileged().withKernelBtf(profile.types());
        BpfObject without = example("moved").on(profile.target().withConfig(KernelConfig.parse("")));
        Verdict.Accepted accepted = assertInstanceOf(Verdict.Accepted.class,
                Verifier.verify(without.program("task"), options));
        Map<Integer, ?> missing = without.program("task").unresolved();
        assertEquals(1, missing.size(), "the branch needs what no kernel has");
        missing.keySet().forEach(slot -> assertTrue(accepted.facts().isDead(slot), "instruction " + slot));
        BpfObject with = example("moved").on(profile.target().withConfig(KernelConfig.parse("CONFIG_NET_NS=y")));
        assertInstanceOf(Verdict.Rejected.class, Verifier.verify(with.program("task"), options));
    }

    @ParameterizedTest
    @MethodSource("engines")
    void globalsLiveInMapsThatUserSpaceReadsAndWrites(Engine engine) throws IOException {
        BpfObject object = example("limits").with(Adjustments.NONE.withContents("limits.data",
                Bytes.of(LittleEndian.bytes(64L << 32 | 100, 8))));
        ProgramHost host = new ProgramHost(engine, ProgramHost.services(Reading.strict()));
        LoadedProgram program = host.load(object).getFirst();
        BpfMap stats = host.map("limits.bss");
        assertTrue(stats != null);
        assertEquals(0, length(host, program, 80));
        assertEquals(1, length(host, program, 101));
        assertEquals(1, length(host, program, 10));
        assertEquals(2, global(stats, 0));
        assertEquals(0, stats.update(new byte[4], LittleEndian.bytes(40, 4), BpfMap.ANY));
        assertEquals(1, length(host, program, 10));
        assertEquals(41, global(stats, 0));
    }

    private static long length(ProgramHost host, LoadedProgram program, int length) {
        byte[] context = new byte[192];
        LittleEndian.put(context, 0, 4, length);
        return host.run(program, Invocation.context(context));
    }

    @Test
    void adjustmentsOfWhatIsNotThereAreRefused() throws IOException {
        BpfObject object = example("limits");
        assertTrue(org.junit.jupiter.api.Assertions.assertThrows(org.bpfz.loader.elf.BadObject.class,
                () -> object.with(Adjustments.NONE.withMaxEntries("nothing", 5))).getMessage().contains("'nothing'"));
        assertEquals(Map.of(), Adjustments.NONE.maxEntries());
    }
}
