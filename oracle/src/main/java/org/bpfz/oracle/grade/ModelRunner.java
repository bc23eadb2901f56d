package org.bpfz.oracle.grade;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.bpfz.oracle.InputException;
import org.bpfz.oracle.model.ProgramFaultException;
import org.bpfz.oracle.model.Subject;
import org.bpfz.oracle.scenario.Scenario;
import org.bpfz.oracle.scenario.ScenarioRunner;
import org.bpfz.oracle.trace.TraceWriter;
import org.bpfz.spec.engine.Engine;

/** The model, or a mutant of it, in the kernel's place: records what a kernel could show and nothing of what only a model can know. */
public final class ModelRunner implements Runner {
    private final String name;
    private final Supplier<Subject> subject;
    private final Engine engine;

    /**
     * A runner.
     *
     * @param name    what the kernel is called in reports
     * @param subject makes a kernel for each scenario
     */
    public ModelRunner(String name, Supplier<Subject> subject, Engine engine) {
        this.name = name;
        this.subject = subject;
        this.engine = engine;
    }

    @Override
    public String kernel() {
        return name;
    }

    @Override
    public List<Recording> run(List<Scenario> scenarios, Path folder) throws IOException {
        List<Recording> recordings = new ArrayList<>();
        for (int i = 0; i < scenarios.size(); i++) {
            Scenario scenario = scenarios.get(i);
            Path trace = folder.resolve(i + "-" + scenario.name() + ".jsonl");
            recordings.add(record(scenario, trace, folder.resolve("data")));
        }
        return recordings;
    }

    private Recording record(Scenario scenario, Path trace, Path data) throws IOException {
        try (TraceWriter writer = new TraceWriter(trace, data, scenario, engine.name(), false)) {
            try {
                new ScenarioRunner(scenario, engine, subject.get(), event -> {
                    try {
                        writer.event(event);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                }).run();
            } catch (ProgramFaultException e) {
                writer.panic(Objects.requireNonNull(e.getMessage()));
            } catch (UncheckedIOException e) {
                throw Objects.requireNonNull(e.getCause());
            }
            writer.end();
            return Recording.of(scenario, trace);
        } catch (InputException e) {
            return Recording.impossible(scenario, Objects.requireNonNull(e.getMessage()));
        }
    }

    @Override
    public void close() {
        // Holds nothing.
    }
}
