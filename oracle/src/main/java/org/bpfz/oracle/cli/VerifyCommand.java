package org.bpfz.oracle.cli;

import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.bpfz.loader.BpfObject;
import org.bpfz.loader.BpfProgram;
import org.bpfz.oracle.InputException;
import org.bpfz.oracle.model.Refusals;
import org.bpfz.spec.program.ProgramImage;
import org.bpfz.spec.program.ProgramType;
import org.bpfz.verifier.Options;
import org.bpfz.verifier.Verdict;
import org.bpfz.verifier.Verifier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code bpfz verify}: what Linux 6.12's verifier says of an object's programs. */
@CommandLine.Command(description = {"Says of each program whether Linux 6.12 loads it, and why not.",
    "Exit 0: all are accepted; 1: one or more are refused."}, sortOptions = false)
final class VerifyCommand extends Command {
    /** What is said of one program. */
    private record Row(BpfProgram program, ProgramImage image, Verdict verdict, long nanos) {
        boolean isAccepted() {
            return verdict instanceof Verdict.Accepted;
        }

        String log() {
            return verdict instanceof Verdict.Rejected rejected ? Refusals.log(image, rejected) : verdict.log();
        }
    }

    @Parameters(index = "0", paramLabel = "OBJ", description = "An ELF object made by clang or gcc for BPF.")
    private Path object = Path.of("");

    @Option(names = "--prog", paramLabel = "NAME", description = "Only this program; default: all that the object loads.")
    private @Nullable String name;

    @Option(names = "--type", paramLabel = "T", description = "Take it for this program type, whatever its section says (sched_cls, xdp, ...).")
    private @Nullable String type;

    @Option(names = "--log", paramLabel = "0|1|2|4", defaultValue = "1", description = "The kernel's log level; 0 prints none. Default: ${DEFAULT-VALUE}.")
    private int logLevel;

    @Option(names = "--json", description = "One JSON document.")
    private boolean json;

    @Mixin
    private final KernelOptions kernel = new KernelOptions();

    VerifyCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() throws IOException {
        if (logLevel < 0 || logLevel > 7) {
            throw new InputException("--log " + logLevel + ": levels are 0, 1, 2 and 4, or sums of them");
        }
        BpfObject opened = BpfObject.open(object).on(kernel.target());
        Options options = Options.privileged().withLogLevel(logLevel).withKernelBtf(opened.target().types());
        List<Row> rows = new ArrayList<>();
        for (BpfProgram program : chosen(opened)) {
            long start = System.nanoTime();
            ProgramImage image = opened.program(program);
            Verdict verdict = Verifier.verify(image, options);
            rows.add(new Row(program, image, verdict, System.nanoTime() - start));
        }
        if (json) {
            printJson(rows);
        } else {
            rows.forEach(this::print);
        }
        return rows.stream().allMatch(Row::isAccepted) ? ExitCode.OK : ExitCode.NO;
    }

    private List<BpfProgram> chosen(BpfObject opened) {
        String wanted = name;
        List<BpfProgram> programs = opened.programs().stream()
                .filter(program -> wanted == null ? program.autoload() : program.name().equals(wanted)).toList();
        if (programs.isEmpty()) {
            throw new InputException(object + ": " + (wanted == null ? "no programs" : "no program '" + wanted + "'"));
        }
        String other = type;
        if (other == null) {
            return programs;
        }
        ProgramType asked = Arrays.stream(ProgramType.values()).filter(known -> known.toolName().equals(other))
                .findAny()
                .orElseThrow(() -> new InputException(
                        "--type " + other + ": no such program type; docs/PROGRAM_TYPES.md lists them"));
        return programs.stream().map(program -> program.as(asked)).toList();
    }

    private void print(Row row) {
        Verdict verdict = row.verdict;
        if (logLevel != 0) {
            terminal.out().print(row.log());
        }
        String program = row.program.name() + " (" + row.program.section() + ")";
        String work = String.format(Locale.ROOT, "%d instructions, %d states, %.1f ms",
                verdict.statistics().instructions(),
                verdict.statistics().states(), row.nanos / (double) TimeUnit.MILLISECONDS.toNanos(1));
        switch (verdict) {
            case Verdict.Accepted _ -> terminal.out().println(program + ": accepted; " + work);
            case Verdict.Rejected rejected -> {
                terminal.out()
                        .println(program + ": refused with " + rejected.errno() + " at instruction " + rejected.slot()
                                + ": "
                                + Refusals.message(row.image, rejected));
                if (rejected.line() != null) {
                    terminal.out().println("  " + rejected.line().file() + ":" + rejected.line().line() + ": "
                            + rejected.line().text().strip());
                }
                terminal.out().println("  " + work);
            }
        }
    }

    private void printJson(List<Row> rows) throws IOException {
        JsonWriter writer = Json.to(terminal);
        writer.beginObject();
        writer.name("programs").beginArray();
        for (Row row : rows) {
            Verdict verdict = row.verdict;
            writer.beginObject();
            writer.name("program").value(row.program.name());
            writer.name("section").value(row.program.section());
            writer.name("verdict").value(row.isAccepted() ? "accept" : "reject");
            if (verdict instanceof Verdict.Rejected rejected) {
                writer.name("errno").value(rejected.errno().name());
                writer.name("message").value(Refusals.message(row.image, rejected));
                writer.name("insn").value(rejected.slot());
                if (rejected.line() != null) {
                    writer.name("line").value(rejected.line().file() + ":" + rejected.line().line());
                }
            }
            writer.name("insns_processed").value(verdict.statistics().instructions());
            writer.name("total_states").value(verdict.statistics().states());
            writer.name("verification_time_ns").value(row.nanos);
            writer.name("log").value(row.log());
            writer.endObject();
        }
        writer.endArray();
        writer.endObject();
        Json.end(writer, terminal);
    }
}
