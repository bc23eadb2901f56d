package org.bpfz.oracle.model;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bpfz.loader.BpfObject;
import org.bpfz.loader.BpfProgram;
import org.bpfz.lzo.Lzo1x;
import org.bpfz.lzo.WorkMemory;
import org.bpfz.spec.engine.Engine;
import org.bpfz.spec.engine.Environment;
import org.bpfz.spec.engine.Executable;
import org.bpfz.spec.engine.Facts;
import org.bpfz.spec.engine.HelperReading;
import org.bpfz.spec.engine.Invocation;
import org.bpfz.spec.engine.Result;
import org.bpfz.spec.engine.Services;
import org.bpfz.spec.kernel.Hooks;
import org.bpfz.spec.kernel.Reading;
import org.bpfz.spec.kernel.Rope;
import org.bpfz.spec.kernel.Task;
import org.bpfz.spec.kernel.Variant;
import org.bpfz.spec.map.BpfMap;
import org.bpfz.spec.program.MapSpec;
import org.bpfz.spec.program.ProgramImage;
import org.jspecify.annotations.Nullable;

/**
 * The programs behind the two hooks of one modelled kernel: loads objects into an engine and runs what the kernel asks for.
 *
 * <p>For one thread, as an engine's environment is. Time and random numbers are the same in every run, so that two engines, and
 * two runs, can be compared.
 */
public final class ProgramHost implements Hooks {
    /** Instructions that one run may take: entropy over 16 MiB needs a tenth of it, and a loop without end ends in a minute. */
    private static final long BUDGET = 1L << 31;

    private static final int CONTEXT_SIZE = 16;
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final Environment environment;
    private final Map<String, BpfMap> maps = new HashMap<>();
    private final List<LoadedProgram> programs = new ArrayList<>();

    /** A host without programs. */
    public ProgramHost(Engine engine, Services services) {
        environment = engine.open(services);
    }

    /** The services of every run: the kernel's LZO, the same time and random numbers each time, no trace pipe. */
    public static Services services(Reading reading) {
        WorkMemory work = new WorkMemory();
        HelperReading strict = HelperReading.STRICT;
        HelperReading.PastEnd pastEnd = switch (reading.get(Variant.CopyPastEnd.class)) {
            case ERROR -> HelperReading.PastEnd.ERROR;
            case AVAILABLE_PART -> HelperReading.PastEnd.PARTIAL;
        };
        return Services.repeatable(1)
                .withHelpers(
                        new HelperReading(strict.copyFromBuffer(), strict.lzoCompress(), pastEnd, strict.pastEndError(),
                                strict.noData()))
                .withLzo((data, offset, length) -> Lzo1x.compressedSize(data, offset, length, work));
    }

    /**
     * Creates the maps of an object and loads each of its programs that is not marked to be left out.
     *
     * @throws org.bpfz.loader.elf.BadObject              if a program can not be linked
     * @throws org.bpfz.spec.engine.MapCreationException if the kernel would refuse a map
     */
    public List<LoadedProgram> load(BpfObject object) {
        return load(object, Map.of());
    }

    /**
     * The same, for programs of which a verifier has proved something.
     *
     * @param facts by the program's name; of others nothing is known
     */
    public List<LoadedProgram> load(BpfObject object, Map<String, ? extends Facts> facts) {
        List<BpfMap> created = object.maps().stream().map(definition -> createMap(definition.spec())).toList();
        List<LoadedProgram> loaded = new ArrayList<>();
        for (BpfProgram program : object.programs()) {
            if (program.autoload()) {
                Facts proved = facts.containsKey(program.name()) ? facts.get(program.name()) : Facts.NONE;
                loaded.add(add(object.name(), environment.load(object.program(program), created, proved)));
            }
        }
        return loaded;
    }

    /**
     * Creates a map, which is found by its name from here on.
     *
     * @throws org.bpfz.spec.engine.MapCreationException if the kernel would refuse it
     */
    public BpfMap createMap(MapSpec spec) {
        BpfMap map = environment.createMap(spec);
        maps.put(spec.name(), map);
        return map;
    }

    /** All maps in the order of creation. */
    public List<BpfMap> maps() {
        return environment.maps();
    }

    /**
     * Loads one program without maps.
     *
     * @param origin the file that it stands in, for complaints
     */
    public LoadedProgram load(String origin, ProgramImage image) {
        return add(origin, environment.load(image, Facts.NONE));
    }

    /**
     * Loads one program.
     *
     * @param origin the file that it stands in, for complaints
     * @param used   a map of this host for each map of the image
     */
    public LoadedProgram load(String origin, ProgramImage image, List<BpfMap> used) {
        return add(origin, environment.load(image, used, Facts.NONE));
    }

    /** Where its maps and programs are. */
    public Environment environment() {
        return environment;
    }

    /** Knows a map that was created in its environment by a name from here on. */
    public void name(String name, BpfMap map) {
        maps.put(name, map);
    }

    /** Takes in a program that was loaded into its environment. */
    public LoadedProgram adopt(String origin, ProgramImage image, Executable executable) {
        return add(origin, image, executable);
    }

    private LoadedProgram add(String origin, Executable executable) {
        return add(origin, executable.image(), executable);
    }

    private LoadedProgram add(String origin, ProgramImage image, Executable executable) {
        LoadedProgram program = new LoadedProgram(programs.size(), origin, image, executable);
        programs.add(program);
        return program;
    }

    /** The map of that name, of the object that was loaded last if several have it; null if none has. */
    public @Nullable BpfMap map(String name) {
        return maps.get(name);
    }

    /** The program that the kernel knows by a number. */
    public LoadedProgram program(int id) {
        return programs.get(id);
    }

    @Override
    public long decide(int program, Task task, int uid, int gid) {
        byte[] context = new byte[CONTEXT_SIZE];
        INT.set(context, 0, uid);
        INT.set(context, Integer.BYTES, gid);
        return run(program, task, Invocation.context(context));
    }

    @Override
    public long verify(int program, Task task, long offset, long size, Rope data) {
        byte[] context = new byte[CONTEXT_SIZE];
        LONG.set(context, 0, offset);
        LONG.set(context, Long.BYTES, size);
        return run(program, task, Invocation.context(context).data(data.shared()));
    }

    private long run(int id, Task task, Invocation.Builder invocation) {
        org.bpfz.spec.engine.Task caller = new org.bpfz.spec.engine.Task(task.pid(), task.tgid(),
                task.credentials().uid(),
                task.credentials().gid(), task.comm());
        return run(programs.get(id), invocation.task(caller));
    }

    /**
     * Runs a program of this host; returns its R0.
     *
     * @throws ProgramFaultException if it does what no verifier would have let it do
     */
    public long run(LoadedProgram program, Invocation.Builder invocation) {
        Result result = program.executable().run(invocation.budget(BUDGET).build());
        if (result.fault() != null) {
            throw new ProgramFaultException(program, result.fault());
        }
        return result.r0();
    }
}
