package org.bpfz.oracle.check;

import java.util.Optional;
import org.bpfz.oracle.trace.TraceEvent;
import org.bpfz.spec.kernel.Attachments;
import org.bpfz.spec.kernel.Call;
import org.bpfz.spec.kernel.Hooks;
import org.bpfz.spec.kernel.Inode;
import org.bpfz.spec.kernel.InodeKind;
import org.bpfz.spec.kernel.Observation;
import org.bpfz.spec.kernel.OpenFile;
import org.bpfz.spec.kernel.Outcome;
import org.bpfz.spec.kernel.Output;
import org.bpfz.spec.kernel.Relation;
import org.bpfz.spec.kernel.Rope;
import org.bpfz.spec.kernel.State;
import org.bpfz.spec.kernel.Sums;
import org.jspecify.annotations.Nullable;

/**
 * Goes on after a violation from what was seen: the sums, position or size that a call showed are taken for true, a write that came to pass
 * is made as the unpatched kernel makes it. So that one mistake of a kernel is told once and does not hide the next.
 */
final class Resync {
    private Resync() {
    }

    /**
     * The candidate as the observation shows the machine to be.
     *
     * @param strict the outcome that the specification gives first
     * @return null if what was seen does not say what the machine is like
     */
    static @Nullable Candidate after(Candidate from, TraceEvent.Called event, Outcome strict) {
        Candidate next = from.withWaiting(from.waiting().minus(event.call().task()));
        Integer file = Touched.file(from.state(), event.call());
        if (file != null && !(event.call() instanceof Call.Close)) {
            return onFile(next, event, strict, file);
        }
        boolean seenError = event.seen().isError();
        boolean strictError = strict instanceof Outcome.Returned returned && returned.isError();
        if (seenError) {
            return next;
        }
        boolean sameShape = strict instanceof Outcome.Returned returned && !strictError
                && returned.result() == event.seen().result();
        return sameShape ? next.with(strict.next()) : null;
    }

    private static Candidate onFile(Candidate from, TraceEvent.Called event, Outcome strict, int file) {
        Observation.Returned seen = event.seen();
        if (Touched.writes(event.call()) && !(event.call() instanceof Call.Ftruncate)) {
            return (seen.isError() ? from : written(from, event)).doubting(from.doubtful().plus(file));
        }
        if (seen.isError()) {
            return from;
        }
        return adopt(from.with(strict instanceof Outcome.Returned returned && !returned.isError()
                ? strict.next()
                : from.state()), event, file);
    }

    /** The write came to pass, whatever the programs say. */
    private static Candidate written(Candidate from, TraceEvent.Called event) {
        State bare = from.state().with(Attachments.NONE);
        Optional<Outcome> outcome = Relation.allowed(bare, event.call(), from.answers().first(), Hooks.NONE)
                .matching(event.seen());
        return outcome.map(made -> from.with(made.next().with(from.state().attachments()))).orElse(from);
    }

    /** What the call showed of the file is true. */
    static Candidate adopt(Candidate from, TraceEvent.Called event, int id) {
        State state = from.state();
        OpenFile file = state.files().get(id);
        if (file == null) {
            return from;
        }
        Inode inode = state.inode(file.inode());
        Candidate known = from.doubting(from.doubtful().minus(id));
        return switch (event.call()) {
            case Call.GetCompressionStats _ when event.seen().output() instanceof Output.Stats(Sums sums) ->
                known.with(
                        (file.verified() ? state.withFile(id, file.withSums(sums)) : state).with(inode.withSums(sums)));
            case Call.ResetCompressionStats _ ->
                known.with(state.withFile(id, file.withSums(Sums.ZERO)).with(inode.withSums(Sums.ZERO)));
            case Call.Lseek _ -> known.with(state.withFile(id, file.withPosition(event.seen().result())));
            case Call.Fstat _ when event.seen().output() instanceof Output.Attributes attributes ->
                known.with(sized(state, inode, attributes.size()));
            case Call.Read _,Call.Pread64 _,Call.Readv _,Call.Preadv _,Call.Preadv2 _ ->
                known.with(sized(state, inode, Math.max(inode.size(), event.seen().result())));
            default -> known;
        };
    }

    /** The file with a size and a content that is not known. */
    private static State sized(State state, Inode inode, long size) {
        return inode.kind() instanceof InodeKind.Regular
                ? state.with(inode.with(new InodeKind.Regular(Rope.unknown(size))))
                : state;
    }

    /** The file with the content that it has, which from now on is not known. */
    static State forget(State state, int id) {
        Inode inode = state.inodes().get(id);
        return inode != null && inode.kind() instanceof InodeKind.Regular(Rope content, var pages)
                ? state.with(inode.with(new InodeKind.Regular(Rope.unknown(content.length()), pages)))
                : state;
    }
}
