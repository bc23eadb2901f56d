package org.bpfz.benchmarks;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What each contender of a {@link Match} has taken in one iteration, in nanoseconds a run, as JMH counts it. */
@State(Scope.Thread)
@AuxCounters(AuxCounters.Type.EVENTS)
public class Turns {
    /** As many contenders as there are counters. */
    static final int PLACES = 5;

    /** Of the first contender, and so on. */
    public double first;
    public double second;
    public double third;
    public double fourth;
    public double fifth;

    void add(int place, double nanos) {
        switch (place) {
            case 0 -> first += nanos;
            case 1 -> second += nanos;
            case 2 -> third += nanos;
            case 3 -> fourth += nanos;
            case 4 -> fifth += nanos;
            default -> throw new IllegalArgumentException("there is no counter " + place);
        }
    }

    /** What JMH calls the counter of a place. */
    static String counter(int place) {
        return switch (place) {
            case 0 -> "first";
            case 1 -> "second";
            case 2 -> "third";
            case 3 -> "fourth";
            case 4 -> "fifth";
            default -> throw new IllegalArgumentException("there is no counter " + place);
        };
    }
}
