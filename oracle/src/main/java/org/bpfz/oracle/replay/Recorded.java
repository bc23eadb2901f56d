package org.bpfz.oracle.replay;

import org.bpfz.oracle.calls.Errnos;
import org.bpfz.oracle.strace.StraceEvent;
import org.bpfz.oracle.syntax.CallText;
import org.bpfz.oracle.syntax.Value;
import org.bpfz.spec.kernel.Observation;
import org.bpfz.spec.kernel.Output;
import org.bpfz.spec.kernel.Rope;
import org.jspecify.annotations.Nullable;

/**
 * A call that a recording saw return.
 *
 * @param pid    the calling task
 * @param line   where its result stands
 * @param text   as strace printed it
 * @param result the raw result: a negative error number or the value
 */
record Recorded(int pid, int line, CallText text, long result) {

    /** What an event says; null if it does not say what the call returned, or returned a number that is no error of Linux's. */
    static @Nullable Recorded of(StraceEvent.Returned event) {
        CallText.ResultText result = event.call().result();
        if (result == null || result.unknown()) {
            return null;
        }
        Long raw = result.errno() == null ? Long.valueOf(result.value()) : Errnos.result(result.errno());
        return raw == null ? null : new Recorded(event.pid(), event.line(), event.call(), raw);
    }

    String name() {
        return text.name();
    }

    boolean failed() {
        return result < 0 && result >= -4095;
    }

    boolean failedWith(org.bpfz.spec.Errno errno) {
        return result == errno.negative();
    }

    /** What the checker of outcomes is asked to explain. Attributes are compared apart: strace prints some of them only. */
    Observation.Returned observation() {
        return new Observation.Returned(result, failed() ? Output.NONE : output());
    }

    private Output output() {
        return switch (name()) {
            case "read", "pread64" -> data(text.argument(1));
            case "readv", "preadv", "preadv2" -> segments(text.argument(1));
            case "pipe", "pipe2" -> pair(text.argument(0));
            case "socketpair" -> pair(text.argument(3));
            default -> Output.NONE;
        };
    }

    private Output data(@Nullable Value buffer) {
        return buffer instanceof Value.Text bytes && bytes.latin1().length() <= result
                ? new Output.Data(filled(Rope.wrap(bytes.bytes())))
                : Output.NONE;
    }

    private Output segments(@Nullable Value vector) {
        if (!(vector instanceof Value.Sequence segments)) {
            return Output.NONE;
        }
        Rope all = Rope.empty();
        for (Value item : segments.items()) {
            if (!(item instanceof Value.Struct segment) || !(segment.field("iov_base") instanceof Value.Text bytes)
                    || !(segment.field("iov_len") instanceof Value.Int length)) {
                return Output.NONE;
            }
            Rope known = Rope.wrap(bytes.bytes());
            long here = Math.min(length.value(), result - all.length());
            all = all.concat(known.length() >= here
                    ? known.prefix(Math.max(here, 0))
                    : known.concat(Rope.unknown(here - known.length())));
        }
        return all.length() > result ? Output.NONE : new Output.Data(filled(all));
    }

    private Rope filled(Rope known) {
        return known.concat(Rope.unknown(result - known.length()));
    }

    private static Output pair(@Nullable Value value) {
        return value instanceof Value.Sequence ends && ends.items().size() == 2
                && ends.items().get(0) instanceof Value.Int first && ends.items().get(1) instanceof Value.Int second
                        ? new Output.Pair((int) first.value(), (int) second.value())
                        : Output.NONE;
    }
}
