package org.bpfz.spec.kernel.live;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import org.bpfz.spec.kernel.Call;
import org.bpfz.spec.kernel.CallGenerator;
import org.bpfz.spec.kernel.State;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.jspecify.annotations.Nullable;

/**
 * Clause HOOK-6: without programs the model does what Linux does. Random sequences of calls run on both; results, errors, bytes
 * read and what is in the directory in the end must agree. The seeds are printed; {@code -Dbpfz.differential.seed} and
 * {@code -Dbpfz.differential.sequences} choose others.
 */
class LinuxDifferentialTest {
    private static final long SEED = Long.getLong("bpfz.differential.seed", 20260101);
    private static final int SEQUENCES = Integer.getInteger("bpfz.differential.sequences", 400);
    private static final int LENGTH = 40;
    private static final long SECONDS = 20;

    private static @Nullable Machine machine;

    @BeforeAll
    static void start() throws IOException, URISyntaxException {
        machine = Machine.startOrNull();
    }

    @AfterAll
    static void stop() throws IOException {
        if (machine != null) {
            machine.close();
        }
    }

    private static Machine machine() {
        Machine started = machine;
        assumeTrue(started != null, "skipped: needs Linux on x86-64 with a tmpfs at /dev/shm");
        if (started == null) {
            throw new IllegalStateException();
        }
        return started;
    }

    @Test
    void randomSequencesEndAlike() throws IOException {
        Machine linux = machine();
        for (Machine.Place place : linux.places()) {
            compare(linux, place, null, Math.max(SEQUENCES / linux.places().size(), 1));
        }
    }

    @Test
    void randomSequencesInASmallFileSystemEndAlike() throws IOException {
        Machine linux = machine();
        assumeTrue(linux.places().contains(Machine.Place.SANDBOX_ROOT), "skipped: a tmpfs can only be mounted by root");
        compare(linux, Machine.Place.SANDBOX_ROOT, 5 * 4096L, Math.max(SEQUENCES / 4, 1));
    }

    private static void compare(Machine linux, Machine.Place place, @Nullable Long bytes, int sequences)
            throws IOException {
        long deadline = System.nanoTime() + SECONDS * 1_000_000_000;
        State start = linux.start(place, bytes);
        int done = 0;
        int calls = 0;
        while (done < sequences && System.nanoTime() < deadline) {
            long seed = SEED + done;
            CallGenerator generator = new CallGenerator(seed, Machine.TASK);
            List<Call> sequence = linux.generate(start, generator, LENGTH);
            if (linux.difference(place, bytes, sequence) != null) {
                List<Call> smallest = shrink(sequence, shorter -> linux.difference(place, bytes, shorter) != null);
                throw new AssertionError("seed " + seed + " in " + place + ", shrunk to " + smallest.size() + " calls: "
                        + linux.difference(place, bytes, smallest) + "\n" + Machine.describe(start, smallest));
            }
            done++;
            calls += sequence.size();
        }
        System.out.println("against Linux, " + place + (bytes == null ? "" : ", " + bytes + " bytes") + ": " + done
                + " sequences, " + calls + " calls, seeds " + SEED + " to " + (SEED + done - 1));
        assertTrue(done > 0);
    }

    /** Whether a sequence shows a difference. */
    @FunctionalInterface
    private interface Differs {
        boolean in(List<Call> sequence) throws IOException;
    }

    /** Leaves out calls as long as a difference stays. */
    private static List<Call> shrink(List<Call> sequence, Differs differs) throws IOException {
        List<Call> smallest = sequence;
        for (int chunk = Math.max(sequence.size() / 2, 1); chunk > 0; chunk /= 2) {
            for (int at = smallest.size() - chunk; at >= 0; at -= chunk) {
                List<Call> shorter = new ArrayList<>(smallest);
                shorter.subList(at, Math.min(at + chunk, shorter.size())).clear();
                if (differs.in(shorter)) {
                    smallest = shorter;
                    at = Math.min(at, smallest.size());
                }
            }
        }
        return smallest;
    }
}
