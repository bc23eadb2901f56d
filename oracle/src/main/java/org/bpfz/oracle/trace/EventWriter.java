package org.bpfz.oracle.trace;

import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.bpfz.oracle.calls.CallShape;
import org.bpfz.oracle.calls.Errnos;
import org.bpfz.oracle.calls.PathBytes;
import org.bpfz.oracle.calls.Shown;
import org.bpfz.oracle.scenario.RunEvent;
import org.bpfz.spec.kernel.Call;
import org.bpfz.spec.kernel.Destination;
import org.bpfz.spec.kernel.HookRun;
import org.bpfz.spec.kernel.OpenHow;
import org.bpfz.spec.kernel.Outcome;
import org.bpfz.spec.kernel.Output;
import org.bpfz.spec.kernel.Rope;
import org.bpfz.spec.kernel.Signal;
import org.bpfz.spec.kernel.Source;
import org.bpfz.spec.program.Clause;
import org.bpfz.spec.program.MapSpec;
import org.bpfz.spec.program.ProgramImage;
import org.jspecify.annotations.Nullable;

/** Writes one event of a trace as one line of JSON; says nothing of files and versions. */
final class EventWriter {
    /** Up to so many bytes stand in the line itself. */
    static final int INLINE = 64;

    private final @Nullable BlobStore blobs;
    private final boolean insights;

    /**
     * A writer of lines.
     *
     * @param blobs    keeps long data; null if nobody wants it kept
     * @param insights whether to write down what only a model can know
     */
    EventWriter(@Nullable BlobStore blobs, boolean insights) {
        this.blobs = blobs;
        this.insights = insights;
    }

    /** The event's line, without its end. */
    String line(RunEvent event) throws IOException {
        StringWriter text = new StringWriter();
        JsonWriter json = new JsonWriter(text);
        json.setHtmlSafe(false);
        json.beginObject();
        switch (event) {
            case RunEvent.Returned e -> {
                head(json, "call", e.line()).name("task").value(e.task());
                call(json, e.call(), e.entered());
                json.name("exit").value(e.exited());
                returned(json, e.outcome());
            }
            case RunEvent.Waits e -> {
                head(json, "wait", e.line()).name("task").value(e.task());
                call(json, e.call(), e.entered());
                hooks(json, e.outcome().runs());
            }
            case RunEvent.Loaded e -> load(json, e);
            case RunEvent.Attached e -> result(
                    head(json, "attach", e.line()).name("program").value(e.program()).name("target").value(e.target())
                            .name("link").value(e.link()).name("enter").value(e.entered()).name("exit")
                            .value(e.exited()),
                    e.result());
            case RunEvent.Detached e -> head(json, "detach", e.line()).name("link").value(e.link()).name("enter")
                    .value(e.entered()).name("exit").value(e.exited());
            case RunEvent.MapUpdated e -> result(element(json, "map_update", e.line(), e.map(), e.key(), e.value()),
                    e.result());
            case RunEvent.MapRead e -> result(element(json, "map_read", e.line(), e.map(), e.key(), e.value()),
                    e.result());
            case RunEvent.DiskSized e -> head(json, "disk", e.line()).name("size").value(e.size());
            case RunEvent.FilePlaced e -> file(json, e);
            case RunEvent.TaskMade e -> {
                head(json, "task", e.line()).name("task").value(e.task()).name("pid").value(e.pid()).name("uid")
                        .value(Integer.toUnsignedLong(e.uid())).name("gid").value(Integer.toUnsignedLong(e.gid()))
                        .name("umask").value(e.umask()).name("cwd");
                path(json, e.cwd());
            }
            case RunEvent.MapMade e -> map(head(json, "map", e.line()), e.spec());
            case RunEvent.Printed e -> head(json, "trace_pipe", e.line()).name("text").value(e.message());
            case RunEvent.Mismatch e -> head(json, "mismatch", e.line()).name("text").value(e.message());
        }
        json.endObject();
        json.flush();
        return text.toString();
    }

    private void load(JsonWriter json, RunEvent.Loaded event) throws IOException {
        ProgramImage image = event.image();
        head(json, "load", event.line()).name("object").value(event.object()).name("program").value(image.name())
                .name("type").value(image.type().toolName()).name("attach_type")
                .value(image.attachType() == null ? null : image.attachType().toolName()).name("target")
                .value(image.attachTarget()).name("licence").value(image.licence()).name("sleepable")
                .value(image.sleepable()).name("code").beginObject().name("length")
                .value((long) Long.BYTES * image.code().size());
        ByteBuffer code = ByteBuffer.allocate(Long.BYTES * image.code().size()).order(ByteOrder.LITTLE_ENDIAN);
        image.code().forEach(slot -> code.putLong(slot.toWord()));
        bytes(json, Rope.wrap(code.array()));
        json.endObject().name("maps");
        numbers(json, event.maps());
        if (event.elf() != null) {
            json.name("elf").beginObject().name("length").value(event.elf().length());
            bytes(json, event.elf());
            json.endObject();
        }
        result(json, event.result());
        if (!event.log().isEmpty()) {
            json.name("log").beginObject().name("length")
                    .value(event.log().getBytes(StandardCharsets.UTF_8).length);
            bytes(json, Rope.wrap(event.log().getBytes(StandardCharsets.UTF_8)));
            json.endObject();
        }
    }

