package org.bpfz.spec.machine;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.bpfz.spec.Errno;
import org.bpfz.spec.engine.Environment;
import org.bpfz.spec.engine.Facts;
import org.bpfz.spec.engine.MapCreationException;
import org.bpfz.spec.engine.Services;
import org.bpfz.spec.isa.Decoder;
import org.bpfz.spec.isa.Program;
import org.bpfz.spec.map.BpfMap;
import org.bpfz.spec.map.MapRules;
import org.bpfz.spec.map.Registry;
import org.bpfz.spec.map.SpecMap;
import org.bpfz.spec.map.SpecMaps;
import org.bpfz.spec.memory.Area;
import org.bpfz.spec.memory.Layout;
import org.bpfz.spec.memory.MapArea;
import org.bpfz.spec.memory.Memory;
import org.bpfz.spec.program.MapSpec;
import org.bpfz.spec.program.ProgramImage;
import org.bpfz.spec.program.ProgramType;
import org.jspecify.annotations.Nullable;

/** The specification's maps and programs. */
public final class SpecEnvironment implements Environment, Registry {
    private final Services services;
    private final Layout layout = new Layout();
    private final List<SpecMap> maps = new ArrayList<>();
    private final List<LoadedProgram> programs = new ArrayList<>();

    SpecEnvironment(Services services) {
        this.services = services;
    }

    @Override
    public Services services() {
        return services;
    }

    @Override
    public SpecMap createMap(MapSpec spec) {
        MapRules.Refusal refusal = MapRules.refusal(spec);
        if (refusal != null) {
            throw new MapCreationException(spec.name(), refusal.errno(), refusal.reason());
        }
        MapArea area = MapArea.place(layout, spec, services.cpus());
        if (area == null) {
            throw new MapCreationException(spec.name(), Errno.ENOMEM, "the arena is full");
        }
        SpecMap map = SpecMaps.create(maps.size() + 1, spec, area, services.cpus(), this);
        maps.add(map);
        if (spec.frozen()) {
            map.freeze();
        }
        return map;
    }

    @Override
    public List<BpfMap> maps() {
        return Collections.unmodifiableList(maps);
    }

    @Override
    public LoadedProgram load(ProgramImage image, List<? extends BpfMap> bound, Facts facts) {
        if (bound.size() != image.maps().size()) {
            throw new IllegalArgumentException(
                    image.name() + " refers to " + image.maps().size() + " maps; " + bound.size() + " are given");
        }
        List<SpecMap> own = new ArrayList<>();
        for (BpfMap map : bound) {
            if (map(map.id()) != map) {
                throw new IllegalArgumentException("map " + map.spec().name() + " is of another environment");
            }
            own.add(maps.get(map.id() - 1));
        }
        Program code = Decoder.decode(image.code());
        if (code.slotCount() == 0) {
            throw new IllegalArgumentException(image.name() + " has no instructions");
        }
        LoadedProgram program = new LoadedProgram(this, programs.size() + 1, image, code, own);
        programs.add(program);
        return program;
    }

    @Override
    public LoadedProgram load(ProgramImage image, Facts facts) {
        return load(image, image.maps().stream().map(this::createMap).toList(), facts);
    }

    @Override
    public @Nullable SpecMap map(int id) {
        return id >= 1 && id <= maps.size() ? maps.get(id - 1) : null;
    }

    @Override
    public @Nullable ProgramType programType(int id) {
        LoadedProgram program = program(id);
        return program == null ? null : program.image().type();
    }

    /** The program with the id, or null. */
    @Nullable
    LoadedProgram program(int id) {
        return id >= 1 && id <= programs.size() ? programs.get(id - 1) : null;
    }

    /** All maps of a kind. */
    <M extends SpecMap> List<M> maps(Class<M> kind) {
        return maps.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    /** Puts the elements of all maps into a memory. */
    void addMapsTo(Memory memory) {
        for (SpecMap map : maps) {
            for (Area area : map.areas()) {
                memory.add(area);
            }
        }
    }
}
