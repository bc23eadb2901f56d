package org.bpfz.oracle.replay;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.bpfz.oracle.calls.PathBytes;
import org.bpfz.oracle.strace.StraceEvent;
import org.bpfz.oracle.strace.StraceReader;
import org.bpfz.oracle.syntax.Value;
import org.bpfz.spec.kernel.Credentials;
import org.jspecify.annotations.Nullable;

/**
 * What a first reading of a recording finds out before anything is replayed: who began, in which folder, with which mask, and whose
 * child each task is.
 *
 * @param uid      that tasks act for; null if no call says so
 * @param gid      likewise
 * @param umask    of the first task; null if it never changed it
 * @param cwd      of the first task; null if it did not ask for it before it went elsewhere
 * @param parents  the parent of each task that was made, by pid
 * @param filtered whether calls that every program makes are missing: with {@code -e trace=...}, descriptors may come from calls
 *                 that were not recorded
 * @param lines    how many lines there are
 */
record Survey(@Nullable Integer uid, @Nullable Integer gid, @Nullable Integer umask, @Nullable String cwd,
        Map<Integer, Integer> parents, boolean filtered, int lines) {

    private static final Set<String> MAKES_TASKS = Set.of("clone", "clone3", "fork", "vfork");

    /** Reads a recording once. */
    static Survey of(Path log) throws IOException {
        Collector collector = new Collector();
        int last = 0;
        try (StraceReader reader = StraceReader.open(log)) {
            for (StraceEvent event = reader.next(); event != null; event = reader.next()) {
                last = event.line();
                if (event instanceof StraceEvent.Returned returned) {
                    Recorded seen = Recorded.of(returned);
                    if (seen != null && !seen.failed()) {
                        collector.add(seen);
                    }
                }
            }
        }
        return new Survey(collector.uid, collector.gid, collector.umask, collector.cwd, Map.copyOf(collector.parents),
                !collector.mapped, last);
    }

    /** Whom the tasks act for: whom the recording names, or else the owner of its file. */
    Credentials user(Path log) throws IOException {
        return Credentials.of(uid != null ? uid : owner(log, "unix:uid"), gid != null ? gid : owner(log, "unix:gid"));
    }

    private static int owner(Path log, String attribute) throws IOException {
        try {
            return (Integer) Files.getAttribute(log, attribute);
        } catch (UnsupportedOperationException noUnix) {
            return 0;
        }
    }

    private static final class Collector {
        private final Map<Integer, Integer> parents = new HashMap<>();
        private final Set<Integer> moved = new HashSet<>();
        private boolean mapped;
        private @Nullable Integer first;
        private @Nullable Integer uid;
        private @Nullable Integer gid;
        private @Nullable Integer umask;
        private @Nullable String cwd;

        void add(Recorded seen) {
            if (first == null) {
                first = seen.pid();
            }
            boolean isFirst = seen.pid() == first;
            if (MAKES_TASKS.contains(seen.name()) && seen.result() > 0) {
                parents.put((int) seen.result(), seen.pid());
            }
            switch (seen.name()) {
                case "geteuid" -> uid = (int) seen.result();
                case "getuid" -> uid = uid == null ? Integer.valueOf((int) seen.result()) : uid;
                case "getegid" -> gid = (int) seen.result();
                case "getgid" -> gid = gid == null ? Integer.valueOf((int) seen.result()) : gid;
                case "umask" -> umask = umask == null && isFirst ? Integer.valueOf((int) seen.result()) : umask;
                case "mmap", "brk" -> mapped = true;
                case "chdir", "fchdir" -> moved.add(seen.pid());
                case "getcwd" -> {
                    boolean inherited = !moved.contains(seen.pid()) && !moved.contains(first);
                    if (cwd == null && inherited && seen.text().argument(0) instanceof Value.Text text) {
                        cwd = PathBytes.decode(text.bytes());
                    }
                }
                default -> {
                }
            }
        }
    }
}
