package org.bpfz.proofs.report;

import java.util.List;
import java.util.stream.Collectors;
import org.bpfz.proofs.mutate.Mutant;
import org.bpfz.proofs.mutate.MutantTable;
import org.bpfz.proofs.theorem.Group;
import org.bpfz.proofs.theorem.Theorem;

/** The theorems as a document: what is claimed of which code, up to what, on what trust, and which mutants must fail. */
public final class Document {
    private static final String HEAD = """
            # Theorems

            Written by `mvn -pl proofs -am test -Dtest='*Document*Test' -Dbpfz.docs=write -Dsurefire.failIfNoSpecifiedTests=false`;
            `bpfz prove` tries them all with Z3 and prints verdicts, times and counterexamples (`--json` for machines). With `--confirm`, a longer run,
            Bitwuzla decides what is proved once more, from SMT-LIB text: what it has no answer for in its time is said to be not confirmed, where
            it finds otherwise the theorem fails.

            Every theorem is about class files that run: they are lifted to bit-vector terms, as is the kernel's C by way of clang's LLVM IR, and
            a solver is asked for a counterexample. All of them trust the lifters, the solver and the JVM; what else is trusted stands beside
            each. A mutant is the class with one instruction changed: the theorem must be refuted of it, and its counterexample, run
            on the mutant and on the class itself, must make a difference.

            What the lifters trust is tested on 100,000 inputs each: every instruction of the JVM and every method of the JDK that they understand
            against the JVM, every instruction and function of LLVM's against what clang makes of it; a test fails for one that is left out.
            Not tested so: the no-wrap flags, `freeze` of poison, and functions that are only declared, of which nothing is assumed.

            Bounded: LZO and the modelled system calls, which are no proofs by a solver but runs of the code on all inputs up to a size that stands beside each, as are the map of ids
            of pruning, the kinds of bytes of a stack slot and the regions of a small arena; the JIT's remainder by a constant. Nothing is claimed there beyond the bound.

            By parts: `Scalar.sync` and `Scalar.deduce` are compared with the kernel's as what is made of their stages, which have rows of their
            own; products by induction over the rounds of the loop, or over the bits of a factor, with begin, round, progress and end among the
            goals; the arithmetic of `ScalarAlu.apply` from the soundness of its parts. Of pruning, precision and liveness marks are trusted.

            Of memory these are left to trust: that regions are made where Layout and MapArea place them, a raw run's memory as one that may be
            read and written; the JDK's views and copies of byte arrays; `FlatMemory.peek`, which helpers read kernel memory with.

            Not proved, and not claimed: equality of `adjust_scalar_min_max_vals` as a whole with the kernel's; of pruning the payloads of pointers,
            which are compared by equality, and pointers into arenas; of the engines calls, helpers but bpf_copy_from_buffer, and the JIT's loops
            and control flow. Tests hold those.
            """;

    private Document() {
    }

    /** The document's text. */
    public static String of(List<Theorem> theorems) {
        StringBuilder text = new StringBuilder(HEAD);
        for (Group group : Group.values()) {
            List<Theorem> own = theorems.stream().filter(theorem -> theorem.group() == group).toList();
            if (!own.isEmpty()) {
                text.append("\n## ").append(group.title()).append(" (").append(own.size()).append(")\n\n")
                        .append("| theorem | statement | bounded by | trusts | mutants |\n|---|---|---|---|---|\n");
                own.forEach(theorem -> row(theorem, text));
            }
        }
        return text.toString();
    }

    private static void row(Theorem theorem, StringBuilder text) {
        String mutants = MutantTable.of(theorem).stream().map(Mutant::description).collect(Collectors.joining("; "));
        text.append("| `").append(theorem.name()).append("` | ").append(theorem.statement()).append(" | ")
                .append(theorem.bound().isEmpty() ? "–" : theorem.bound()).append(" | ")
                .append(theorem.trusts().isEmpty() ? "–" : String.join("; ", theorem.trusts())).append(" | ")
                .append(mutants.isEmpty() ? "–" : mutants).append(" |\n");
    }
}
