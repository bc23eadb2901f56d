package org.bpfz.oracle.trace;

import com.google.gson.stream.JsonWriter;
import java.io.Closeable;
import java.io.IOException;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bpfz.oracle.scenario.RunEvent;
import org.bpfz.oracle.scenario.Scenario;
import org.bpfz.spec.kernel.Variant;
import org.jspecify.annotations.Nullable;

/**
 * Writes a trace file, version 1: a header, then one JSON object a line for each event; long data goes beside the trace, into the
 * folder of the trace's name with {@code .data} behind it, each content under its SHA-256.
 */
public final class TraceWriter implements Closeable {
    /** The version of the format. */
    public static final int VERSION = 1;

    private final Writer out;
    private final EventWriter events;
    private long written;

    /** A trace of a run that has not begun; long data goes into the folder of its name with {@code .data} behind it. */
    public TraceWriter(Path file, Scenario scenario, String engine) throws IOException {
        this(file, file.resolveSibling(file.getFileName() + ".data"), scenario, engine, true);
    }

    /**
     * A trace of a run that has not begun.
     *
     * @param data     the folder for long data, beside the trace
     * @param insights whether to write down what only a model can know: the programs that ran, the clauses, its reading
     */
    public TraceWriter(Path file, Path data, Scenario scenario, String engine, boolean insights) throws IOException {
        this(file, data, scenario, new Origin("model", "6.12", engine), insights);
    }

    /**
     * A trace of a run that has not begun, on a real kernel.
     *
     * @param data    the folder for long data, beside the trace
     * @param kernel  what the kernel is called
     * @param release what it calls itself
     */
    public TraceWriter(Path file, Path data, Scenario scenario, String kernel, String release) throws IOException {
        this(file, data, scenario, new Origin(kernel, release, null), false);
    }

    private TraceWriter(Path file, Path data, Scenario scenario, Origin origin, boolean insights) throws IOException {
        out = Files.newBufferedWriter(file, StandardCharsets.UTF_8);
        events = new EventWriter(new BlobStore(data), insights);
        write(header(scenario, origin, data, insights));
    }

    /** What was traced, and what ran the programs of a model. */
    private record Origin(String kernel, String release, @Nullable String engine) {}

    private static String header(Scenario scenario, Origin origin, Path data, boolean insights) throws IOException {
        StringWriter text = new StringWriter();
        JsonWriter json = new JsonWriter(text);
        json.setHtmlSafe(false);
        json.beginObject().name("bpfz_trace").value(VERSION).name("kernel").value(origin.kernel).name("release")
                .value(origin.release);
        if (origin.engine != null) {
            json.name("engine").value(origin.engine);
        }
        json.name("scenario").value(String.valueOf(scenario.file().getFileName()));
        json.name("about").value(scenario.about()).name("clauses").beginArray();
        for (String clause : scenario.clauses()) {
            json.value(clause);
        }
        json.endArray();
        if (insights) {
            json.name("reading").beginArray();
            for (Variant answer : scenario.reading().departures()) {
                json.value(answer.clause().id() + "=" + answer.name());
            }
            json.endArray();
        }
        json.name("data").value(String.valueOf(data.getFileName())).endObject();
        json.flush();
        return text.toString();
    }

    /** Writes one event. */
    public void event(RunEvent event) throws IOException {
        write(events.line(event));
        written++;
    }

    /** Says that the kernel has come to its end. */
    public void panic(String text) throws IOException {
        kernel("panic", text, 0);
    }

    /**
     * Says that the kernel complains of itself.
     *
     * @param kind {@code message}, {@code warning}, {@code oops}, {@code panic} or {@code hang}
     * @param step the line of the scenario that was being done; 0 if that is not known
     */
    public void kernel(String kind, String text, int step) throws IOException {
        write(EventWriter.kernel(kind, text, step));
        written++;
    }

    /** Says that the trace is whole. */
    public void end() throws IOException {
        write(EventWriter.end(written));
    }

    /** The line that an event would be, with long data by hash alone: what two runs are compared by. */
    public static String line(RunEvent event) throws IOException {
        return new EventWriter(null, true).line(event);
    }

    private void write(String line) throws IOException {
        out.write(line);
        out.write('\n');
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
