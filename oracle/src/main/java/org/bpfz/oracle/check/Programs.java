package org.bpfz.oracle.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.bpfz.oracle.model.ProgramFaultException;
import org.bpfz.oracle.model.ProgramHost;
import org.bpfz.spec.engine.Engine;
import org.bpfz.spec.engine.HelperReading;
import org.bpfz.spec.isa.Instruction;
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
 * The programs of a trace, to be run as often as explanations need it: for each reading of HELP-3 a host of its own, whose maps are set to
 * those of the candidate that is looked at.
 */
final class Programs implements Hooks {
    private final List<ProgramHost> hosts = new ArrayList<>();
    private final List<MapContents> held = new ArrayList<>();
    private final List<Boolean> copies = new ArrayList<>();
    private final List<Boolean> pure = new ArrayList<>();
    private final List<Run> memory = new ArrayList<>();
    private int host;
    private boolean asked;
    private boolean changed;

    /** A run of a program that reads and writes no map, remembered for as long as one event is looked at. */
    private record Run(int host, int program, int pid, long first, long second, @Nullable Rope data, long result) {}

    Programs(Engine engine) {
        for (Variant reading : Reading.answers(Variant.CopyPastEnd.class)) {
            hosts.add(new ProgramHost(engine, ProgramHost.services(Reading.strict().with(reading))));
            held.add(MapContents.EMPTY);
        }
    }

    /** Creates a map in every host; returns what the maps hold then, for a candidate that had them as given. */
    void create(MapSpec spec) {
        hosts.forEach(each -> each.createMap(spec));
        forget();
    }

    private void forget() {
        for (int i = 0; i < hosts.size(); i++) {
            held.set(i, MapContents.of(hosts.get(i).maps()));
        }
    }

    /** What a new map holds, behind what the others hold. */
    MapContents grown(MapContents before) {
        List<List<MapContents.Element>> maps = new ArrayList<>(before.maps());
        List<List<MapContents.Element>> now = held.getFirst().maps();
        maps.addAll(now.subList(maps.size(), now.size()));
        return new MapContents(maps);
    }

    /** Loads a program that some reading accepts; returns the number by which the hooks know it. */
    int load(ProgramImage image, List<Integer> maps) {
        int id = -1;
        for (ProgramHost each : hosts) {
            List<BpfMap> used = maps.stream().map(each.maps()::get).toList();
            id = each.load("the trace", image, used).id();
        }
        copies.add(callsCopy(image));
        pure.add(maps.isEmpty());
        return id;
    }

    private static boolean callsCopy(ProgramImage image) {
        return image.decoded().instructions().stream()
                .anyMatch(each -> each instanceof Instruction.Call(Instruction.CallTarget.Helper(int number))
                        && number == HelperReading.STRICT.copyFromBuffer());
    }

    /** The map of that name, holding what it holds for a candidate; null if there is none. */
    @Nullable
    BpfMap map(String name, MapContents contents) {
        prepare(contents, Reading.strict());
        return hosts.getFirst().map(name);
    }

    /** Forgets the runs of the last event. */
    void next() {
        memory.clear();
    }

    /** From now on programs find the maps so, and helpers follow the reading. */
    @SuppressWarnings("ReferenceEquality") // the very contents that are there need no copy
    void prepare(MapContents contents, Reading reading) {
        host = reading.get(Variant.CopyPastEnd.class).ordinal();
        asked = false;
        changed = false;
        if (held.get(host) != contents) {
            contents.restore(hosts.get(host).maps());
            held.set(host, contents);
        }
    }

    /** Whether a program ran since that may have asked how HELP-3 is read. */
    boolean hasAsked() {
        return asked;
    }

    /** What the maps hold now, if they held the given before. */
    MapContents contents(MapContents before) {
        if (!changed) {
            return before;
        }
        MapContents now = MapContents.of(hosts.get(host).maps());
        MapContents same = now.equals(before) ? before : now;
        held.set(host, same);
        return same;
    }

    /** What the maps hold now that user space has changed one of them. */
    MapContents contentsAfterUpdate(MapContents before) {
        changed = true;
        return contents(before);
    }

    @Override
    public long decide(int program, Task task, int uid, int gid) {
        return run(program, task, uid, gid, null);
    }

    @Override
    public long verify(int program, Task task, long offset, long size, Rope data) {
        return run(program, task, offset, size, data);
    }

    private long run(int program, Task task, long first, long second, @Nullable Rope data) {
        if (program < 0) {
            throw new UnknownProgramException();
        }
        asked |= copies.get(program);
        if (!pure.get(program)) {
            changed = true;
            return execute(program, task, first, second, data);
        }
        for (Run run : memory) {
            if (run.host == host && run.program == program && run.pid == task.pid() && run.first == first
                    && run.second == second && Objects.equals(run.data, data)) {
                return run.result;
            }
        }
        long result = execute(program, task, first, second, data);
        memory.add(new Run(host, program, task.pid(), first, second, data, result));
        return result;
    }

    private long execute(int program, Task task, long first, long second, @Nullable Rope data) {
        try {
            return data == null
                    ? hosts.get(host).decide(program, task, (int) first, (int) second)
                    : hosts.get(host).verify(program, task, first, second, data);
        } catch (ProgramFaultException | Rope.UnknownContentException e) {
            throw new UnknownProgramException();
        }
    }

    /** A program ran of which the model can not say what it does: it should never have been loaded, or its data was not recorded. */
    static final class UnknownProgramException extends RuntimeException {
        private static final long serialVersionUID = 1;
    }
}
