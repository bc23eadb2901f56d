package org.bpfz.oracle.check;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.bpfz.oracle.calls.CallPrinter;
import org.bpfz.oracle.trace.TraceEvent;
import org.bpfz.spec.map.BpfMap;

/** What user space does to maps and sees of them, from each candidate. */
final class MapSteps {
    private final Programs programs;

    /**
     * What came of a step.
     *
     * @param right      whether some candidate explains it
     * @param candidates those that do; if none does, all of them with what was seen taken for true
     * @param allowed    what would have been seen, if none does
     */
    record Result(boolean right, List<Candidate> candidates, List<String> allowed) {}

    MapSteps(Programs programs) {
        this.programs = programs;
    }

    /** User space updates an element. */
    Result update(List<Candidate> candidates, TraceEvent.MapUpdate event) {
        List<Candidate> right = new ArrayList<>();
        List<Candidate> all = new ArrayList<>();
        List<String> allowed = new ArrayList<>();
        for (Candidate candidate : candidates) {
            BpfMap map = programs.map(event.map(), candidate.maps());
            int result = map == null || event.key().length != map.spec().keySize()
                    || event.value().length != map.userValueSize()
                            ? Integer.MIN_VALUE
                            : map.update(event.key(), event.value(), BpfMap.ANY);
            Candidate next = candidate.with(programs.contentsAfterUpdate(candidate.maps()));
            all.add(next);
            if (result == event.result()) {
                right.add(next);
            } else {
                note(allowed, result == Integer.MIN_VALUE ? "no such element" : CallPrinter.result(result));
            }
        }
        return right.isEmpty() ? new Result(false, all, allowed) : new Result(true, right, List.of());
    }

    /** User space looks an element up. */
    Result read(List<Candidate> candidates, TraceEvent.MapRead event) {
        List<Candidate> right = new ArrayList<>();
        List<Candidate> all = new ArrayList<>();
        List<String> allowed = new ArrayList<>();
        for (Candidate candidate : candidates) {
            BpfMap map = programs.map(event.map(), candidate.maps());
            if (map == null || event.key().length != map.spec().keySize()) {
                note(allowed, "no such element");
                all.add(candidate);
                continue;
            }
            byte[] value = new byte[map.userValueSize()];
            int result = map.lookup(event.key(), value, BpfMap.ANY);
            if (result == event.result() && (result < 0 || Arrays.equals(value, event.value()))) {
                right.add(candidate);
                continue;
            }
            note(allowed, result < 0 ? CallPrinter.result(result) : HexFormat.of().formatHex(value));
            if (event.result() == 0 && event.value().length == value.length) {
                map.update(event.key(), event.value(), BpfMap.ANY);
                all.add(candidate.with(programs.contentsAfterUpdate(candidate.maps())));
            } else {
                all.add(candidate);
            }
        }
        return right.isEmpty() ? new Result(false, all, allowed) : new Result(true, right, List.of());
    }

    private static void note(List<String> texts, String text) {
        if (!texts.contains(text)) {
            texts.add(text);
        }
    }

    String show(TraceEvent.MapUpdate event) {
        return "map " + event.map() + "[" + HexFormat.of().formatHex(event.key()) + "] = "
                + HexFormat.of().formatHex(event.value()) + ": " + CallPrinter.result(event.result());
    }

    String show(TraceEvent.MapRead event) {
        return "map " + event.map() + "[" + HexFormat.of().formatHex(event.key()) + "] is "
                + (event.result() < 0 ? CallPrinter.result(event.result()) : HexFormat.of().formatHex(event.value()));
    }
}
