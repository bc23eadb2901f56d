package org.bpfz.oracle.scenario;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;

/** Writes the steps of a scenario down again, in the words of the file that they came from. */
public final class ScenarioText {
    private static final Pattern REPEATED = Pattern.compile("^\\s*repeat\\s+\\w+\\s+");

    private ScenarioText() {
    }

    /** The steps that the scenario has, which may be some of those in its file. */
    public static String of(Scenario scenario) {
        List<String> text = new ArrayList<>();
        scenario.reading().departures()
                .forEach(answer -> text.add("reading " + answer.clause().id() + "=" + answer.name()));
        steps(scenario, scenario.steps(), text);
        return String.join("\n", text) + "\n";
    }

    private static void steps(Scenario scenario, List<Step> steps, List<String> text) {
        LinkedHashSet<Integer> told = new LinkedHashSet<>();
        for (Step step : steps) {
            if (!told.add(step.line())) {
                continue; // repeated
            }
            int times = (int) steps.stream().filter(other -> other.line() == step.line()).count();
            text.add(REPEATED.matcher(line(scenario, step.line()))
                    .replaceFirst(times == 1 ? "" : "repeat " + times + " "));
            if (step instanceof Step.InlineProgram program) {
                program.code().lines().forEach(text::add);
                text.add("end");
            } else if (step instanceof Step.Together together) {
                steps(scenario, together.steps(), text);
                text.add("end");
            }
        }
    }

    private static String line(Scenario scenario, int number) {
        return Objects.requireNonNullElse(scenario.lines().get(number), "").stripTrailing();
    }
}
