package org.bpfz.proofs.syscalls;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.bpfz.spec.kernel.Call;
import org.bpfz.spec.kernel.Outcome;
import org.bpfz.spec.kernel.Output;
import org.bpfz.spec.kernel.Reading;
import org.bpfz.spec.kernel.Relation;
import org.bpfz.spec.kernel.State;
import org.bpfz.spec.kernel.Sums;
import org.jspecify.annotations.Nullable;

/** The sums of every descriptor after every sequence of calls, against books that are kept of what the calls returned. */
public final class SumsCheck implements Supplier<@Nullable String> {
    private static final int LENGTH = 3;
    static final String BOUND = "all sequences of up to " + LENGTH
            + " calls of two tasks on two descriptors: write (of 3 bytes, of 0, of 2 that verify refuses), reset, close, dup2, open; of up "
            + "to " + (LENGTH + 1) + " without open, close and the writes that are refused or empty";

    /** Which open file a descriptor is, by task and number, and the sums of each. */
    private record Books(Map<Integer, Integer> files, List<Sums> sums) {
        static int key(int task, int fd) {
            return 100 * task + fd;
        }

        Books copy() {
            return new Books(new HashMap<>(files), new ArrayList<>(sums));
        }

        void opened(int task, int fd) {
            sums.add(Sums.ZERO);
            files.put(key(task, fd), sums.size() - 1);
        }
    }

    @Override
    public @Nullable String get() {
        Books books = new Books(new HashMap<>(), new ArrayList<>());
        for (int fd : World.DESCRIPTORS) {
            books.opened(State.INIT, fd);
            books.files.put(Books.key(World.CHILD, fd), fd);
        }
        try {
            String wrong = after(World.begin(), books, new ArrayList<>(), World.calls(), LENGTH);
            List<Call> plain = World.calls().stream().filter(SumsCheck::isPlain).toList();
            return wrong == null ? after(World.begin(), books, new ArrayList<>(), plain, LENGTH + 1) : wrong;
        } catch (RuntimeException e) {
            return "the model fails: " + e;
        }
    }

    private static boolean isPlain(Call call) {
        return switch (call) {
            case Call.Write write -> write.source().length() == World.WRITTEN;
            case Call.Close _,Call.Open _ -> false;
            default -> true;
        };
    }

    private static @Nullable String after(State state, Books books, List<Call> done, List<Call> calls, int most) {
        String wrong = compare(state, books);
        if (wrong != null) {
            return done + ": " + wrong;
        }
        if (done.size() == most) {
            return null;
        }
        for (Call call : calls) {
            Outcome outcome = Relation.allowed(state, call, Reading.strict(), World.HOOKS).first();
            if (!(outcome instanceof Outcome.Returned returned)) {
                return call + " waits";
            }
            Books kept = books.copy();
            note(kept, call, returned.result());
            done.addLast(call);
            wrong = after(returned.next(), kept, done, calls, most);
            if (wrong != null) {
                return wrong;
            }
            done.removeLast();
        }
        return null;
    }

    private static void note(Books books, Call call, long result) {
        if (result < 0) {
            return;
        }
        switch (call) {
            case Call.Write write -> {
                int file = books.files.get(Books.key(write.task(), write.fd()));
                Sums before = books.sums.get(file);
                long after = World.compressed(write.source().length());
                books.sums.set(file, new Sums(before.written() + result, before.after() + after));
            }
            case Call.ResetCompressionStats reset ->
                books.sums.set(books.files.get(Books.key(reset.task(), reset.fd())), Sums.ZERO);
            case Call.Close close -> books.files.remove(Books.key(close.task(), close.fd()));
            case Call.Dup2 dup -> books.files.put(Books.key(dup.task(), dup.newFd()),
                    books.files.get(Books.key(dup.task(), dup.oldFd())));
            case Call.Open open -> books.opened(open.task(), (int) result);
            default -> throw new IllegalArgumentException("no books of " + call);
        }
    }

    private static @Nullable String compare(State state, Books books) {
        for (int task : World.TASKS) {
            for (int fd : World.DESCRIPTORS) {
                Outcome outcome = Relation
                        .allowed(state, new Call.GetCompressionStats(task, fd), Reading.strict(), World.HOOKS).first();
                Integer file = books.files.get(Books.key(task, fd));
                Sums said = outcome instanceof Outcome.Returned returned
                        && returned.output() instanceof Output.Stats(Sums sums) ? sums : null;
                Sums kept = file == null ? null : books.sums.get(file);
                if (said == null ? kept != null : !said.equals(kept)) {
                    return "descriptor " + fd + " of task " + task + " has " + said + ", not " + kept;
                }
            }
        }
        return null;
    }
}
