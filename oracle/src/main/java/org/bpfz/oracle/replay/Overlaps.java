package org.bpfz.oracle.replay;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bpfz.oracle.strace.StraceEvent;
import org.bpfz.oracle.strace.StraceReader;
import org.jspecify.annotations.Nullable;

/**
 * The events of a recording in order, with the calls that have begun and not yet returned, and a look ahead at what they will
 * return: the kernel may have done their work long before strace could say so.
 */
final class Overlaps implements Closeable {
    /** How many events the look ahead may keep. */
    private static final int MAX_AHEAD = 4096;

    private final StraceReader reader;
    private final Deque<StraceEvent> ahead = new ArrayDeque<>();
    private final Map<Integer, StraceEvent.Entered> begun = new LinkedHashMap<>();
    private final Set<Integer> done = new HashSet<>();

    private Overlaps(StraceReader reader) {
        this.reader = reader;
    }

    static Overlaps open(Path log) throws IOException {
        return new Overlaps(StraceReader.open(log));
    }

    /** The next event; null at the end. */
    @Nullable
    StraceEvent next() throws IOException {
        StraceEvent first = ahead.poll();
        return first != null ? first : reader.next();
    }

    /** A call has begun. */
    void begun(StraceEvent.Entered entered) {
        begun.put(entered.pid(), entered);
    }

    /** The call that a task has begun; null if it is in none. */
    StraceEvent.@Nullable Entered beganBy(int pid) {
        return begun.get(pid);
    }

    /** Calls of other tasks that have begun, the earliest first. */
    List<StraceEvent.Entered> begunByOthers(int pid) {
        return begun.values().stream().filter(entered -> entered.pid() != pid).toList();
    }

    /** The call of a task has returned, or is under way in the model. */
    void forget(int pid) {
        begun.remove(pid);
    }

    /** The call that a task is in has been made already: its return is no news. */
    void done(int pid) {
        begun.remove(pid);
        done.add(pid);
    }

    /** Whether the call that returns has been made already; asking forgets it. */
    boolean wasDone(int pid) {
        return done.remove(pid);
    }

    /** The return of the call that a task is in; null if it does not return within reach. */
    StraceEvent.@Nullable Returned lookAhead(int pid) {
        for (StraceEvent event : ahead) {
            if (event.pid() == pid && event instanceof StraceEvent.Returned returned) {
                return returned;
            }
        }
        try {
            while (ahead.size() < MAX_AHEAD) {
                StraceEvent event = reader.next();
                if (event == null) {
                    return null;
                }
                ahead.add(event);
                if (event.pid() == pid && event instanceof StraceEvent.Returned returned) {
                    return returned;
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return null;
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }
}
