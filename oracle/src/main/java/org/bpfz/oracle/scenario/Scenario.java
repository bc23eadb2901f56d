package org.bpfz.oracle.scenario;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.bpfz.spec.kernel.Reading;

/**
 * A scenario as written, nothing of it done yet.
 *
 * @param file    where it stands; other files that it names are relative to its folder
 * @param about   one sentence for the reader; empty if it has none
 * @param clauses the clauses of the assignment that it exercises, by name
 * @param reading how open clauses are read
 * @param steps   in order
 * @param lines   the lines as written, by their numbers from 1, without those that say nothing
 */
public record Scenario(Path file, String about, List<String> clauses, Reading reading, List<Step> steps,
        Map<Integer, String> lines) {
    private static final String SUFFIX = ".scenario";

    public Scenario {
        clauses = List.copyOf(clauses);
        steps = List.copyOf(steps);
        lines = Map.copyOf(lines);
    }

    /** The file's name without its end: what reports call the scenario. */
    public String name() {
        String name = String.valueOf(file.getFileName());
        return name.endsWith(SUFFIX) ? name.substring(0, name.length() - SUFFIX.length()) : name;
    }

    /** The lines of all steps in order, each once, also those of steps that happen together. */
    public List<Integer> stepLines() {
        return flat().map(Step::line).distinct().toList();
    }

    /** How often the step of a line is done. */
    public int times(int line) {
        return (int) flat().filter(step -> step.line() == line).count();
    }

    /**
     * How long the scenario is: the lines that load, attach, call, or look at a map. What is there before (the disk, files, tasks) is no
     * step, nor is an expectation of the model; what is repeated is one.
     */
    public int length() {
        return (int) flat().filter(Scenario::isDone).map(Step::line).distinct().count();
    }

    private static boolean isDone(Step step) {
        return switch (step) {
            case Step.Load _,Step.InlineProgram _,Step.Attach _,Step.Detach _,Step.MapUpdate _,Step.Invoke _,Step.ExpectMap _ ->
                true;
            case Step.Together _,Step.TaskStep _,Step.Disk _,Step.Directory _,Step.ExistingFile _,Step.ExpectRun _,Step.ExpectNoRun _,Step.ExpectSignal _,Step.ExpectFile _,Step.ExpectSize _ ->
                false;
        };
    }

    private Stream<Step> flat() {
        return steps.stream().flatMap(
                step -> step instanceof Step.Together together ? together.steps().stream() : Stream.of(step));
    }

    /**
     * This scenario with less of it.
     *
     * @param times how often the steps of a line are done at most; lines that are not in it stay
     */
    public Scenario limited(Map<Integer, Integer> times) {
        Map<Integer, Integer> left = new HashMap<>(times);
        List<Step> some = new ArrayList<>();
        for (Step step : steps) {
            if (step instanceof Step.Together together) {
                List<Step> inner = together.steps().stream().filter(each -> stays(each, left)).toList();
                if (!inner.isEmpty()) {
                    some.add(new Step.Together(together.line(), inner));
                }
            } else if (stays(step, left)) {
                some.add(step);
            }
        }
        return new Scenario(file, about, clauses, reading, some, lines);
    }

    private static boolean stays(Step step, Map<Integer, Integer> left) {
        Integer times = left.computeIfPresent(step.line(), (_, before) -> before - 1);
        return times == null || times >= 0;
    }

    /** This scenario with the open clauses read in another way. */
    public Scenario read(Reading other) {
        return new Scenario(file, about, clauses, other, steps, lines);
    }
}
