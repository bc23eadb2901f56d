package org.bpfz.spec.engine;

import java.util.List;
import org.bpfz.spec.map.BpfMap;
import org.bpfz.spec.program.MapSpec;
import org.bpfz.spec.program.ProgramImage;

/**
 * What the programs of one kernel share: an address space, maps, loaded programs, and the services behind their helpers.
 *
 * <p>Maps and programs are of the engine that opened the environment and go into no other. An environment and all that is in it is for one
 * thread at a time.
 */
public interface Environment {

    /** The services that it was opened over. */
    Services services();

    /**
     * BPF_MAP_CREATE, then the initial value and freeze that the specification of the map asks for.
     *
     * @throws MapCreationException with the errno that the kernel would return, or ENOMEM where the arena is full
     */
    BpfMap createMap(MapSpec spec);

    /** The maps in order of creation: the one at index i has id i + 1. */
    List<BpfMap> maps();

    /**
     * Makes a program ready to run.
     *
     * @param maps  one for each of {@code image.maps()}, in their order, created by this environment
     * @param facts what a verifier has proved of the image, or {@link Facts#NONE}
     */
    Executable load(ProgramImage image, List<? extends BpfMap> maps, Facts facts);

    /** Creates a map for each of {@code image.maps()} and loads it with them. */
    default Executable load(ProgramImage image, Facts facts) {
        return load(image, image.maps().stream().map(this::createMap).toList(), facts);
    }
}
