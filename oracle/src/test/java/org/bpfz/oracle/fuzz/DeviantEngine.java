package org.bpfz.oracle.fuzz;

import java.util.List;
import java.util.function.UnaryOperator;
import org.bpfz.oracle.model.Engines;
import org.bpfz.spec.engine.Engine;
import org.bpfz.spec.engine.Environment;
import org.bpfz.spec.engine.Executable;
import org.bpfz.spec.engine.Facts;
import org.bpfz.spec.engine.Invocation;
import org.bpfz.spec.engine.Result;
import org.bpfz.spec.engine.Services;
import org.bpfz.spec.map.BpfMap;
import org.bpfz.spec.program.MapSpec;
import org.bpfz.spec.program.ProgramImage;

/**
 * The specification, but for how it runs programs.
 *
 * @param change what becomes of the specification's executables
 */
record DeviantEngine(String name, UnaryOperator<Executable> change) implements Engine {
    static final Engine SPECIFICATION = Engines.named(Engines.SPECIFICATION);

    @Override
    public Environment open(Services services) {
        return new DeviantEnvironment(change, SPECIFICATION.open(services));
    }

    private record DeviantEnvironment(UnaryOperator<Executable> change, Environment right) implements Environment {
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
            return change.apply(right.load(image, maps, facts));
        }
    }

    /**
     * An executable of the specification with other results.
     *
     * @param asked what it is run with in the place of an invocation
     * @param flips the bits of the returned value that are wrong
     */
    record Deviant(Executable right, UnaryOperator<Invocation> asked, long flips) implements Executable {
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
            Result result = right.run(asked.apply(invocation));
            return new Result(result.r0() ^ flips, result.fault(), result.context(), result.packet(), result.events());
        }

        @Override
        public Timing repeat(Invocation invocation, int times) {
            return right.repeat(invocation, times);
        }
    }
}
