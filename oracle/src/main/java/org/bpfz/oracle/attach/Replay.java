package org.bpfz.oracle.attach;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bpfz.loader.Adjustments;
import org.bpfz.loader.BpfObject;
import org.bpfz.loader.BpfProgram;
import org.bpfz.oracle.InputException;
import org.bpfz.oracle.attach.PinFolder.PinnedLink;
import org.bpfz.oracle.attach.PinFolder.PinnedMap;
import org.bpfz.oracle.model.LoadedProgram;
import org.bpfz.spec.engine.Engine;
import org.bpfz.spec.map.BpfMap;

/**
 * One run of a recorded workload on a modelled kernel with programs attached: what {@code bpfz attach} does once for each engine, so that
 * the outcomes can be compared.
 */
public final class Replay {
    private final TracedKernel kernel;
    private final ByteArrayOutputStream piped = new ByteArrayOutputStream();
    private final TracePipe pipe;
    private final List<BpfObject> objects = new ArrayList<>();

    /** A kernel on which nothing is attached. */
    public Replay(KernelProfile profile, Engine engine) {
        pipe = new TracePipe(new PrintStream(piped, true, StandardCharsets.UTF_8), profile.version());
        kernel = new TracedKernel(profile, engine, pipe);
    }

    /**
     * What came of it; equal for all engines.
     *
     * @param pipe    the lines of the trace pipe
     * @param results of the events, 0 or a negative error number
     * @param maps    all maps by name, as they are afterwards
     */
    public record Outcome(String pipe, List<Integer> results, Map<String, PinnedMap> maps) {
        public Outcome {
            results = List.copyOf(results);
            maps = Map.copyOf(maps);
        }
    }

    /** The kernel. */
    public TracedKernel kernel() {
        return kernel;
    }

    /**
     * Loads an object and attaches the programs that are for functions.
     *
     * @param chosen names of the only programs that are loaded; empty for those that the object loads by itself
     * @return the links
     * @throws LoadException   if the verifier refuses a program
     * @throws AttachException if the kernel refuses to attach one
     */
    public List<Link> attach(BpfObject object, List<String> chosen) throws LoadException, AttachException {
        Adjustments changes = Adjustments.NONE;
        for (String name : chosen) {
            changes = changes.withAutoload(name, true);
        }
        if (!chosen.isEmpty()) {
            for (BpfProgram program : object.programs()) {
                changes = changes.withAutoload(program.name(), chosen.contains(program.name()));
            }
        }
        BpfObject adjusted = object.with(changes);
        objects.add(adjusted);
        List<Link> links = new ArrayList<>();
        for (LoadedProgram program : kernel.load(adjusted)) {
            links.add(kernel.attach(program));
        }
        return links;
    }

    /**
     * Attaches again what is pinned, and fills the maps.
     *
     * @throws InputException if an object that was kept is no longer what was pinned
     */
    public void attach(PinFolder folder) throws IOException, LoadException, AttachException {
        Map<String, List<PinnedLink>> byObject = new LinkedHashMap<>();
        folder.links().values()
                .forEach(link -> byObject.computeIfAbsent(link.object(), _ -> new ArrayList<>()).add(link));
        for (Map.Entry<String, List<PinnedLink>> entry : byObject.entrySet()) {
            attach(BpfObject.open(folder.object(entry.getKey())),
                    entry.getValue().stream().map(PinnedLink::program).toList());
            for (Map.Entry<String, String> pin : entry.getValue().getFirst().maps().entrySet()) {
                PinnedMap pinned = folder.map(pin.getValue());
                BpfMap map = kernel.map(pin.getKey());
                if (map == null) {
                    throw new InputException(folder.object(entry.getKey()) + ": there is no map '" + pin.getKey()
                            + "' that is pinned");
                }
                if (pinned != null) {
                    PinFolder.restore(pinned, map);
                }
            }
        }
    }

    /** Has the kernel do what was recorded. */
    public Outcome run(Workload workload) {
        BlockLayer blocks = new BlockLayer(kernel);
        List<Integer> results = new ArrayList<>();
        for (Workload.Event event : workload.events()) {
            pipe.setTime(event.time());
            results.add(Workload.replay(event, kernel, blocks));
        }
        Map<String, PinnedMap> maps = new LinkedHashMap<>();
        for (BpfObject object : objects) {
            object.maps().forEach(definition -> {
                BpfMap map = kernel.map(definition.spec().name());
                if (map != null) {
                    maps.put(definition.spec().name(), PinFolder.describe(map.id(), map));
                }
            });
        }
        return new Outcome(piped.toString(StandardCharsets.UTF_8), results, maps);
    }
}
