package org.bpfz.benchmarks;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Contenders who take turns in one JVM, so that what else goes on on the machine strikes all of them alike, and all run what the JVM has
 * compiled for all of them.
 *
 * <p>A turn of each takes about as long: who is fast runs more often in it.
 */
final class Match {
    private static final long TURN = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long SAMPLE = TimeUnit.MILLISECONDS.toNanos(200);
    private static final int ROUNDS = 5;
    private static final int MOST_RUNS = 1 << 20;

    /** Something that can be repeated. */
    @FunctionalInterface
    interface Task {
        /** Returns something that depends on all of the runs. */
        long run(int times) throws Exception;
    }

    private final List<Task> tasks;
    private final int operations;
    private final int[] times;
    private long sink;

    private Match(List<Task> tasks, int operations) {
        this.tasks = List.copyOf(tasks);
        this.operations = operations;
        times = new int[tasks.size()];
        Arrays.fill(times, 1);
    }

    /**
     * Lets all of them run until the compilers have nothing left to do.
     *
     * @param tasks      in the order in which {@link Turns} has their counters
     * @param operations what the time of a run is divided by
     * @param turns      so many of each, at least
     */
    static Match begin(List<Task> tasks, int operations, int turns) throws Exception {
        Match match = new Match(tasks, operations);
        Compilers.rest(match::settle, turns);
        return match;
    }

    private long settle() throws Exception {
        for (int i = 0; i < times.length; i++) {
            times[i] = (int) Math.clamp(TURN / (turn(i) * operations), 1, MOST_RUNS);
        }
        return sink;
    }

    /** One sample of each: the mean of at least five turns. */
    long sample(Turns counters) throws Exception {
        double[] nanos = new double[times.length];
        long begin = System.nanoTime();
        int rounds = 0;
        do {
            for (int i = 0; i < nanos.length; i++) {
                nanos[i] += turn(i);
            }
            rounds++;
        } while (rounds < ROUNDS || System.nanoTime() - begin < SAMPLE);
        for (int i = 0; i < nanos.length; i++) {
            counters.add(i, nanos[i] / rounds);
        }
        return sink;
    }

    /** Nanoseconds of an operation. */
    private double turn(int place) throws Exception {
        long begin = System.nanoTime();
        sink += tasks.get(place).run(times[place]);
        return (double) (System.nanoTime() - begin) / times[place] / operations;
    }
}
