package org.bpfz.oracle.trace;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.Strictness;
import com.google.gson.JsonParser;
import com.google.gson.stream.JsonReader;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.bpfz.oracle.InputException;
import org.bpfz.oracle.trace.Fields.BadEventException;
import org.jspecify.annotations.Nullable;

/**
 * Reads a trace line by line, of any length in bounded memory, and sees to it that it is whole and in order: entries and exits are
 * numbered without gaps, a task is in one call at a time, and the last line says how many events there were.
 *
 * <p>Whatever is wrong is one {@link InputException} that names the line.
 */
public final class TraceReader implements Closeable {
    private static final int MAX_LINE = 1 << 20;
    private static final int BUFFER = 1 << 15;
    private static final int MAX_OPEN = 1 << 16;

    private final Path file;
    private final BufferedReader in;
    private final EventReader events;
    private final TraceHeader header;
    /** Entries of calls that wait, by their tasks. */
    private final Map<String, Long> waiting = new HashMap<>();
    /** Which of the numbers above {@link #settled} have been seen. */
    private final BitSet seen = new BitSet();
    private final char[] buffer = new char[BUFFER];
    private int at;
    private int filled;
    private long settled;
    private long lastExit;
    private int line;
    private long count;
    private boolean ended;

    /** Opens a trace and reads its header. */
    public TraceReader(Path file) throws IOException {
        this.file = file;
        if (Files.isDirectory(file)) {
            throw new InputException(file, "is a directory");
        }
        in = Files.newBufferedReader(file, StandardCharsets.UTF_8);
        try {
            header = header(Objects.requireNonNullElse(nextLine(), ""));
        } catch (BadEventException e) {
            in.close();
            throw problem(Objects.requireNonNull(e.getMessage()));
        } catch (InputException | IOException e) {
            in.close();
            throw e;
        }
        Path parent = file.toAbsolutePath().normalize().getParent();
        Path data = (parent == null ? Path.of("/") : parent).resolve(header.data());
        events = new EventReader(new BlobReader(data));
    }

    /** The first line. */
    public TraceHeader header() {
        return header;
    }

    /** The next event; null at the end of a whole trace. */
    public @Nullable TraceEvent next() throws IOException {
        if (ended) {
            return null;
        }
        String text = nextLine();
        if (text == null) {
            throw problem("the trace is cut off: its last line must be an event \"end\"");
        }
        try {
            Fields fields = new Fields(object(text));
            if ("end".equals(fields.text("event"))) {
                end(fields);
                return null;
            }
            TraceEvent event = events.event(line, fields);
            order(event);
            count++;
            return event;
        } catch (BadEventException e) {
            throw problem(Objects.requireNonNull(e.getMessage()));
        }
    }

    private void end(Fields fields) throws IOException {
        if (fields.number("events") != count) {
            throw new BadEventException("the trace says that it has " + fields.number("events") + " events, it has "
                    + count);
        }
        if (!seen.isEmpty()) {
            throw new BadEventException("an entry or exit is missing: nothing is number " + (settled + 1));
        }
        if (nextLine() != null) {
            throw new BadEventException("something follows behind the end");
        }
        ended = true;
    }

    /** Entries and exits are numbered from 1, each number stands once, and events stand in the order of their exits. */
    private void order(TraceEvent event) {
        switch (event) {
            case TraceEvent.Called e -> {
                Long waited = waiting.remove(e.task());
                if (waited == null) {
                    take(e.enter());
                } else if (waited != e.enter()) {
                    throw new BadEventException(
                            e.task() + " waits since " + waited + " and can not begin another call at "
                                    + e.enter());
                }
                exit(e.enter(), e.exit());
            }
            case TraceEvent.Waits e -> {
                if (waiting.putIfAbsent(e.task(), e.enter()) != null) {
                    throw new BadEventException(e.task() + " waits already");
                }
                take(e.enter());
            }
            case TraceEvent.Timed e -> {
                if (e.enter() != 0 || e.exit() != 0) {
                    take(e.enter());
                    exit(e.enter(), e.exit());
                }
            }
            default -> {
                // Has no place in the order of entries and exits.
            }
        }
    }

