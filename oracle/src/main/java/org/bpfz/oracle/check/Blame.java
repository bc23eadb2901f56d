package org.bpfz.oracle.check;

import static org.bpfz.spec.program.Clause.*;

import com.google.common.collect.ImmutableList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bpfz.oracle.trace.TraceHeader;
import org.bpfz.spec.program.Clause;
import org.jspecify.annotations.Nullable;

/**
 * Says which clause a violation is one of. An unexpected sum says that some write before went wrong: so for each file the clauses are kept
 * that calls on it rested on since its sums were last right. Among those, a scenario's own order of clauses decides, for it was written to
 * exercise them; without a scenario the most specific one is taken.
 */
final class Blame {
    /** From what says most about a call to what says least. */
    private static final ImmutableList<Clause> SPECIFIC_FIRST = ImmutableList.of(HOOK_5, WR_3, WR_4, WR_1, CTX_5, CTX_6,
            SYS_5, ATT_4, ATT_3, HOOK_3, WR_2, HELP_5, HELP_3, HELP_4, HELP_2, HELP_1, CTX_4, CTX_3, CTX_2, CTX_1,
            ATT_2,
            ATT_1, PROG_1, HOOK_7, SYS_4, SYS_3, SYS_2, HOOK_2, HOOK_4, HOOK_1, WR_5, SYS_1, HOOK_6);

    /** Clauses that the relation does not cite, as they say something of programs, or that something is as ever: a scenario must name them. */
    private static final Set<Clause> NEVER_CITED = EnumSet.of(PROG_1, ATT_1, ATT_3, ATT_4, HOOK_6, HOOK_7, CTX_1, CTX_2,
            CTX_3, CTX_4, HELP_1, HELP_2, HELP_3, HELP_4, HELP_5, WR_5);
    private static final Set<Clause> ABOUT_PROGRAMS = EnumSet.of(PROG_1, ATT_2, CTX_1, CTX_2, CTX_3, CTX_4, HELP_1,
            HELP_2,
            HELP_3, HELP_5);
    private static final Set<Clause> ABOUT_ATTACHING = EnumSet.of(ATT_1, ATT_2, ATT_3, ATT_4);

    private final List<Clause> named;
    private final Map<Integer, Set<Clause>> byInode = new HashMap<>();
    private final EnumSet<Clause> sinceMapsWereRight = EnumSet.noneOf(Clause.class);

    Blame(TraceHeader header) {
        named = header.clauses().stream().map(Clause::of).filter(clause -> clause != null).toList();
    }

    /** The clauses that the scenario names. */
    List<Clause> named() {
        return named;
    }

    /** Notes what an allowed call on a file rested on. */
    void note(@Nullable Integer inode, Set<Clause> clauses) {
        sinceMapsWereRight.addAll(clauses);
        if (inode != null && !clauses.isEmpty()) {
            byInode.computeIfAbsent(inode, _ -> EnumSet.noneOf(Clause.class)).addAll(clauses);
        }
    }

    /** The file's sums are as they should be: what happened before is in order. */
    void clear(@Nullable Integer inode) {
        if (inode != null) {
            byInode.remove(inode);
        }
    }

    /** The maps hold what they should. */
    void clearMaps() {
        sinceMapsWereRight.clear();
    }

    /** The clause for an unexpected element of a map. */
    Clause ofMap() {
        return choose(sinceMapsWereRight);
    }

    /** The clause for an unexpected outcome of a call on a file that rests on the given clauses. */
    Clause of(@Nullable Integer inode, Set<Clause> clauses) {
        EnumSet<Clause> all = EnumSet.noneOf(Clause.class);
        all.addAll(clauses);
        all.addAll(byInode.getOrDefault(inode, Set.of()));
        return choose(all);
    }

    /** The clause for a program that should have been loaded and was not, or the other way round. */
    Clause ofLoading(Set<Clause> clauses, boolean wronglyRefused) {
        return named.stream().filter(clause -> ABOUT_PROGRAMS.contains(clause) || clauses.contains(clause)).findFirst()
                .orElse(wronglyRefused ? PROG_1 : choose(clauses));
    }

    /** The clause for a program that should have been attached and was not, or the other way round. */
    Clause ofAttaching(Set<Clause> clauses, boolean wronglyRefused) {
        return named.stream().filter(clause -> ABOUT_ATTACHING.contains(clause)).findFirst()
                .orElse(wronglyRefused ? ATT_1 : choose(clauses));
    }

    private Clause choose(Set<Clause> possible) {
        return named.stream().limit(1).filter(NEVER_CITED::contains).findFirst()
                .or(() -> named.stream().filter(possible::contains).findFirst())
                .or(() -> named.stream().findFirst())
                .or(() -> SPECIFIC_FIRST.stream().filter(possible::contains).findFirst()).orElse(HOOK_6);
    }

    /** Each clause once; a test asks. */
    static List<Clause> order() {
        return SPECIFIC_FIRST;
    }
}
