package org.bpfz.loader.api;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bpfz.loader.BpfObject;
import org.bpfz.loader.Variables;
import org.bpfz.spec.bpf.BpfSystemCall;
import org.bpfz.spec.btf.Btf;

/** An object whose maps exist and whose programs are loaded, until it is closed. For one thread. */
public final class LoadedObject implements AutoCloseable {
    private final BpfSystemCall kernel;
    private final BpfObject object;
    private final Map<String, MapHandle> maps;
    private final Map<String, ProgramHandle> programs;
    private final List<LinkHandle> links = new ArrayList<>();
    private final List<Integer> descriptors;

    /**
     * What a loader has made.
     *
     * @param descriptors what is to be closed
     */
    LoadedObject(BpfSystemCall kernel, BpfObject object, Map<String, MapHandle> maps,
            Map<String, ProgramHandle> programs, List<Integer> descriptors) {
        this.kernel = kernel;
        this.object = object;
        this.maps = new LinkedHashMap<>(maps);
        this.programs = new LinkedHashMap<>(programs);
        this.descriptors = List.copyOf(descriptors);
    }

    /**
     * Creates the maps of an object and loads its programs.
     *
     * @throws org.bpfz.loader.elf.BadObject if a program can not be linked
     * @throws BpfCallException              if the kernel refuses something; of a program, with the whole log; nothing stays behind then
     */
    public static LoadedObject load(BpfObject object, BpfSystemCall kernel) {
        return new ObjectLoader(object, kernel).load();
    }

    /** What was loaded. */
    public BpfObject object() {
        return object;
    }

    /** The maps by name, in the object's order. */
    public Map<String, MapHandle> maps() {
        return new LinkedHashMap<>(maps);
    }

    /** The programs that were loaded, by name, in the object's order. */
    public Map<String, ProgramHandle> programs() {
        return new LinkedHashMap<>(programs);
    }

    /**
     * The map of a name.
     *
     * @throws IllegalArgumentException if there is none
     */
    public MapHandle map(String name) {
        return found(maps, "map", name);
    }

    /**
     * The program of a name.
     *
     * @throws IllegalArgumentException if there is none, or it was not to be loaded
     */
    public ProgramHandle program(String name) {
        return found(programs, "program", name);
    }

    private <T> T found(Map<String, T> all, String kind, String name) {
        T found = all.get(name);
        if (found == null) {
            throw new IllegalArgumentException(object.name() + ": no " + kind + " '" + name + "' is loaded; there are "
                    + String.join(", ", all.keySet()));
        }
        return found;
    }

    /**
     * The global variable of a name.
     *
     * @throws org.bpfz.loader.elf.BadObject if there is none
     */
    public VariableHandle variable(String name) {
        Variables.Place place = object.variable(name);
        Btf types = object.btf().orElseThrow();
        return new VariableHandle(map(place.map()), place, types);
    }

    /** Attaches all programs to what their sections name; the links are closed with this. */
    public List<LinkHandle> attachAll() {
        for (ProgramHandle program : programs.values()) {
            links.add(program.attach());
        }
        return List.copyOf(links);
    }

    @Override
    public void close() {
        links.forEach(LinkHandle::close);
        descriptors.forEach(kernel::close);
    }
}