    private void exit(long enter, long exit) {
        if (exit <= enter) {
            throw new BadEventException("an exit at " + exit + " of what began at " + enter);
        }
        if (exit <= lastExit) {
            throw new BadEventException("out of order: an exit at " + exit + " behind one at " + lastExit);
        }
        lastExit = exit;
        take(exit);
    }

    private void take(long number) {
        long at = number - settled - 1;
        if (at < 0 || (at < MAX_OPEN && seen.get((int) at))) {
            throw new BadEventException("the number " + number + " of the order stands twice");
        }
        if (at >= MAX_OPEN) {
            throw new BadEventException("an entry or exit is missing: nothing is number " + (settled + 1));
        }
        seen.set((int) at);
        int whole = seen.nextClearBit(0);
        if (whole > 0 && (whole == seen.length() || whole >= MAX_OPEN / 2)) {
            BitSet rest = seen.get(whole, Math.max(whole, seen.length()));
            seen.clear();
            seen.or(rest);
            settled += whole;
        }
    }

    private TraceHeader header(String text) {
        Fields fields = new Fields(object(text));
        if (!fields.has("bpfz_trace")) {
            throw new BadEventException("not a trace: its first line must have \"bpfz_trace\"");
        }
        if (fields.number("bpfz_trace") != TraceWriter.VERSION) {
            throw new BadEventException("a trace of version " + fields.number("bpfz_trace") + "; this is for version "
                    + TraceWriter.VERSION);
        }
        String data = fields.text("data", "data");
        if (data.isEmpty() || data.contains("/") || data.equals("..") || data.indexOf('\0') >= 0) {
            throw new BadEventException("\"data\": the name of a folder beside the trace expected");
        }
        return new TraceHeader(fields.text("kernel", ""), fields.text("scenario", ""), fields.text("about", ""),
                fields.has("clauses") ? fields.texts("clauses") : java.util.List.of(), data);
    }

    private static JsonObject object(String text) {
        try (JsonReader reader = new JsonReader(new StringReader(text))) {
            reader.setStrictness(Strictness.STRICT);
            JsonElement element = JsonParser.parseReader(reader);
            if (element instanceof JsonObject object
                    && reader.peek() == com.google.gson.stream.JsonToken.END_DOCUMENT) {
                return object;
            }
        } catch (IOException | JsonParseException e) {
            throw new BadEventException("not a line of JSON");
        }
        throw new BadEventException("not one JSON object");
    }

    private @Nullable String nextLine() throws IOException {
        line++;
        StringBuilder text = null;
        while (true) {
            if (at == filled && !fill()) {
                if (text != null) {
                    throw problem("the trace is cut off in the middle of a line");
                }
                return null;
            }
            int end = at;
            while (end < filled && buffer[end] != '\n') {
                end++;
            }
            int known = text == null ? 0 : text.length();
            if (known + end - at > MAX_LINE) {
                throw problem("a line of more than " + MAX_LINE + " characters");
            }
            if (end < filled && text == null) {
                String whole = new String(buffer, at, end - at);
                at = end + 1;
                return whole;
            }
            text = text == null ? new StringBuilder(2 * (end - at) + 16) : text;
            text.append(buffer, at, end - at);
            boolean whole = end < filled;
            at = whole ? end + 1 : end;
            if (whole) {
                return text.toString();
            }
        }
    }

    private boolean fill() throws IOException {
        try {
            int read = in.read(buffer, 0, buffer.length);
            at = 0;
            filled = Math.max(read, 0);
            return read > 0;
        } catch (CharacterCodingException e) {
            throw problem("not UTF-8");
        }
    }

    private InputException problem(String message) {
        return new InputException(file, line, message);
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
