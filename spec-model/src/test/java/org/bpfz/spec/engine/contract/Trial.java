package org.bpfz.spec.engine.contract;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.bpfz.spec.engine.Engine;
import org.bpfz.spec.engine.Environment;
import org.bpfz.spec.engine.Executable;
import org.bpfz.spec.engine.Facts;
import org.bpfz.spec.engine.Invocation;
import org.bpfz.spec.engine.Result;
import org.bpfz.spec.engine.Services;
import org.bpfz.spec.engine.Task;
import org.bpfz.spec.isa.Assembler;
import org.bpfz.spec.isa.CallNames;
import org.bpfz.spec.isa.Encoder;
import org.bpfz.spec.isa.Program;
import org.bpfz.spec.isa.RawInstruction;
import org.bpfz.spec.map.BpfMap;
import org.bpfz.spec.program.HelperPrototype;
import org.bpfz.spec.program.Helpers;
import org.bpfz.spec.program.MapSpec;
import org.bpfz.spec.program.ProgramImage;
import org.bpfz.spec.program.ProgramType;
import org.jspecify.annotations.Nullable;

/**
 * All that a run depends on, written down once so that several engines can be given the same: programs, maps, invocation, services.
 *
 * <p>The first program runs; the others are loaded behind it, with the same maps, so that their ids are 2, 3, ... Unless told otherwise, a
 * program is of type SYSCALL, whose context is read-write memory, and the context is empty.
 */
public final class Trial {
    private static final Assembler ASSEMBLER = new Assembler(helperNames());

    private final List<List<RawInstruction>> programs = new ArrayList<>();
    private final List<MapSpec> maps = new ArrayList<>();
    private final List<Consumer<Environment>> preparations = new ArrayList<>();
    private ProgramType type = ProgramType.SYSCALL;
    private UnaryOperator<Services> services = UnaryOperator.identity();
    private byte[] context = new byte[0];
    private boolean raw;
    private byte @Nullable [] data;
    private byte @Nullable [] packet;
    private Task task = new Task(1234, 1200, 1000, 100, "worker");
    private int cpu;
    private long budget = Invocation.DEFAULT_BUDGET;

    private Trial(List<RawInstruction> code) {
        programs.add(code);
    }

    /** A run of the program that the assembler makes of the text. */
    public static Trial of(String text) {
        return new Trial(assemble(text));
    }

    /** A run of the program. */
    public static Trial of(Program program) {
        return new Trial(Encoder.encode(program));
    }

    /** The slots that the assembler makes of the text, with helpers by name. */
    public static List<RawInstruction> assemble(String text) {
        return Encoder.encode(ASSEMBLER.assemble(text));
    }

    /** The type of all programs. */
    public Trial type(ProgramType value) {
        type = value;
        return this;
    }

    /** One more map, the next in the programs' order. */
    public Trial map(MapSpec spec) {
        maps.add(spec);
        return this;
    }

    /** One more program. */
    public Trial program(String text) {
        programs.add(assemble(text));
        return this;
    }

    /** What user space does before the run. */
    public Trial before(Consumer<Environment> preparation) {
        preparations.add(preparation);
        return this;
    }

    /** The context. */
    public Trial context(byte... bytes) {
        context = bytes;
        raw = false;
        return this;
    }

    /** Raw memory in place of a context. */
    public Trial raw(byte... memory) {
        context = memory;
        raw = true;
        return this;
    }

    /** The written data. */
    public Trial data(byte... bytes) {
        data = bytes;
        return this;
    }

    /** The packet. */
    public Trial packet(byte... bytes) {
        packet = bytes;
        return this;
    }

    /** The task. */
    public Trial task(Task value) {
        task = value;
        return this;
    }

    /** The CPU. */
    public Trial cpu(int value) {
        cpu = value;
        return this;
    }

    /** The instruction budget. */
    public Trial budget(long value) {
        budget = value;
        return this;
    }

    /** What is different from {@link Services#repeatable}. */
    public Trial services(UnaryOperator<Services> change) {
        UnaryOperator<Services> before = services;
        services = given -> change.apply(before.apply(given));
        return this;
    }

    /** The images as they are loaded. */
    public List<ProgramImage> images() {
        List<ProgramImage> images = new ArrayList<>();
        for (List<RawInstruction> code : programs) {
            images.add(ProgramImage.builder("program" + (images.size() + 1), type).code(code).maps(maps).build());
        }
        return images;
    }

    /** The invocation of the first program. */
    public Invocation invocation() {
        Invocation.Builder builder = raw ? Invocation.raw(context) : Invocation.context(context);
        return builder.data(data).packet(packet).task(task).cpu(cpu).budget(budget).recordEvents().build();
    }

    /** Runs once in a new environment of the engine. */
    public Observation observe(Engine engine) {
        List<String> trace = new ArrayList<>();
        Services given = services.apply(
                Services.repeatable(1)
                        .withTrace((on, onCpu, message) -> trace.add(on.comm() + "/" + onCpu + ": " + message)));
        Environment environment = engine.open(given);
        List<BpfMap> created = maps.stream().map(environment::createMap).toList();
        List<Executable> loaded = images().stream().map(image -> environment.load(image, created, Facts.NONE)).toList();
        preparations.forEach(preparation -> preparation.accept(environment));
        Result result = loaded.getFirst().run(invocation());
        return new Observation(result, environment.maps().stream().map(Observation.Contents::of).toList(), trace);
    }

    private static CallNames helperNames() {
        Map<Integer, String> names = new HashMap<>();
        for (HelperPrototype helper : Helpers.all()) {
            names.put(helper.number(), helper.name());
        }
        return CallNames.ofHelpers(names);
    }
}
