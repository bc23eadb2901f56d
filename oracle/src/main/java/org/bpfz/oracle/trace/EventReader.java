package org.bpfz.oracle.trace;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import org.bpfz.loader.BpfObject;
import org.bpfz.loader.elf.BadObject;
import org.bpfz.oracle.trace.Fields.BadEventException;
import org.bpfz.spec.Bytes;
import org.bpfz.spec.isa.RawInstruction;
import org.bpfz.spec.kernel.Call;
import org.bpfz.spec.kernel.HookRun;
import org.bpfz.spec.kernel.Observation;
import org.bpfz.spec.kernel.Rope;
import org.bpfz.spec.kernel.Signal;
import org.bpfz.spec.program.AttachType;
import org.bpfz.spec.program.MapSpec;
import org.bpfz.spec.program.MapType;
import org.bpfz.spec.program.ProgramImage;
import org.bpfz.spec.program.ProgramType;
import org.jspecify.annotations.Nullable;

/** Reads the event of one line; says nothing of its place among the others. */
final class EventReader {
    private static final int MAX_MODE = 07777;
    private static final int MAX_CODE = 8 * 1_000_000;
    private static final int MAX_MAP = 1 << 24;

    private final BlobReader blobs;
    private final CallDecoder calls;
    private final Map<String, BpfObject> objects = new HashMap<>();
    /** The maps so far, which programs name by their numbers. */
    private final List<MapSpec> made = new ArrayList<>();

    EventReader(BlobReader blobs) {
        this.blobs = blobs;
        calls = new CallDecoder(blobs);
    }

    /** The event of a line. */
    TraceEvent event(int line, Fields e) {
        int step = (int) e.number("line", 0);
        String kind = e.text("event");
        return switch (kind) {
            case "call" -> called(line, step, e);
            case "wait" -> new TraceEvent.Waits(line, step, e.text("task"), order(e, "enter"), call(e));
            case "disk" -> new TraceEvent.Disk(line, step, e.number("size", 0, Long.MAX_VALUE));
            case "dir" -> placed(line, step, e, null);
            case "file" -> placed(line, step, e, bytes(e.object("content")));
            case "task" -> new TraceEvent.TaskMade(line, step, e.text("task"),
                    (int) e.number("pid", 2, Integer.MAX_VALUE), e.integer("uid"), e.integer("gid"),
                    (int) e.number("umask", 0, 0777), absolute(e, "cwd"));
            case "map" -> {
                made.add(map(e));
                yield new TraceEvent.MapMade(line, step, made.getLast());
            }
            case "load" -> load(line, step, e);
            case "attach" -> new TraceEvent.Attach(line, step, e.text("program"), e.textOrNull("target"),
                    e.text("link"), e.number("enter", 0), e.number("exit", 0), e.number("ret"));
            case "detach" ->
                new TraceEvent.Detach(line, step, e.text("link"), e.number("enter", 0), e.number("exit", 0));
            case "map_update" -> new TraceEvent.MapUpdate(line, step, e.text("map"), BlobReader.hex(e.text("key")),
                    BlobReader.hex(e.text("value")), e.number("ret"));
            case "map_read" -> new TraceEvent.MapRead(line, step, e.text("map"), BlobReader.hex(e.text("key")),
                    BlobReader.hex(e.text("value")), e.number("ret"));
            case "kernel" -> new TraceEvent.Kernel(line, step, trouble(e.text("kind")), e.text("text"));
            case "trace_pipe", "mismatch" -> new TraceEvent.Remark(line, step, e.text("text"));
            default -> throw new BadEventException("no such event: " + kind);
        };
    }

    private static long order(Fields e, String name) {
        return e.number(name, 1, Long.MAX_VALUE);
    }

    private Call call(Fields e) {
        return calls.call((int) e.number("pid", 1, Integer.MAX_VALUE), e.text("call"), e.object("args"));
    }

    private TraceEvent called(int line, int step, Fields e) {
        Call call = call(e);
        return new TraceEvent.Called(line, step, e.text("task"), order(e, "enter"), order(e, "exit"), call,
                new Observation.Returned(e.number("ret"), calls.output(call, e)), e.has("hooks") ? runs(e) : null,
                e.has("signals") ? signals(e) : null);
    }

    private static List<HookRun> runs(Fields e) {
        List<HookRun> runs = new ArrayList<>();
        for (Fields run : e.objects("hooks")) {
            int program = run.integer("program", 0);
            String hook = run.text("hook");
            runs.add(switch (hook) {
                case "decide" -> new HookRun.Decide(program, run.integer("uid"), run.integer("gid"),
                        run.integer("ret"));
                case "verify" -> new HookRun.Verify(program, run.number("offset"), run.number("size"),
                        run.integer("ret"));
                default -> throw new BadEventException("no such hook: " + hook);
            });
        }
        return runs;
    }