    private static JsonWriter element(JsonWriter json, String kind, int line, String map, byte[] key, byte[] value)
            throws IOException {
        return head(json, kind, line).name("map").value(map).name("key").value(HexFormat.of().formatHex(key))
                .name("value").value(HexFormat.of().formatHex(value));
    }

    private void file(JsonWriter json, RunEvent.FilePlaced event) throws IOException {
        head(json, event.content() == null ? "dir" : "file", event.line()).name("path");
        path(json, event.path());
        json.name("mode").value(event.mode()).name("uid").value(Integer.toUnsignedLong(event.uid())).name("gid")
                .value(Integer.toUnsignedLong(event.gid()));
        if (event.content() != null) {
            json.name("content").beginObject().name("length").value(event.content().length());
            bytes(json, event.content());
            json.endObject();
        }
    }

    private void map(JsonWriter json, MapSpec spec) throws IOException {
        json.name("map").value(spec.name()).name("type").value(spec.type().toolName()).name("key_size")
                .value(Integer.toUnsignedLong(spec.keySize())).name("value_size")
                .value(Integer.toUnsignedLong(spec.valueSize())).name("max_entries")
                .value(Integer.toUnsignedLong(spec.maxEntries())).name("flags")
                .value(Integer.toUnsignedLong(spec.flags())).name("frozen").value(spec.frozen());
        if (spec.initial() != null) {
            json.name("initial").beginObject().name("length").value(spec.initial().length());
            bytes(json, Rope.wrap(spec.initial().toArray()));
            json.endObject();
        }
    }

    private static JsonWriter head(JsonWriter json, String kind, int line) throws IOException {
        return json.name("event").value(kind).name("line").value(line);
    }

    private static void result(JsonWriter json, long result) throws IOException {
        json.name("ret").value(result);
        String errno = Errnos.name(result);
        if (errno != null) {
            json.name("errno").value(errno);
        }
    }

    private void call(JsonWriter json, Call call, int entered) throws IOException {
        CallShape shape = CallShape.of(call);
        json.name("pid").value(call.task()).name("enter").value(entered).name("call").value(shape.name());
        json.name("args").beginObject();
        for (CallShape.Argument argument : shape.arguments()) {
            json.name(argument.name());
            argument(json, argument.shown());
        }
        json.endObject();
    }

    private void argument(JsonWriter json, Shown shown) throws IOException {
        switch (shown) {
            case Shown.Decimal(long value) -> json.value(value);
            case Shown.Octal(long value) -> json.value(value);
            case Shown.Symbol(var table, long value) -> json.value(value);
            case Shown.Folder(int fd) -> json.value(fd);
            case Shown.PathName(String path) -> path(json, path);
            case Shown.Data(Source source) -> source(json, source);
            case Shown.DataVector(var vector) -> {
                json.beginArray();
                for (Source source : vector.segments()) {
                    source(json, source);
                }
                json.endArray();
            }
            case Shown.Room(Destination room) -> room(json, room);
            case Shown.RoomVector(var vector) -> {
                json.beginArray();
                for (Destination room : vector.segments()) {
                    room(json, room);
                }
                json.endArray();
            }
            case Shown.Stored(Shown.Address address, _) -> json.value(switch (address) {
                case USABLE -> "usable";
                case NULL -> "null";
                case FAULT -> "fault";
            });
            case Shown.Offset(long offset, _) -> json.value(offset);
            case Shown.Rights(List<Integer> descriptors) -> numbers(json, descriptors);
            case Shown.How(OpenHow how) -> {
                if (how == null) {
                    json.nullValue();
                } else {
                    json.beginObject().name("flags").value(how.flags()).name("mode").value(how.mode()).name("resolve")
                            .value(how.resolve()).endObject();
                }
            }
        }
    }

    /** A path is bytes: those that are no UTF-8 can not stand in a JSON string. */
    private static void path(JsonWriter json, @Nullable String path) throws IOException {
        boolean isText = path == null || path.chars().noneMatch(c -> Character.isSurrogate((char) c));
        if (isText) {
            json.value(path);
        } else {
            json.beginObject().name("hex").value(HexFormat.of().formatHex(PathBytes.encode(path))).endObject();
        }
    }

