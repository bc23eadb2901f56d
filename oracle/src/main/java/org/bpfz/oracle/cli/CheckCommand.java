package org.bpfz.oracle.cli;

import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bpfz.oracle.InputException;
import org.bpfz.oracle.check.Answers;
import org.bpfz.oracle.check.TraceChecker;
import org.bpfz.oracle.check.TraceVerdict;
import org.bpfz.oracle.check.Violation;
import org.bpfz.oracle.model.Engines;
import org.bpfz.spec.kernel.Reading;
import org.bpfz.spec.kernel.Variant;
import org.bpfz.spec.program.Clause;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code bpfz check}: recorded traces against the specification. */
@CommandLine.Command(description = {
    "Says of recorded traces whether the specification allows what happened: which clause forbids it, what would have been allowed,"
            + " and under which readings of the open clauses the rest conforms. docs/TRACE.md says what a trace is; bpfz run --trace writes one.",
    "Exit code 1: something is not allowed; 2: a trace can not be read."}, sortOptions = false)
final class CheckCommand extends Command {
    private static final int MOST_READINGS = 2;

    @Parameters(arity = "1..*", paramLabel = "TRACE", description = "The traces.")
    private List<Path> traces = List.of();

    @Option(names = "--insist", paramLabel = "CLAUSE=VARIANT", description = "Accept one reading of an open clause only, such as WR-1=NOTHING_WRITTEN.")
    private List<String> insisted = List.of();

    @Option(names = "--engine", paramLabel = "NAME", description = "What runs the programs: ${DEFAULT-VALUE}.")
    private String engine = Engines.SPECIFICATION;

    @Option(names = "--json", description = "One JSON document.")
    private boolean json;

    CheckCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() throws IOException {
        TraceChecker checker = new TraceChecker(Engines.named(engine), answers(insisted));
        Progress progress = new Progress(terminal, false);
        List<TraceVerdict> verdicts = new ArrayList<>();
        for (Path trace : traces) {
            verdicts.add(checker.check(trace, events -> {
                if (progress.isDue()) {
                    progress.say(trace + ": " + events + " events");
                }
            }));
            progress.clear();
            if (!json) {
                print(trace, verdicts.getLast());
            }
        }
        if (json) {
            print(verdicts);
        }
        return verdicts.stream().allMatch(TraceVerdict::conforms) ? ExitCode.OK : ExitCode.NO;
    }

    /** The readings that remain when one insists. */
    static Answers answers(List<String> insisted) {
        Answers answers = Answers.all();
        for (String wish : insisted) {
            int equals = wish.indexOf('=');
            Clause clause = equals < 0 ? null : Clause.of(wish.substring(0, equals));
            Variant answer = clause == null ? null : Reading.find(clause, wish.substring(equals + 1));
            if (answer == null) {
                throw new InputException(
                        "--insist " + wish + ": no such choice; docs/CLAUSES.md lists the variants of open clauses");
            }
            Answers narrowed = answers.only(answer);
            if (narrowed == null) {
                throw new InputException("--insist " + wish + ": contradicts another --insist");
            }
            answers = narrowed;
        }
        return answers;
    }

    private void print(Path trace, TraceVerdict verdict) {
        String said = verdict.undecided() != null
                ? "undecided: " + verdict.undecided()
                : "conforms under " + readings(verdict);
        terminal.out().println(trace + ": " + verdict.events() + " events, "
                + (verdict.conforms() ? said : verdict.violations().size() + " not allowed"));
        for (Violation violation : verdict.violations()) {
            terminal.out().println("  line " + violation.line()
                    + (violation.step() == 0
                            ? ""
                            : " (line " + violation.step() + " of " + verdict.header().scenario() + ")")
                    + " violates " + violation.clause().id() + ": " + violation.observed());
            for (String allowed : violation.allowed()) {
                terminal.out().println("      allowed: " + allowed);
            }
        }
        if (!verdict.conforms()) {
            terminal.out().println("  the rest: " + said);
        }
    }

    private static String readings(TraceVerdict verdict) {
        List<String> all = verdict.readings().stream().map(Answers::toString).toList();
        return String.join("; or ", all.subList(0, Math.min(MOST_READINGS, all.size())))
                + (all.size() > MOST_READINGS ? "; or " + (all.size() - MOST_READINGS) + " more" : "");
    }

    private void print(List<TraceVerdict> verdicts) throws IOException {
        JsonWriter writer = Json.to(terminal);
        writer.beginObject().name("traces").beginArray();
        for (int i = 0; i < verdicts.size(); i++) {
            TraceVerdict verdict = verdicts.get(i);
            writer.beginObject().name("trace").value(traces.get(i).toString()).name("scenario")
                    .value(verdict.header().scenario()).name("events").value(verdict.events()).name("verdict")
                    .value(verdict.conforms() ? verdict.undecided() == null ? "conforms" : "undecided" : "violates");
            writer.name("undecided").value(verdict.undecided()).name("violations").beginArray();
            for (Violation violation : verdict.violations()) {
                writer.beginObject().name("clause").value(violation.clause().id()).name("line").value(violation.line())
                        .name("step").value(violation.step()).name("observed").value(violation.observed())
                        .name("allowed").beginArray();
                for (String allowed : violation.allowed()) {
                    writer.value(allowed);
                }
                writer.endArray().endObject();
            }
            writer.endArray().name("reached").beginArray();
            for (Clause clause : Clause.values()) {
                if (verdict.reached().contains(clause)) {
                    writer.value(clause.id());
                }
            }
            writer.endArray().name("readings").beginArray();
            for (Answers answers : verdict.readings()) {
                writer.value(answers.toString());
            }
            writer.endArray().endObject();
        }
        writer.endArray().endObject();
        Json.end(writer, terminal);
    }
}
