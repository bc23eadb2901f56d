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
            `bpfz prove` tries them all and prints verdicts, times and counterexamples (`--json` for machines).

            Every theorem is about class files that run: they are lifted to bit-vector terms, as is the kernel's C by way of clang's LLVM IR, and
            a solver is asked for a counterexample. All of them trust the lifters, the solver and the JVM; what else is trusted stands beside
            each. A mutant is the class with one instruction changed: the theorem must be refuted of it, and its counterexample, run
            on the mutant and on the class itself, must make a difference.

            Not proved, and not claimed: pruning, LZO's bounds, the modelled system calls, the soundness of products by themselves
            (`Tnum.mul`, `Range64.mul`, `Range32.mul`), equality of products with the kernel's, context tables; of the engines calls, helpers,
            what the interpreter fuses of several instructions, and the JIT's loops and control flow. Tests hold those.
            A theorem without a mutant (–) has not been tried that way.
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
