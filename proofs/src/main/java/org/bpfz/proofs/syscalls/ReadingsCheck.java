package org.bpfz.proofs.syscalls;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.bpfz.spec.kernel.Call;
import org.bpfz.spec.kernel.Outcome;
import org.bpfz.spec.kernel.Outcomes;
import org.bpfz.spec.kernel.Reading;
import org.bpfz.spec.kernel.Relation;
import org.bpfz.spec.kernel.State;
import org.bpfz.spec.kernel.Variant;
import org.jspecify.annotations.Nullable;

/** Every call after every sequence of calls, under the strict reading and under each that answers one question otherwise. */
public final class ReadingsCheck implements Supplier<@Nullable String> {
    private static final int LENGTH = 2;
    static final String BOUND = "every call of two tasks on two descriptors, as of syscalls/sums and stats, after all sequences of up to "
            + LENGTH + "; readings that depart from the strict one in one answer";

    private final List<Call> calls = calls();
    private final List<Variant> departures = departures();

    private static List<Call> calls() {
        List<Call> calls = new ArrayList<>(World.calls());
        for (int task : World.TASKS) {
            for (int fd : World.DESCRIPTORS) {
                calls.add(new Call.GetCompressionStats(task, fd));
            }
        }
        return calls;
    }

    private static List<Variant> departures() {
        List<Variant> departures = new ArrayList<>();
        for (Class<? extends Variant> question : Reading.QUESTIONS) {
            List<Variant> answers = Reading.answers(question);
            departures.addAll(answers.subList(1, answers.size()));
        }
        return departures;
    }

    @Override
    public @Nullable String get() {
        try {
            return after(World.begin(), new ArrayList<>());
        } catch (RuntimeException e) {
            return "the model fails: " + e;
        }
    }

    private @Nullable String after(State state, List<Call> done) {
        for (Call call : calls) {
            Outcomes strict = Relation.allowed(state, call, Reading.strict(), World.HOOKS);
            String wrong = differs(state, call, strict);
            if (wrong != null) {
                return "after " + done + ", " + call + ": " + wrong;
            }
            if (done.size() < LENGTH) {
                done.addLast(call);
                wrong = after(strict.first().next(), done);
                if (wrong != null) {
                    return wrong;
                }
                done.removeLast();
            }
        }
        return null;
    }

    private @Nullable String differs(State state, Call call, Outcomes strict) {
        Set<Class<? extends Variant>> asked = strict.questions();
        for (Variant departure : departures) {
            if (!asked.contains(Reading.questionOf(departure))) {
                Reading reading = Reading.strict().with(departure);
                Outcome outcome = Relation.allowed(state, call, reading, World.HOOKS).first();
                if (!outcome.equals(strict.first())) {
                    return departure + " makes it " + outcome + ", though nothing was asked about that";
                }
            }
        }
        return null;
    }
}