    private static Set<Signal> signals(Fields e) {
        Set<Signal> signals = EnumSet.noneOf(Signal.class);
        for (String name : e.texts("signals")) {
            try {
                signals.add(Signal.valueOf(name));
            } catch (IllegalArgumentException unknown) {
                throw new BadEventException("the model has no signal " + name);
            }
        }
        return signals;
    }

    private static TraceEvent.Trouble trouble(String kind) {
        for (TraceEvent.Trouble trouble : TraceEvent.Trouble.values()) {
            if (trouble.name().toLowerCase(Locale.ROOT).equals(kind)) {
                return trouble;
            }
        }
        throw new BadEventException("\"kind\": message, warning, oops, panic or hang expected, not " + kind);
    }

    private static String absolute(Fields e, String name) {
        String path = CallDecoder.path(e, name);
        if (path == null || !path.startsWith("/")) {
            throw new BadEventException("\"" + name + "\": an absolute path expected");
        }
        return path;
    }

    private static TraceEvent placed(int line, int step, Fields e, @Nullable Rope content) {
        return new TraceEvent.Placed(line, step, absolute(e, "path"), (int) e.number("mode", 0, MAX_MODE),
                e.integer("uid"), e.integer("gid"), content);
    }

    private Rope bytes(Fields holder) {
        return blobs.bytes(holder, holder.number("length"));
    }

    private MapSpec map(Fields e) {
        MapType type = MapType.ofToolName(e.text("type"));
        if (type == null) {
            throw new BadEventException("no such type of map: " + e.text("type"));
        }
        MapSpec spec = MapSpec.of(e.text("map"), type, (int) e.number("key_size", 0, MAX_MAP),
                (int) e.number("value_size", 0, MAX_MAP), (int) e.number("max_entries", 0, MAX_MAP))
                .withFlags(e.integer("flags", 0));
        if (e.has("initial")) {
            Rope initial = bytes(e.object("initial"));
            if (initial.length() != spec.valueSize()) {
                throw new BadEventException("\"initial\": " + spec.valueSize() + " bytes expected");
            }
            spec = spec.withInitial(Bytes.of(initial.toByteArray()));
        }
        return e.flag("frozen") ? spec.asFrozen() : spec;
    }

    private TraceEvent load(int line, int step, Fields e) {
        ProgramType type = ProgramType.ofToolName(e.text("type"));
        if (type == null) {
            throw new BadEventException("no such type of program: " + e.text("type"));
        }
        String attachName = e.textOrNull("attach_type");
        AttachType attach = attachName == null ? null : AttachType.ofToolName(attachName);
        if (attachName != null && attach == null) {
            throw new BadEventException("no such attach type: " + attachName);
        }
        List<Integer> maps = e.has("maps") ? e.integers("maps") : List.of();
        if (maps.stream().anyMatch(number -> number < 0 || number >= made.size())) {
            throw new BadEventException("\"maps\": a map that is not there");
        }
        ProgramImage image = ProgramImage.builder(e.text("program"), type).attachType(attach)
                .attachTarget(e.textOrNull("target")).licence(e.text("licence", "GPL"))
                .sleepable(e.flag("sleepable")).code(code(e.object("code")))
                .maps(maps.stream().map(made::get).toList()).build();
        if (e.has("elf")) {
            image = ofObject(image, bytes(e.object("elf")));
        }
        Rope log = e.has("log") ? bytes(e.object("log")) : Rope.empty();
        return new TraceEvent.Load(line, step, e.text("object", ""), image,
                maps, e.number("ret"),
                new String(log.isKnown() ? log.toByteArray() : new byte[0], StandardCharsets.UTF_8));
    }

    /** The program with its types, which the verifier may need, if the object has it as the trace does. */
    private ProgramImage ofObject(ProgramImage image, Rope elf) {
        try {
            BpfObject object = objects.computeIfAbsent(elf.sha256(),
                    _ -> BpfObject.open(image.name(), elf.toByteArray()));
            ProgramImage whole = object.program(image.name());
            return whole.code().equals(image.code()) && whole.maps().size() == image.maps().size() ? whole : image;
        } catch (BadObject | IllegalArgumentException | NoSuchElementException e) {
            throw new BadEventException("\"elf\": " + e.getMessage());
        }
    }

    private List<RawInstruction> code(Fields holder) {
        Rope bytes = bytes(holder);
        if (!bytes.isKnown() || bytes.length() % Long.BYTES != 0 || bytes.length() > MAX_CODE) {
            throw new BadEventException("\"code\": instructions of 8 bytes expected");
        }
        ByteBuffer slots = ByteBuffer.wrap(bytes.toByteArray()).order(ByteOrder.LITTLE_ENDIAN);
        List<RawInstruction> code = new ArrayList<>();
        while (slots.hasRemaining()) {
            code.add(RawInstruction.ofWord(slots.getLong()));
        }
        return code;
    }
}
