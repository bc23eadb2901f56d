package org.bpfz.oracle.strace;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bpfz.oracle.syntax.CallText;
import org.bpfz.oracle.syntax.LineReader;
import org.bpfz.oracle.syntax.NotationException;
import org.bpfz.oracle.syntax.NotationReader;
import org.jspecify.annotations.Nullable;

/**
 * Reads what strace wrote, one event at a time, and joins the two halves of calls that another task's line interrupted.
 *
 * <p>Understands {@code -f} with and without {@code -o}, {@code -x}, {@code -xx}, {@code -y}, {@code -yy}, {@code -Y}, {@code -i},
 * {@code -n}, {@code -r}, {@code -t} and {@code -T}. A line that is none of strace's becomes a {@link StraceEvent.Remark}, so that
 * one damaged line does not end a long replay.
 */
public final class StraceReader implements Closeable {
    /** The pid of lines that name none: strace names the only task there is by nothing. */
    public static final int UNNAMED = 0;

    /** {@code [pid 123]} or {@code 123}, with {@code <name>} under -Y; then a time, an instruction pointer, a call number. */
    private static final Pattern PREFIX = Pattern
            .compile("(?:\\[pid +(\\d{1,9})(?:<[^>]*>)?\\] +|(\\d{1,9})(?:<[^>]*>)? +)?"
                    + "(?:\\d\\d:\\d\\d:\\d\\d(?:\\.\\d+)? +| *\\d+\\.\\d+ +)?(?:\\[[ \\d]+\\] )?(?:\\[[0-9a-f?]{8,}\\] )?");
    private static final Pattern RESUMED = Pattern.compile("<\\.\\.\\. (\\w+) resumed>");
    /** Without -o, strace says so in the middle of the line that it was about to write. */
    private static final Pattern ATTACHED = Pattern.compile("strace: Process (\\d{1,9}) (attached|detached)$");
    private static final String UNFINISHED = "<unfinished ...>";

    /** A call whose first half was read. */
    private record Open(int line, String name, String text) {}

    private final LineReader reader;
    private final Map<Integer, Open> open = new HashMap<>();
    /** The first task, and those whose attaching strace said. */
    private final Set<Integer> live = new LinkedHashSet<>(Set.of(UNNAMED));

    /** Reads the lines of a recording. */
    public StraceReader(LineReader reader) {
        this.reader = reader;
    }

    /** Opens a recording. */
    public static StraceReader open(Path log) throws IOException {
        return new StraceReader(LineReader.open(log));
    }

    /** The next event; null at the end. */
    public @Nullable StraceEvent next() throws IOException {
        String line = reader.next();
        if (line == null) {
            return null;
        }
        Matcher attached = ATTACHED.matcher(line);
        StringBuilder begun = new StringBuilder();
        while (attached.find()) {
            live.add(Integer.parseInt(attached.group(1)));
            if (begun.isEmpty() && attached.start() == 0) {
                return remark(UNNAMED, line);
            }
            begun.append(line, 0, attached.start());
            line = reader.next();
            if (line == null) {
                return remark(UNNAMED, "a line without its end");
            }
            attached = ATTACHED.matcher(line);
        }
        line = begun.append(line).toString();
        Matcher prefix = PREFIX.matcher(line);
        int from = prefix.lookingAt() ? prefix.end() : 0;
        return event(pid(prefix.group(1) != null ? prefix.group(1) : prefix.group(2)), line, from);
    }

    /** Without -o, strace names no task while there is only one; the first task is the one whose attaching it did not say. */
    private int pid(@Nullable String named) {
        if (named == null) {
            return live.size() == 1 ? live.iterator().next() : UNNAMED;
        }
        int pid = Integer.parseInt(named);
        return live.size() == 1 || live.contains(pid) ? pid : UNNAMED;
    }

    private StraceEvent event(int pid, String line, int from) {
        if (line.startsWith("--- ", from)) {
            int end = line.indexOf(' ', from + 4);
            return new StraceEvent.Signalled(pid, reader.number(),
                    line.substring(from + 4, end < 0 ? line.length() : end));
        }
        if (line.startsWith("+++ ", from)) {
            open.remove(pid);
            live.remove(pid);
            String how = line.substring(from + 4);
            return new StraceEvent.Ended(pid, reader.number(),
                    how.endsWith(" +++") ? how.substring(0, how.length() - 4) : how);
        }
        Matcher resumed = RESUMED.matcher(line).region(from, line.length());
        if (resumed.lookingAt()) {
            Open first = open.remove(pid);
            if (first == null || !first.name.equals(resumed.group(1))) {
                return remark(pid, "the first half of " + resumed.group(1) + " is missing");
            }
            return returned(pid, first.line, first.text + line.substring(resumed.end()), 0);
        }
        if (line.endsWith(UNFINISHED)) {
            return entered(pid, line.substring(from, line.length() - UNFINISHED.length()));
        }
        return returned(pid, reader.number(), line, from);
    }

    private StraceEvent entered(int pid, String text) {
        NotationReader notation = NotationReader.lenient(text, 0);
        String name = notation.takeWord();
        if (name == null) {
            return remark(pid, "not a line of strace's");
        }
        open.put(pid, new Open(reader.number(), name, text));
        try {
            return new StraceEvent.Entered(pid, reader.number(), new CallText(name, notation.openArguments(), null, 0));
        } catch (NotationException e) {
            return remark(pid, e.getMessage());
        }
    }

    private StraceEvent returned(int pid, int enteredAt, String text, int from) {
        // "exit_group(0 <unfinished ...>) = ?" and its like: the task ended inside the call.
        String whole = text.contains(UNFINISHED) ? text.replace(UNFINISHED, "") : text;
        try {
            CallText call = NotationReader.lenient(whole, from).call();
            if (call.result() == null) {
                return remark(pid, "a call without its result");
            }
            return new StraceEvent.Returned(pid, reader.number(), enteredAt, call);
        } catch (NotationException e) {
            return remark(pid, "not a line of strace's: " + e.getMessage());
        }
    }

    private StraceEvent remark(int pid, String text) {
        return new StraceEvent.Remark(pid, reader.number(), text);
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }
}
