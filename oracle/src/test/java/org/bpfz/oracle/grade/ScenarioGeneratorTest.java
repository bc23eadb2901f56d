package org.bpfz.oracle.grade;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.bpfz.oracle.check.Answers;
import org.bpfz.oracle.check.TraceChecker;
import org.bpfz.oracle.check.TraceVerdict;
import org.bpfz.oracle.model.Engines;
import org.bpfz.oracle.model.Subject;
import org.bpfz.oracle.scenario.Scenario;
import org.bpfz.oracle.scenario.ScenarioText;
import org.bpfz.oracle.scenario.Step;
import org.bpfz.spec.engine.Engine;
import org.bpfz.spec.kernel.Reading;
import org.bpfz.spec.program.Clause;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScenarioGeneratorTest {
    private static final int COUNT = 60;

    @TempDir
    Path folder;

    @Test
    void shouldMakeTheSameFromTheSameSeed() {
        List<String> one = new ScenarioGenerator(3).next(5).stream().map(ScenarioText::of).toList();

        assertEquals(one, new ScenarioGenerator(3).next(5).stream().map(ScenarioText::of).toList());
        assertEquals(5, new HashSet<>(one).size());
    }

    /** Whatever the model does, under whichever reading, the checker explains it: there are no false alarms. */
    @Test
    void shouldExplainWhatTheModelDoesUnderAnyReading() throws IOException {
        Engine engine = Engines.named(Engines.SPECIFICATION);
        ModelRunner model = new ModelRunner("model", () -> Subject.MODEL, engine);
        TraceChecker checker = new TraceChecker(engine, Answers.all());
        ScenarioGenerator generator = new ScenarioGenerator(11);
        Set<Clause> reached = new HashSet<>();
        List<String> wrong = new ArrayList<>();
        int done = 0;
        int concurrent = 0;
        for (int i = 0; i < COUNT; i++) {
            Reading reading = generator.reading();
            Scenario scenario = generator.next().read(reading);
            Path trace = model.run(List.of(scenario), folder).getFirst().trace();
            if (trace == null) {
                continue;
            }
            done++;
            concurrent += scenario.steps().stream().anyMatch(Step.Together.class::isInstance) ? 1 : 0;
            TraceVerdict verdict = checker.check(trace);
            reached.addAll(verdict.reached());
            boolean explained = verdict.readings().stream()
                    .anyMatch(
                            answers -> reading.departures().stream().allMatch(answer -> answers.only(answer) != null));
            if (!verdict.conforms() || verdict.undecided() != null || !explained) {
                wrong.add(reading + "\n" + ScenarioText.of(scenario) + verdict);
            }
        }

        assertEquals(List.of(), wrong);
        assertTrue(done > COUNT * 3 / 4 && concurrent > COUNT / 6, done + " done, " + concurrent + " concurrent");
        assertTrue(reached.containsAll(Set.of(Clause.HOOK_1, Clause.HOOK_2, Clause.HOOK_3, Clause.HOOK_4, Clause.WR_2,
                Clause.WR_3, Clause.WR_4, Clause.SYS_2, Clause.SYS_4, Clause.SYS_5)), reached::toString);
    }
}
