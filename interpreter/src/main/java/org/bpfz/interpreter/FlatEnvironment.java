package org.bpfz.interpreter;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.bpfz.interpreter.map.FlatArray;
import org.bpfz.interpreter.map.FlatHash;
import org.bpfz.interpreter.map.FlatMap;
import org.bpfz.interpreter.map.FlatQueue;
import org.bpfz.interpreter.map.FlatReferences;
import org.bpfz.interpreter.map.FlatRegistry;
import org.bpfz.interpreter.map.FlatRing;
import org.bpfz.interpreter.memory.FlatMemory;
import org.bpfz.spec.Errno;
import org.bpfz.spec.engine.Environment;
import org.bpfz.spec.engine.Executable;
import org.bpfz.spec.engine.Facts;
import org.bpfz.spec.engine.MapCreationException;
import org.bpfz.spec.engine.Services;
import org.bpfz.spec.isa.Program;
import org.bpfz.spec.map.BpfMap;
import org.bpfz.spec.map.MapRules;
import org.bpfz.spec.memory.Layout;
import org.bpfz.spec.memory.MapArea;
import org.bpfz.spec.program.MapSpec;
import org.bpfz.spec.program.ProgramImage;
import org.bpfz.spec.program.ProgramType;
import org.jspecify.annotations.Nullable;

/** One arena with its maps and programs: what the engines on flat memory have in common. */
public final class FlatEnvironment implements Environment, FlatRegistry {
    /** How an engine makes a program of an image. */
    @FunctionalInterface
    public interface Linker {
        /**
         * Makes a program.
         *
         * @param place what it is loaded from and into
         * @param facts what a verifier has proved
         */
        FlatProgram link(FlatProgram.Place place, Facts facts);
    }

    private final Services services;
    private final Linker linker;
    private final Layout layout = new Layout();
    private final FlatMemory memory = new FlatMemory();
    private final List<FlatMap> maps = new ArrayList<>();
    private final List<FlatProgram> programs = new ArrayList<>();

    /** An empty environment, whose programs the linker makes. */
    public FlatEnvironment(Services services, Linker linker) {
        this.services = services;
        this.linker = linker;
    }

    @Override
    public Services services() {
        return services;
    }

    /** The arena. */
    public FlatMemory memory() {
        return memory;
    }

    @Override
    public FlatMap createMap(MapSpec spec) {
        MapRules.Refusal refusal = MapRules.refusal(spec);
        if (refusal != null) {
            throw new MapCreationException(spec.name(), refusal.errno(), refusal.reason());
        }
        MapArea area = MapArea.place(layout, spec, services.cpus());
        if (area == null) {
            throw new MapCreationException(spec.name(), Errno.ENOMEM, "the arena is full");
        }
        try {
            memory.reserve(layout.end());
        } catch (OutOfMemoryError e) {
            throw new MapCreationException(spec.name(), Errno.ENOMEM, "the heap is full");
        }
        FlatMap map = create(maps.size() + 1, spec, area);
        maps.add(map);
        if (spec.frozen()) {
            map.freeze();
        }
        return map;
    }

    private FlatMap create(int id, MapSpec spec, MapArea area) {
        return switch (spec.type()) {
            case ARRAY, PERCPU_ARRAY -> new FlatArray(id, spec, area, memory);
            case HASH, PERCPU_HASH, LRU_HASH, LRU_PERCPU_HASH -> new FlatHash(id, spec, area, memory, services.cpus());
            case PROG_ARRAY, ARRAY_OF_MAPS, HASH_OF_MAPS -> new FlatReferences(id, spec, this);
            case QUEUE, STACK -> new FlatQueue(id, spec);
            case RINGBUF -> new FlatRing(id, spec, area, memory);
            default -> throw new MapCreationException(spec.name(), Errno.EINVAL,
                    spec.type().kernelName() + " is not there in the fast engines");
        };
    }

    @Override
    public List<BpfMap> maps() {
        return Collections.unmodifiableList(maps);
    }

    /** The maps as what they are. */
    public List<FlatMap> flatMaps() {
        return maps;
    }

    @Override
    public Executable load(ProgramImage image, List<? extends BpfMap> bound, Facts facts) {
        if (bound.size() != image.maps().size()) {
            throw new IllegalArgumentException(
                    image.name() + " refers to " + image.maps().size() + " maps; " + bound.size() + " are given");
        }
        List<FlatMap> own = new ArrayList<>();
        for (BpfMap given : bound) {
            FlatMap map = map(given.id());
            if (map == null || map != given) {
                throw new IllegalArgumentException("map " + given.spec().name() + " is of another environment");
            }
            own.add(map);
        }
        Program program = image.decoded();
        if (program.slotCount() == 0) {
            throw new IllegalArgumentException(image.name() + " has no instructions");
        }
        FlatProgram loaded = linker.link(new FlatProgram.Place(this, programs.size() + 1, image, program, own), facts);
        programs.add(loaded);
        return loaded;
    }

    @Override
    public @Nullable FlatMap map(int id) {
        return id >= 1 && id <= maps.size() ? maps.get(id - 1) : null;
    }

    @Override
    public @Nullable ProgramType programType(int id) {
        return id >= 1 && id <= programs.size() ? program(id).image().type() : null;
    }

    /** The programs in order of loading. */
    public List<FlatProgram> programs() {
        return Collections.unmodifiableList(programs);
    }

    /** The program with an id that a prog array holds. */
    public FlatProgram program(int id) {
        return programs.get(id - 1);
    }
}
