package org.bpfz.proofs.syscalls;

import java.util.List;
import org.bpfz.proofs.lift.LiftException;
import org.bpfz.proofs.theorem.Group;
import org.bpfz.proofs.theorem.Theorem;
import org.bpfz.proofs.theorem.Theorem.Code;
import org.bpfz.spec.kernel.Relation;

/** What the sums are, and what leaving a question open changes; by running every sequence of calls up to a bound. */
public final class SyscallTheorems {
    private SyscallTheorems() {
    }

    /** All of them. */
    public static List<Theorem> all() {
        return List.of(
                new Theorem("syscalls/sums", Group.SYSCALLS,
                        "under the strict reading the two sums of every descriptor are the sums over the writes that were "
                                + "completed on its open file since the last reset: of what they returned, and of what verify did",
                        List.of(code("CompressionHooks", "count"), code("StatsCalls", "reset"),
                                code("StatsCalls", "sums"),
                                code("Sums", "plus")),
                        List.of("the book-keeping of the check, which knows descriptors, open files and two tasks"),
                        SumsCheck.BOUND, new Theorem.Exhaustive(SumsCheck.class)),
                new Theorem("syscalls/readings", Group.SYSCALLS,
                        "in a call that asks the strict reading nothing about a question, every other answer to it has the same "
                                + "outcome and leaves the same state: a question left open only adds to what the strict reading does",
                        List.of(code("Evaluation", "choose"), code("CompressionHooks", "count")),
                        List.of("the states that strict sequences reach"), ReadingsCheck.BOUND,
                        new Theorem.Exhaustive(ReadingsCheck.class)));
    }

    private static Code code(String owner, String method) {
        try {
            return new Code(Class.forName(Relation.class.getPackageName() + "." + owner), method);
        } catch (ClassNotFoundException e) {
            throw new LiftException("the modelled kernel has no class " + owner, e);
        }
    }
}
