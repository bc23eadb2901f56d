package org.bpfz.oracle.cli;

import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.bpfz.oracle.InputException;
import org.bpfz.oracle.model.Engines;
import org.bpfz.oracle.scenario.RunEvent;
import org.bpfz.oracle.scenario.RunText;
import org.bpfz.oracle.scenario.Scenario;
import org.bpfz.oracle.scenario.ScenarioParser;
import org.bpfz.oracle.scenario.ScenarioRunner;
import org.bpfz.oracle.trace.TraceWriter;
import org.bpfz.spec.engine.Engine;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code bpfz run}: a scenario on the modelled kernel. */
@CommandLine.Command(description = {
    "Runs a scenario on the modelled kernel and prints each call with its result and the programs that it ran.",
    "docs/SCENARIOS.md says how scenarios are written, examples/ has some. Exit code 1: an expectation did not hold,"
            + " or engines differ."}, sortOptions = false)
final class RunCommand extends Command {
    private static final String ALL = "all";

    @Parameters(index = "0", paramLabel = "SCENARIO", description = "The scenario.")
    private Path file = Path.of("");

    @Option(names = "--engine", paramLabel = "NAME", description = "What runs the programs: ${DEFAULT-VALUE}, or all for every engine that there is.")
    private String engineName = Engines.SPECIFICATION;

    @Option(names = "--trace", paramLabel = "OUT", description = "Write the trace there, and long data to OUT.data/.")
    private @Nullable Path trace;

    @Option(names = "--json", description = "One JSON document.")
    private boolean json;

    /**
     * One engine's run.
     *
     * @param lines each event as a trace has it
     */
    private record Run(String engine, List<String> lines, int mismatches) {}

    RunCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() throws IOException {
        if (Files.isDirectory(file)) {
            throw new InputException(file, "is a directory");
        }
        Scenario scenario = ScenarioParser.parse(file);
        List<Engine> engines = engineName.equals(ALL) ? Engines.all() : List.of(Engines.named(engineName));
        Consumer<RunEvent> text = new RunText(scenario, terminal.out()::println);
        Run first = run(scenario, engines.getFirst(), trace, json ? RunCommand::ignore : text);
        String difference = null;
        for (Engine engine : engines.subList(1, engines.size())) {
            if (difference == null) {
                difference = difference(first, run(scenario, engine, null, RunCommand::ignore));
            }
        }
        conclude(first, engines, difference);
        return first.mismatches == 0 && difference == null ? ExitCode.OK : ExitCode.NO;
    }

    private static void ignore(RunEvent event) {
        // What a further engine does is compared, not told.
    }

    private static Run run(Scenario scenario, Engine engine, @Nullable Path traceFile, Consumer<RunEvent> listener)
            throws IOException {
        List<String> lines = new ArrayList<>();
        try (TraceWriter writer = traceFile == null ? null : new TraceWriter(traceFile, scenario, engine.name())) {
            int mismatches = new ScenarioRunner(scenario, engine, event -> {
                listener.accept(event);
                try {
                    lines.add(TraceWriter.line(event));
                    if (writer != null) {
                        writer.event(event);
                    }
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }).run();
            if (writer != null) {
                writer.end();
            }
            return new Run(engine.name(), lines, mismatches);
        }
    }

    /** The first event in which two engines differ; null if there is none. */
    private static @Nullable String difference(Run one, Run other) {
        for (int i = 0; i < Math.max(one.lines.size(), other.lines.size()); i++) {
            String left = i < one.lines.size() ? one.lines.get(i) : "nothing more";
            String right = i < other.lines.size() ? other.lines.get(i) : "nothing more";
            if (!left.equals(right)) {
                return "engines differ: " + one.engine + ": " + left + "; " + other.engine + ": " + right;
            }
        }
        return null;
    }

    private void conclude(Run run, List<Engine> engines, @Nullable String difference) throws IOException {
        if (difference != null) {
            terminal.err().println("bpfz run: " + difference);
        }
        if (!json) {
            terminal.out().println(run.mismatches == 0
                    ? "every expectation held"
                    : run.mismatches + (run.mismatches == 1 ? " expectation" : " expectations") + " did not hold");
            return;
        }
        JsonWriter writer = Json.to(terminal);
        writer.beginObject();
        writer.name("scenario").value(file.toString());
        writer.name("engines").beginArray();
        for (Engine engine : engines) {
            writer.value(engine.name());
        }
        writer.endArray();
        writer.name("events").beginArray();
        for (String line : run.lines) {
            writer.jsonValue(line);
        }
        writer.endArray();
        writer.name("mismatches").value(run.mismatches);
        writer.name("difference").value(difference);
        writer.endObject();
        Json.end(writer, terminal);
    }
}
