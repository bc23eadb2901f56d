package org.bpfz.loader.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.bpfz.loader.Adjustments;
import org.bpfz.loader.BpfObject;
import org.bpfz.spec.Errno;
import org.bpfz.spec.bpf.AttachPoints;
import org.bpfz.spec.bpf.Attr;
import org.bpfz.spec.bpf.BpfKernel;
import org.bpfz.spec.bpf.BpfSystemCall;
import org.bpfz.spec.bpf.Command;
import org.bpfz.spec.bpf.ProgramVerifier;
import org.bpfz.spec.engine.Facts;
import org.bpfz.spec.engine.Services;
import org.bpfz.spec.live.LiveBpf;
import org.bpfz.spec.live.LiveKernel;
import org.bpfz.spec.machine.SpecificationEngine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Objects in use: on the modelled kernel, and on the machine's where that is allowed. */
class LoadedObjectTest {
    private static final Path LIMITS = Path.of("..", "examples", "tracing", "limits.bpf.o");

    static BpfKernel model() {
        return new BpfKernel(new SpecificationEngine().open(Services.repeatable(1)), ProgramVerifier.TRUSTING,
                AttachPoints.NONE, null);
    }

    static Stream<BpfSystemCall> kernels() {
        String missing = LiveKernel.unavailable();
        if (missing != null) {
            System.out.println("skipped: LoadedObjectTest on the machine's kernel: " + missing);
        }
        return missing == null ? Stream.of(model(), new LiveBpf()) : Stream.of(model());
    }

    /** A frame of that many bytes behind its Ethernet header. */
    private static byte[] frame(int length) {
        byte[] frame = new byte[14 + length];
        frame[12] = 8;
        return frame;
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void globalsAreReadAndWrittenWhileProgramsRun(BpfSystemCall kernel) throws IOException {
        BpfObject object = BpfObject.open(LIMITS).withVariable("stats", 10);
        try (LoadedObject loaded = object.load(kernel)) {
            ProgramHandle program = loaded.program("limits");
            assertEquals(0, program.run(new byte[0], frame(100), 1).returned());
            assertEquals(1, program.run(new byte[0], frame(40), 1).returned());
            assertEquals(11, loaded.variable("stats").getLong());
            VariableHandle limits = loaded.variable("cfg");
            assertEquals(1500, limits.get().getLong("max"));
            limits.set(limits.get().setLong("min", 30).bytes());
            assertEquals(0, program.run(new byte[0], frame(40), 1).returned());
            loaded.variable("stats").setLong(-1);
            assertEquals(-1, loaded.variable("stats").getLong());
        }
    }

    @Test
    void nothingIsLeftOpenBehindAnObject() throws IOException {
        BpfKernel kernel = model();
        BpfObject.open(LIMITS).load(kernel).close();
        for (Command next : List.of(Command.MAP_GET_NEXT_ID, Command.PROG_GET_NEXT_ID, Command.BTF_GET_NEXT_ID)) {
            assertEquals(Errno.ENOENT.negative(), kernel.bpf(next, new Attr.NextId(0, 0)), next.name());
        }
    }

    @Test
    void aPinnedMapIsFoundAgainWithWhatIsInIt() throws IOException {
        BpfKernel kernel = model();
        String map = BpfObject.open(LIMITS).variable("stats").map();
        BpfObject object = BpfObject.open(LIMITS).with(Adjustments.NONE.withPin(map, "/sys/fs/bpf/stats"));
        try (LoadedObject first = object.load(kernel)) {
            first.variable("stats").setLong(7);
        }
        try (LoadedObject second = object.load(kernel)) {
            assertEquals(7, second.variable("stats").getLong());
        }
        assertEquals(0, kernel.unlink("/sys/fs/bpf/stats"));
        try (LoadedObject third = object.load(kernel)) {
            assertEquals(0, third.variable("stats").getLong());
        }
    }

    @Test
    void aRefusalCarriesTheWholeLogAndLeavesNothing() throws IOException {
        String log = "0: R1=ctx() R10=fp0\n" + "line\n".repeat(50_000) + "too bad\nprocessed 1 insns\n";
        BpfKernel kernel = new BpfKernel(new SpecificationEngine().open(Services.repeatable(1)),
                (_, _, level) -> new ProgramVerifier.Answer(Errno.EACCES, Facts.NONE, level == 0 ? "" : log, 1),
                AttachPoints.NONE, null);
        BpfObject object = BpfObject.open(LIMITS);
        ProgramRefusedException refused = assertThrows(ProgramRefusedException.class, () -> object.load(kernel));
        assertEquals(log, refused.log());
        assertEquals(Errno.EACCES, refused.errno());
        assertTrue(refused.getMessage().endsWith("program 'limits': too bad: EACCES"), refused.getMessage());
        assertEquals(Errno.ENOENT.negative(), kernel.bpf(Command.MAP_GET_NEXT_ID, new Attr.NextId(0, 0)));
    }

    @Test
    void programsThatAreNotWantedAreNotLoaded() throws IOException {
        try (LoadedObject loaded = BpfObject.open(LIMITS).with(Adjustments.NONE.withAutoload("limits", false))
                .load(model())) {
            assertTrue(loaded.programs().isEmpty());
            assertThrows(IllegalArgumentException.class, () -> loaded.program("limits"));
        }
    }

    @Test
    void elementsComeAsBytes() throws IOException {
        try (LoadedObject loaded = BpfObject.open(LIMITS).load(model())) {
            MapHandle map = loaded.map(loaded.object().variable("cfg").map());
            assertEquals(1, map.entries().size());
            assertNotNull(map.lookup(new byte[4]));
            assertNull(map.lookup(new byte[]{1, 0, 0, 0}));
            assertEquals(1500, loaded.variable("cfg").get().getLong("max"));
            assertEquals(Errno.EINVAL, assertThrows(BpfCallException.class, () -> map.delete(new byte[4])).errno());
        }
    }
}
