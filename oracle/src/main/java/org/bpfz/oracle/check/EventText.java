package org.bpfz.oracle.check;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.bpfz.oracle.calls.CallPrinter;
import org.bpfz.oracle.trace.TraceEvent;
import org.bpfz.spec.kernel.Outcome;
import org.bpfz.spec.kernel.State;
import org.bpfz.spec.program.Clause;

/** Events, and what would have been allowed in their places, in the words of a scenario. */
final class EventText {
    private static final int MOST = 6;

    private EventText() {
    }

    /** What was seen. */
    static String of(TraceEvent event) {
        return switch (event) {
            case TraceEvent.Called e -> e.task() + ": " + CallPrinter.print(e.call(), seen(e));
            case TraceEvent.Waits e -> e.task() + ": " + CallPrinter.print(e.call(),
                    new Outcome.Blocked(State.boot(), e.call(), Set.of(), List.of()));
            case TraceEvent.Load e -> "load " + (e.object().isEmpty() ? "" : e.object() + ": ") + e.image().name()
                    + " = " + success(e.result());
            case TraceEvent.Attach e ->
                "attach " + e.program() + (e.target() == null ? "" : " to " + e.target()) + " = "
                        + success(e.result());
            case TraceEvent.Detach e -> "detach " + e.link();
            case TraceEvent.Kernel e -> "kernel " + e.trouble().name().toLowerCase(Locale.ROOT) + ": "
                    + e.text().lines().findFirst().orElse("");
            default -> event.toString();
        };
    }

    private static Outcome seen(TraceEvent.Called event) {
        return new Outcome.Returned(event.seen().result(), event.seen().output(),
                event.signals() == null ? Set.of() : event.signals(), State.boot(), Set.<Clause>of(), List.of());
    }

    /** Which descriptor a program or link gets says nothing. */
    private static String success(long result) {
        return result >= 0 ? "success" : CallPrinter.result(result);
    }

    /** What would have been allowed, each once, with the readings under which it is where there are several. */
    static List<String> allowed(TraceEvent event, List<Explainer.Result> results) {
        Map<String, Answers> texts = new LinkedHashMap<>();
        for (Explainer.Result result : results) {
            for (Explainer.Allowed allowed : result.allowed) {
                if (allowed.outcome() != null) {
                    texts.merge(of(event, allowed.outcome()), allowed.answers(),
                            (one, other) -> Objects.requireNonNullElse(one.or(other), one));
                }
            }
        }
        List<String> lines = new ArrayList<>();
        for (Map.Entry<String, Answers> entry : texts.entrySet()) {
            if (lines.size() == MOST) {
                lines.add("and " + (texts.size() - MOST) + " more, under other readings");
                break;
            }
            boolean always = texts.size() == 1 || entry.getValue().equals(Answers.all());
            lines.add(always ? entry.getKey() : entry.getKey() + "  [" + entry.getValue() + "]");
        }
        return lines;
    }

    private static String of(TraceEvent event, Outcome outcome) {
        return switch (event) {
            case TraceEvent.Called e -> CallPrinter.print(e.call(), outcome);
            case TraceEvent.Waits e -> CallPrinter.print(e.call(), outcome);
            default -> outcome instanceof Outcome.Returned returned ? success(returned.result()) : "it waits";
        };
    }
}
