package org.bpfz.oracle.grade;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.bpfz.oracle.check.Answers;
import org.bpfz.oracle.check.TraceChecker;
import org.bpfz.oracle.check.TraceVerdict;
import org.bpfz.oracle.model.Engines;
import org.bpfz.spec.program.Clause;
import org.junit.jupiter.api.Test;

/** What real kernels did, recorded: the reference kernel is right, and each of some mistakes shows as a violation of its clause. */
class RecordedTracesTest {
    private static final Path RECORDED = Path.of("..", "suite", "recorded").toAbsolutePath().normalize();

    private static List<TraceVerdict> check(String folder) throws IOException {
        TraceChecker checker = new TraceChecker(Engines.named(Engines.SPECIFICATION), Answers.all());
        try (Stream<Path> files = Files.list(RECORDED.resolve(folder))) {
            List<TraceVerdict> verdicts = new java.util.ArrayList<>();
            for (Path trace : files.filter(file -> file.toString().endsWith(".jsonl")).sorted().toList()) {
                verdicts.add(checker.check(trace));
            }
            return verdicts;
        }
    }

    @Test
    void shouldFindNothingWrongWithTheReferenceKernel() throws IOException {
        Set<Clause> reached = EnumSet.noneOf(Clause.class);
        List<TraceVerdict> verdicts = check("reference");

        for (TraceVerdict verdict : verdicts) {
            assertEquals(List.of(), verdict.violations(), verdict.header().toString());
            reached.addAll(verdict.reached());
        }
        assertTrue(verdicts.size() > 100, () -> verdicts.size() + " traces");
        assertEquals(EnumSet.allOf(Clause.class), reached);
    }

    @Test
    void shouldFindEachRecordedMistake() throws IOException {
        int mistakes = 0;
        for (KernelMutants.Mutant mutant : KernelMutants
                .read(RECORDED.resolve("../../reference-patch/mutants.json").normalize())) {
            String folder = "mutant-" + mutant.number();
            if (Files.isDirectory(RECORDED.resolve(folder))) {
                mistakes++;
                assertFalse(check(folder).stream().flatMap(verdict -> verdict.violations().stream())
                        .noneMatch(violation -> violation.clause() == mutant.clause()), mutant.toString());
            }
        }
        assertEquals(5, mistakes);
    }
}