    /** What the caller's memory holds: fewer bytes than the length where the rest can not be read. */
    private void source(JsonWriter json, Source source) throws IOException {
        json.beginObject().name("length").value(source.length());
        if (source.faults()) {
            json.name("readable").value(source.readable().length());
        }
        if (!source.userAddress()) {
            json.name("kernel_address").value(true);
        }
        bytes(json, source.readable());
        json.endObject();
    }

    private static void room(JsonWriter json, Destination room) throws IOException {
        json.beginObject().name("length").value(room.length());
        if (room.writable() < room.length()) {
            json.name("writable").value(room.writable());
        }
        if (!room.userAddress()) {
            json.name("kernel_address").value(true);
        }
        json.endObject();
    }

    /** What the kernel says of itself. */
    static String kernel(String kind, String message, int step) throws IOException {
        StringWriter text = new StringWriter();
        JsonWriter json = new JsonWriter(text);
        json.beginObject().name("event").value("kernel");
        if (step > 0) {
            json.name("line").value(step);
        }
        json.name("kind").value(kind).name("text").value(message).endObject().flush();
        return text.toString();
    }

    /** The end of a whole trace. */
    static String end(long events) throws IOException {
        StringWriter text = new StringWriter();
        JsonWriter json = new JsonWriter(text);
        json.beginObject().name("event").value("end").name("events").value(events).endObject().flush();
        return text.toString();
    }

    private void bytes(JsonWriter json, Rope bytes) throws IOException {
        if (!bytes.isKnown()) {
            json.name("unknown").value(true);
        } else if (bytes.length() <= INLINE) {
            json.name("hex").value(HexFormat.of().formatHex(bytes.toByteArray()));
        } else {
            json.name("sha256").value(blobs == null ? bytes.sha256() : blobs.put(bytes));
        }
    }

    private void returned(JsonWriter json, Outcome.Returned outcome) throws IOException {
        result(json, outcome.result());
        switch (outcome.output()) {
            case Output.None _ -> {
            }
            case Output.Data(Rope bytes) -> {
                json.name("out").beginObject().name("length").value(bytes.length());
                bytes(json, bytes);
                json.endObject();
            }
            case Output.Message(Rope bytes, var descriptors) -> {
                json.name("out").beginObject().name("length").value(bytes.length());
                bytes(json, bytes);
                json.name("rights");
                numbers(json, descriptors);
                json.endObject();
            }
            case Output.Stats(var sums) -> json.name("out").beginObject().name("written").value(sums.written())
                    .name("after").value(sums.after()).endObject();
            case Output.Pair(int first, int second) -> {
                json.name("out");
                numbers(json, List.of(first, second));
            }
            case Output.Offsets(Long in, Long out) -> json.name("out").beginObject().name("in").value(in).name("out")
                    .value(out).endObject();
            case Output.Attributes(int mode, int links, int uid, int gid, long size) -> json.name("out").beginObject()
                    .name("st_mode").value(mode).name("st_nlink").value(links).name("st_uid").value(uid).name("st_gid")
                    .value(gid).name("st_size").value(size).endObject();
        }
        hooks(json, outcome.runs());
        if (!outcome.signals().isEmpty()) {
            json.name("signals").beginArray();
            for (Signal signal : outcome.signals()) {
                json.value(signal.name());
            }
            json.endArray();
        }
        if (insights && !outcome.clauses().isEmpty()) {
            json.name("clauses").beginArray();
            for (String clause : outcome.clauses().stream().map(Clause::id).sorted().toList()) {
                json.value(clause);
            }
            json.endArray();
        }
    }

    private void hooks(JsonWriter json, List<HookRun> runs) throws IOException {
        if (!insights || runs.isEmpty()) {
            return;
        }
        json.name("hooks").beginArray();
        for (HookRun run : runs) {
            json.beginObject();
            switch (run) {
                case HookRun.Decide(int program, int uid, int gid, int result) -> json.name("hook").value("decide")
                        .name("program").value(program).name("uid").value(Integer.toUnsignedLong(uid)).name("gid")
                        .value(Integer.toUnsignedLong(gid)).name("ret").value(result);
                case HookRun.Verify(int program, long offset, long size, int result) ->
                    json.name("hook").value("verify")
                            .name("program").value(program).name("offset").value(offset).name("size").value(size)
                            .name("ret")
                            .value(result);
            }
            json.endObject();
        }
        json.endArray();
    }

    private static void numbers(JsonWriter json, List<Integer> numbers) throws IOException {
        json.beginArray();
        for (int number : numbers) {
            json.value(number);
        }
        json.endArray();
    }
}
