package org.bpfz.oracle.cli;

import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.bpfz.loader.BpfObject;
import org.bpfz.loader.BtfFiles;
import org.bpfz.oracle.InputException;
import org.bpfz.oracle.attach.AttachException;
import org.bpfz.oracle.attach.BlockLayer;
import org.bpfz.oracle.attach.BlockLayer.Request;
import org.bpfz.oracle.attach.CallWorkloads;
import org.bpfz.oracle.attach.CopyHistogram;
import org.bpfz.oracle.attach.KernelProfile;
import org.bpfz.oracle.attach.Link;
import org.bpfz.oracle.attach.LoadException;
import org.bpfz.oracle.attach.PinFolder;
import org.bpfz.oracle.attach.PinFolder.PinnedLink;
import org.bpfz.oracle.attach.PinFolder.PinnedMap;
import org.bpfz.oracle.attach.Replay;
import org.bpfz.oracle.attach.Workload;
import org.bpfz.oracle.model.Engines;
import org.bpfz.spec.engine.Engine;
import org.bpfz.spec.map.BpfMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code bpfz attach}: programs on functions of the modelled kernel, and what they do to a recorded workload. */
@CommandLine.Command(description = {
    "Loads an object's programs, attaches them to the functions and tracepoints that their sections name, and has the modelled kernel do again"
            + " what was recorded.",
    "Events are lines of blkparse, or of a trace pipe that a program on memcpy has written; or system calls, of a scenario or of strace."
            + " With --state, links and maps outlive the command.",
    "Exit 0: loaded and attached; 1: the kernel refuses, or engines differ."}, sortOptions = false)
final class AttachCommand extends Command {
    private static final int MAX_EVENTS = 256 << 20;
    private static final String ALL = "all";

    @Parameters(index = "0", arity = "0..1", paramLabel = "OBJ", description = "An ELF object made by clang or gcc for BPF; without, what --state has.")
    private @Nullable Path object;

    @Option(names = "--kernel", paramLabel = "V", defaultValue = "6.12", description = "Which kernel: 6.12 or 4.12. Default: ${DEFAULT-VALUE}.")
    private String kernel = "";

    @Option(names = "--btf", paramLabel = "F", description = "Types of the kernel in the place of the built-in ones.")
    private @Nullable Path btf;

    @Option(names = "--prog", paramLabel = "NAME", description = "Only this program, whether or not the object loads it by itself; may be repeated.")
    private List<String> chosen = List.of();

    @Option(names = "--events", paramLabel = "FILE", description = "What happens: blkparse or trace pipe lines; - is standard input.")
    private @Nullable String events;

    @Option(names = "--scenario", paramLabel = "FILE", description = "What happens: the system calls of a scenario, and the copies that the kernel makes in them.")
    private @Nullable Path scenario;

    @Option(names = "--strace", paramLabel = "LOG", description = "What happens: the system calls that strace has recorded.")
    private @Nullable Path strace;

    @Option(names = "--histogram", paramLabel = "MAP", description = "Print this map as memcpy_stat does.")
    private @Nullable String histogram;

    @Option(names = "--engine", paramLabel = "E", defaultValue = Engines.SPECIFICATION, description = "spec, interpreter, jit or all. Default: ${DEFAULT-VALUE}.")
    private String engine = "";

    @Option(names = "--state", paramLabel = "DIR", description = "The folder that stands for the BPF file system.")
    private @Nullable Path state;

    @Option(names = "--pin", paramLabel = "PATH", description = "Pin links as PATH/PROGRAM and maps as PATH/MAP; needs --state.")
    private @Nullable String pin;

    @Option(names = "--json", description = "One JSON document.")
    private boolean json;

    AttachCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() throws IOException {
        KernelProfile profile = profile();
        if (object == null && state == null) {
            throw new InputException("an object or --state is needed");
        }
        if (pin != null && (state == null || !pin.startsWith(PinFolder.MOUNT))) {
            throw new InputException("--pin needs --state, and a path below " + PinFolder.MOUNT);
        }
        Workload workload = workload();
        PinFolder folder = state == null ? null : PinFolder.open(state);
        List<Engine> engines = engine.equals(ALL) ? Engines.all() : List.of(Engines.named(engine));
        try {
            Replay.@Nullable Outcome first = null;
            List<Link> links = List.of();
            for (Engine each : engines) {
                Replay replay = new Replay(profile, each);
                links = attach(replay, folder);
                Replay.Outcome outcome = replay.run(workload);
                if (first != null && !first.equals(outcome)) {
                    terminal.err().println("bpfz attach: engine " + each.name() + " differs from "
                            + engines.getFirst().name());
                    return ExitCode.NO;
                }
                first = first == null ? outcome : first;
                if (each.equals(engines.getLast())) {
                    keep(folder, links, replay, first);
                    print(replay, links, workload, first);
                }
            }
            return ExitCode.OK;
        } catch (LoadException e) {
            terminal.err().print(e.log());
            terminal.err().println("bpfz attach: " + e.getMessage());
            return ExitCode.NO;
        } catch (AttachException e) {
            terminal.err().println("bpfz attach: " + e.getMessage());
            return ExitCode.NO;
        }
    }

