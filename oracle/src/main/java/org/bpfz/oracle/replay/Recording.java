package org.bpfz.oracle.replay;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bpfz.oracle.strace.StraceEvent;
import org.bpfz.oracle.strace.StraceReader;
import org.bpfz.oracle.syntax.NotationException;
import org.bpfz.spec.kernel.Call;
import org.jspecify.annotations.Nullable;

/** The modelled calls of a recording of strace as they stand there, without asking whether the model would answer so. */
public final class Recording {
    private Recording() {
    }

    /**
     * A call that returned.
     *
     * @param line   where its result stands, from 1
     * @param result the raw result: a negative error number or the value
     */
    public record Made(int line, Call call, long result) {}

    /** The calls of a recording in the order of their returns; lines that are none of strace's and calls that are not modelled are left out. */
    public static List<Made> calls(Path log) throws IOException {
        List<Made> made = new ArrayList<>();
        try (StraceReader reader = StraceReader.open(log)) {
            for (StraceEvent event = reader.next(); event != null; event = reader.next()) {
                Recorded seen = event instanceof StraceEvent.Returned returned ? Recorded.of(returned) : null;
                Call call = seen == null ? null : read(seen);
                if (seen != null && call != null) {
                    made.add(new Made(seen.line(), call, seen.result()));
                }
            }
        }
        return made;
    }

    private static @Nullable Call read(Recorded seen) {
        try {
            return RecordedCalls.read(seen);
        } catch (NotationException notTheCallsArguments) {
            return null;
        }
    }
}
