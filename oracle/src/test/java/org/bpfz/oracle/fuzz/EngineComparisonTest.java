package org.bpfz.oracle.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bpfz.oracle.model.Engines;
import org.bpfz.spec.engine.Engine;
import org.bpfz.spec.engine.Environment;
import org.bpfz.spec.engine.Executable;
import org.bpfz.spec.engine.Facts;
import org.bpfz.spec.engine.Invocation;
import org.bpfz.spec.engine.Result;
import org.bpfz.spec.engine.Services;
import org.bpfz.spec.isa.Assembler;
import org.bpfz.spec.isa.CallNames;
import org.bpfz.spec.isa.Encoder;
import org.bpfz.spec.map.BpfMap;
import org.bpfz.spec.program.MapSpec;
import org.bpfz.spec.program.ProgramImage;
import org.bpfz.spec.program.ProgramType;
import org.junit.jupiter.api.Test;

/** An engine may cut a run off later than the specification does, but what it ends by itself must end like that. */
class EngineComparisonTest {
    private static final Engine SPECIFICATION = Engines.named(Engines.SPECIFICATION);

    /** The specification with more patience, and one bit that may be wrong. */
    private record PatientEngine(long more, long wrong) implements Engine {
        @Override
        public String name() {
            return "patient";
        }

        @Override
        public Environment open(Services services) {
            return new PatientEnvironment(this, SPECIFICATION.open(services));
        }
    }

    private record PatientEnvironment(PatientEngine engine, Environment right) implements Environment {
        @Override
        public Services services() {
            return right.services();
        }

        @Override
        public BpfMap createMap(MapSpec spec) {
            return right.createMap(spec);
        }

        @Override
        public List<BpfMap> maps() {
            return right.maps();
        }

        @Override
        public Executable load(ProgramImage image, List<? extends BpfMap> maps, Facts facts) {
            return new PatientExecutable(engine, right.load(image, maps, facts));
        }
    }

    private record PatientExecutable(PatientEngine engine, Executable right) implements Executable {
        @Override
        public int id() {
            return right.id();
        }

        @Override
        public ProgramImage image() {
            return right.image();
        }

        @Override
        public Result run(Invocation invocation) {
            Result result = right.run(Invocation.raw(invocation.context()).budget(invocation.budget() + engine.more())
                    .build());
            return new Result(result.r0() ^ engine.wrong(), result.fault(), result.context(), result.packet(),
                    result.events());
        }

        @Override
        public Timing repeat(Invocation invocation, int times) {
            return right.repeat(invocation, times);
        }
    }

    private static Optional<String> difference(int rounds, Engine engine) {
        ProgramImage image = ProgramImage.builder("rounds", ProgramType.COMPRESSOR)
                .code(Encoder.encode(new Assembler(CallNames.ofHelpers(Map.of()))
                        .assemble("r0 = " + rounds + "\nloop: r0 -= 1\nif r0 != 0 goto loop\nr0 = 7\nexit\n")))
                .build();
        return new EngineComparison(List.of(SPECIFICATION, engine)).difference(image, Facts.NONE,
                List.of(Invocation.raw(new byte[8]).budget(EngineComparison.budget()).build()));
    }

    @Test
    void whatEndsAfterTheSpecificationHasGivenUpIsComparedWithTheWholeRun() {
        assertEquals(Optional.empty(), difference(20_000, new PatientEngine(900_000, 0)));
        String difference = difference(20_000, new PatientEngine(900_000, 1)).orElseThrow();
        assertEquals("patient: run 0: r0: 0x7 expected, 0x6 found", difference);
    }

    @Test
    void whatGoesOnForMoreThanAMillionInstructionsDiffers() {
        String difference = difference(600_000, new PatientEngine(2_000_000, 0)).orElseThrow();
        assertTrue(difference.startsWith("patient: run 0: fault: OutOfBudget"), difference);
    }
}
