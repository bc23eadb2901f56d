package org.bpfz.oracle.replay;

import java.util.ArrayList;
import java.util.List;
import org.bpfz.oracle.calls.CallReader;
import org.bpfz.oracle.syntax.CallText;
import org.bpfz.oracle.syntax.NotationException;
import org.bpfz.oracle.syntax.Value;
import org.bpfz.spec.Errno;
import org.bpfz.spec.kernel.Call;
import org.bpfz.spec.kernel.Destination;
import org.bpfz.spec.kernel.Rope;
import org.bpfz.spec.kernel.Source;
import org.jspecify.annotations.Nullable;

/**
 * Calls as strace prints them: data as strings of which the end may be cut, addresses as numbers where nothing could be read. Calls
 * that are a modelled one under another name are read as that.
 */
final class RecordedCalls extends CallReader {
    /** For the numbers in structures. */
    static final CallReader NUMBERS = new RecordedCalls(false);

    private static final int RENAME_NOREPLACE = 1;

    private final boolean faulted;

    private RecordedCalls(boolean faulted) {
        this.faulted = faulted;
    }

    /**
     * The modelled call; null if the model has none.
     *
     * @throws NotationException if the arguments are not those of the call
     */
    static @Nullable Call read(Recorded seen) throws NotationException {
        return switch (seen.name()) {
            // A failed execve changes nothing, and why it failed depends on the file's content.
            case "execve", "execveat" -> seen.result() == 0 ? new Call.Execve(seen.pid()) : null;
            case "statx" -> new RecordedCalls(false).read(seen.pid(), asStat(seen.text()));
            case "renameat2" -> renameat2(seen);
            default -> new RecordedCalls(seen.failedWith(Errno.EFAULT)).read(seen.pid(), seen.text());
        };
    }

    /** {@code statx(dirfd, path, flags, mask, {...})}: the same question as newfstatat's. */
    private static CallText asStat(CallText text) throws NotationException {
        List<Value.Field> arguments = text.arguments();
        if (arguments.size() < 5) {
            throw new NotationException(text.at(), "statx needs 5 arguments");
        }
        List<Value.Field> reordered = new ArrayList<>(arguments.subList(0, 2));
        reordered.add(arguments.get(4));
        reordered.add(arguments.get(2));
        return new CallText("newfstatat", reordered, text.result(), text.at());
    }

    /** RENAME_NOREPLACE that succeeded is a plain rename, as nothing was there to be replaced. */
    private static @Nullable Call renameat2(Recorded seen) throws NotationException {
        RecordedCalls calls = new RecordedCalls(false);
        Value flags = seen.text().argument(4);
        boolean onlyIfFree = (flags instanceof Value.Name(String name, _) && name.equals("RENAME_NOREPLACE"))
                || (flags instanceof Value.Int(long value, _) && value == RENAME_NOREPLACE);
        if (!onlyIfFree) {
            return calls.read(seen.pid(), seen.text());
        }
        CallText plain = new CallText("renameat", seen.text().arguments(), seen.text().result(), seen.text().at());
        return seen.failed() ? null : calls.read(seen.pid(), plain);
    }

    @Override
    protected @Nullable Long variable(String name) {
        return null;
    }

    @Override
    protected boolean isFault(Value value) {
        return value instanceof Value.Int || (value instanceof Value.Name(String name, _) && name.equals("NULL"));
    }

    @Override
    protected Source source(Value buffer, @Nullable Long count) throws NotationException {
        if (buffer instanceof Value.Text text) {
            Rope known = Rope.wrap(text.bytes());
            long length = count == null ? known.length() : count;
            if (length < 0) {
                return Source.faulting(known, length);
            }
            return Source.of(length <= known.length()
                    ? known.prefix(length)
                    : known.concat(Rope.unknown(length - known.length())));
        }
        if (count == null) {
            throw new NotationException(buffer.at(), "data expected");
        }
        return faulted || count < 0 ? Source.unmapped(count) : Source.of(Rope.unknown(count));
    }

    @Override
    protected Destination destination(Value buffer, long count) {
        return faulted || (isFault(buffer) && buffer instanceof Value.Name)
                ? Destination.unmapped(count)
                : Destination.of(count);
    }
}
