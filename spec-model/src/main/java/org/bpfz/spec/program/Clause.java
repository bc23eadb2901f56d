package org.bpfz.spec.program;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The requirements of the assignment, cut into clauses that a specification can name, a trace can violate and a report can cite. What they
 * say is in clauses.txt.
 *
 * <p>A clause says what every implementation does, or leaves a choice, or both. The choices are questions of the reading
 * ({@code org.bpfz.spec.kernel.Variant}): a submission may give any answer as long as it holds to it throughout.
 */
public enum Clause {
    PROG_1,
    ATT_1,
    ATT_2,
    ATT_3,
    ATT_4,
    HOOK_1,
    HOOK_2,
    HOOK_3,
    HOOK_4,
    HOOK_5,
    HOOK_6,
    HOOK_7,
    CTX_1,
    CTX_2,
    CTX_3,
    CTX_4,
    CTX_5,
    CTX_6,
    HELP_1,
    HELP_2,
    HELP_3,
    HELP_4,
    HELP_5,
    WR_1,
    WR_2,
    WR_3,
    WR_4,
    WR_5,
    SYS_1,
    SYS_2,
    SYS_3,
    SYS_4,
    SYS_5;

    /** As reports cite it: {@code WR-1}. */
    public String id() {
        return name().replace('_', '-');
    }

    /** What every implementation does, or null where the clause only leaves a choice. */
    public @Nullable String required() {
        return ClauseTable.row(this).required();
    }

    /** What the clause leaves to the implementation, or null where it leaves nothing. */
    public @Nullable String open() {
        return ClauseTable.row(this).open();
    }

    /** The questions that the clause leaves open, each by the simple name of the enum of its answers. */
    public List<String> questions() {
        return ClauseTable.row(this).questions();
    }

    /** The classes of this project that say the clause, by their full names. */
    public List<String> code() {
        return ClauseTable.row(this).code();
    }

    /** The clause with the id {@code WR-1}, or null. */
    public static @Nullable Clause of(String id) {
        for (Clause clause : values()) {
            if (clause.id().equals(id)) {
                return clause;
            }
        }
        return null;
    }
}
