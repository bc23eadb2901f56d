package org.bpfz.spec.machine;

import java.util.List;
import org.bpfz.spec.engine.Executable;
import org.bpfz.spec.engine.Invocation;
import org.bpfz.spec.engine.Result;
import org.bpfz.spec.isa.Program;
import org.bpfz.spec.map.SpecMap;
import org.bpfz.spec.program.ProgramImage;

/** A program of the specification with its maps. */
public final class LoadedProgram implements Executable {
    private final SpecEnvironment environment;
    private final int id;
    private final ProgramImage image;
    private final Program code;
    private final List<SpecMap> maps;

    LoadedProgram(SpecEnvironment environment, int id, ProgramImage image, Program code, List<SpecMap> maps) {
        this.environment = environment;
        this.id = id;
        this.image = image;
        this.code = code;
        this.maps = List.copyOf(maps);
    }

    @Override
    public int id() {
        return id;
    }

    @Override
    public ProgramImage image() {
        return image;
    }

    /** Its instructions. */
    public Program code() {
        return code;
    }

    /** The maps that it refers to by index. */
    public List<SpecMap> maps() {
        return maps;
    }

    /** A machine that is about to run it, for those who want to look at each instruction. */
    public Machine start(Invocation invocation) {
        return new Machine(environment, this, invocation, Surroundings.of(image, invocation));
    }

    @Override
    public Result run(Invocation invocation) {
        return start(invocation).run();
    }

    @Override
    public Timing repeat(Invocation invocation, int times) {
        if (times < 1) {
            throw new IllegalArgumentException("repeated " + times + " times");
        }
        Surroundings surroundings = Surroundings.of(image, invocation);
        long start = System.nanoTime();
        Result result = new Machine(environment, this, invocation, surroundings).run();
        int runs = 1;
        for (; runs < times && result.fault() == null; runs++) {
            result = new Machine(environment, this, invocation, surroundings).run();
        }
        return new Timing(result, runs, System.nanoTime() - start);
    }
}
