package org.bpfz.proofs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;
import org.bpfz.proofs.mutate.MutantTable;
import org.bpfz.proofs.report.Campaign;
import org.bpfz.proofs.report.Finding;
import org.bpfz.proofs.solver.Z3;
import org.bpfz.proofs.theorem.Theorem;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Every theorem is proved, and its mutants refuted; what is missing here, the kernel's source or clang 19, is said. */
class TheoremsTest {
    private static final Campaign CAMPAIGN = new Campaign(new Z3(), Duration.ofMinutes(4), true);

    @TestFactory
    @Execution(ExecutionMode.CONCURRENT)
    Stream<DynamicTest> theorems() {
        return Theorems.all().stream()
                .map(theorem -> DynamicTest.dynamicTest(theorem.name(), () -> {
                    Finding finding = CAMPAIGN.run(theorem);
                    assumeFalse(finding.word().equals("not-run"), finding::reason);
                    assertEquals("proved", finding.word(), () -> theorem.name() + " (" + theorem.statement() + ") "
                            + finding.reason());
                }));
    }

    @Test
    void haveNamesOfTheirOwn() {
        Set<String> names = new HashSet<>();
        Theorems.all().forEach(theorem -> assertTrue(names.add(theorem.name()), theorem.name()));
        MutantTable.names().forEach(name -> assertTrue(names.contains(name), name + " has mutants, but is none"));
    }

    @Test
    void theTableOfMutantsNamesMethodsThatTheTheoremIsAbout() {
        for (Theorem theorem : Theorems.all()) {
            MutantTable.of(theorem).forEach(mutant -> assertTrue(mutant.description().contains(mutant.method())));
        }
    }
}
