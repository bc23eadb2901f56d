package org.bpfz.oracle.grade;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.bpfz.oracle.check.Answers;
import org.bpfz.oracle.check.TraceVerdict;
import org.bpfz.spec.kernel.Reading;
import org.bpfz.spec.kernel.Variant;
import org.bpfz.spec.program.Clause;
import org.jspecify.annotations.Nullable;

/** The readings under which all traces of one kernel conform: a submission holds to one reading throughout. */
final class SeenReadings {
    private static final int MOST = 512;

    private final Set<Class<? extends Variant>> asked = new HashSet<>();
    private List<Answers> possible;
    private boolean exact = true;

    SeenReadings(Answers accepted) {
        possible = List.of(accepted);
    }

    /**
     * Takes in what a conforming trace says.
     *
     * @return the clause that it reads otherwise than the traces before; null if it agrees with them
     */
    @Nullable
    Clause add(TraceVerdict verdict) {
        Set<Answers> both = new LinkedHashSet<>();
        for (Answers before : possible) {
            for (Answers now : verdict.readings()) {
                Answers common = before.and(now);
                if (common != null) {
                    both.add(common);
                }
            }
        }
        if (both.isEmpty()) {
            return exact ? contradicted(verdict) : null;
        }
        asked.addAll(verdict.asked());
        if (both.size() > MOST) {
            exact = false;
        }
        possible = both.stream().limit(MOST).toList();
        return null;
    }

    /** The clause of the first question to which no answer is common; of any question asked if only together they contradict. */
    private Clause contradicted(TraceVerdict verdict) {
        Clause any = Clause.SYS_4;
        for (Class<? extends Variant> question : Reading.QUESTIONS) {
            Set<Variant> before = answers(possible, question);
            Set<Variant> now = answers(verdict.readings(), question);
            Clause clause = Reading.answers(question).getFirst().clause();
            if (before.stream().noneMatch(now::contains)) {
                return clause;
            }
            if (verdict.asked().contains(question) && !before.equals(now)) {
                any = clause;
            }
        }
        return any;
    }

    private static Set<Variant> answers(List<Answers> sets, Class<? extends Variant> question) {
        Set<Variant> answers = new LinkedHashSet<>();
        sets.forEach(set -> answers.addAll(set.possible(question)));
        return answers;
    }

    /** What is left of a question, for a report: {@code DATA_WRITTEN}, or several that were not told apart. */
    @Nullable
    String of(Clause clause) {
        List<String> parts = new ArrayList<>();
        for (Class<? extends Variant> question : Reading.QUESTIONS) {
            List<Variant> all = Reading.answers(question);
            if (all.getFirst().clause() == clause && asked.contains(question)) {
                List<String> left = answers(possible, question).stream().map(Variant::name).toList();
                parts.add(left.size() == all.size() ? "any" : String.join(" or ", left));
            }
        }
        parts.removeIf(part -> parts.size() > 1 && part.equals("any"));
        return parts.isEmpty() ? null : String.join(", ", parts);
    }
}