    /** All that happens, the events first. */
    private Workload workload() throws IOException {
        Workload workload = new Workload(List.of());
        String source = events;
        if (source != null) {
            String text = new String(Inputs.read(terminal, source, MAX_EVENTS), StandardCharsets.UTF_8);
            workload = workload.then(Workload.read(source, text));
        }
        if (scenario != null) {
            workload = workload.then(CallWorkloads.ofScenario(scenario));
        }
        return strace == null ? workload : workload.then(CallWorkloads.ofStrace(strace));
    }

    private KernelProfile profile() throws IOException {
        KernelProfile profile = KernelProfile.named(kernel);
        if (profile == null) {
            throw new InputException("--kernel " + kernel + ": 6.12 and 4.12 are modelled");
        }
        return btf == null ? profile : profile.withTypes(BtfFiles.read(btf, null));
    }

    private List<Link> attach(Replay replay, @Nullable PinFolder folder)
            throws IOException, LoadException, AttachException {
        if (folder != null) {
            replay.attach(folder);
        }
        return object == null
                ? replay.kernel().links()
                : replay.attach(Inputs.object(object), chosen);
    }

    private void keep(@Nullable PinFolder folder, List<Link> links, Replay replay, Replay.Outcome outcome)
            throws IOException {
        if (folder == null) {
            return;
        }
        Map<String, String> byName = new HashMap<>();
        folder.links().values().forEach(link -> byName.putAll(link.maps()));
        Path source = object;
        if (pin != null && source != null) {
            BpfObject opened = Inputs.object(source);
            Map<String, String> maps = new TreeMap<>();
            opened.maps().forEach(map -> maps.put(map.spec().name(), pin + "/" + map.spec().name()));
            byName.putAll(maps);
            String copy = folder.keep(source);
            for (Link link : links) {
                folder.put(pin + "/" + link.program().name(), new PinnedLink(folder.nextLinkId(), copy,
                        link.program().name(), link.function(), link.kind().name().toLowerCase(Locale.ROOT),
                        replay.kernel().profile().name(), maps));
            }
        }
        byName.forEach((name, path) -> {
            PinnedMap now = outcome.maps().get(name);
            if (now != null) {
                PinnedMap before = folder.map(path);
                int id = before == null ? folder.nextMapId() : before.id();
                folder.put(path, new PinnedMap(id, now.name(), now.type(), now.keySize(), now.valueSize(),
                        now.maxEntries(), now.flags(), now.frozen(), now.entries()));
            }
        });
        folder.save();
    }

    private void print(Replay replay, List<Link> links, Workload workload, Replay.Outcome outcome)
            throws IOException {
        if (json) {
            printJson(links, workload, outcome);
            return;
        }
        for (Link link : links) {
            terminal.out().println("attached " + link.program().name() + " ("
                    + link.kind().name().toLowerCase(Locale.ROOT) + ") to " + link.function());
        }
        terminal.out().print(outcome.pipe());
        printIo(workload, outcome);
        String wanted = histogram;
        if (wanted != null) {
            BpfMap map = replay.kernel().map(wanted);
            if (map == null) {
                throw new InputException("--histogram " + wanted + ": no such map");
            }
            terminal.out().print(CopyHistogram.print(map));
        }
    }

    private void printIo(Workload workload, Replay.Outcome outcome) {
        int failed = 0;
        int all = 0;
        for (int i = 0; i < workload.events().size(); i++) {
            if (workload.events().get(i) instanceof Workload.Io io) {
                all++;
                if (outcome.results().get(i) != 0) {
                    failed++;
                    terminal.out().println(describe(io.request()) + ": EIO");
                }
            }
        }
        if (all > 0) {
            terminal.out().println(failed + " of " + all + " I/Os failed");
        }
    }

    private static String describe(Request request) {
        return String.format(Locale.ROOT, "%d,%d %s %d + %d", request.major(), request.minor(), request.operation(),
                request.sector(), request.size() / BlockLayer.SECTOR);
    }

    private void printJson(List<Link> links, Workload workload, Replay.Outcome outcome) throws IOException {
        JsonWriter writer = Json.to(terminal);
        writer.beginObject();
        writer.name("links").beginArray();
        for (Link link : links) {
            writer.beginObject();
            writer.name("program").value(link.program().name());
            writer.name("kind").value(link.kind().name().toLowerCase(Locale.ROOT));
            writer.name("function").value(link.function());
            writer.endObject();
        }
        writer.endArray();
        writer.name("pipe").beginArray();
        for (String line : outcome.pipe().lines().toList()) {
            writer.value(line);
        }
        writer.endArray();
        writer.name("io").beginArray();
        for (int i = 0; i < workload.events().size(); i++) {
            if (workload.events().get(i) instanceof Workload.Io io) {
                writer.beginObject();
                writer.name("request").value(describe(io.request()));
                writer.name("result").value(outcome.results().get(i));
                writer.endObject();
            }
        }
        writer.endArray();
        writer.name("maps").beginObject();
        for (Map.Entry<String, PinnedMap> map : new TreeMap<>(outcome.maps()).entrySet()) {
            writer.name(map.getKey()).beginArray();
            for (Map<String, String> entry : map.getValue().entries()) {
                writer.beginObject();
                writer.name("key").value(entry.get("key"));
                writer.name("value").value(entry.get("value"));
                writer.endObject();
            }
            writer.endArray();
        }
        writer.endObject();
        writer.endObject();
        Json.end(writer, terminal);
    }
}
