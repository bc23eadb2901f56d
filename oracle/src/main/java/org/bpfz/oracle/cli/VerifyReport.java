package org.bpfz.oracle.cli;

import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.bpfz.oracle.cli.VerifyTiming.Spent;
import org.bpfz.oracle.model.Refusals;
import org.bpfz.spec.program.ProgramImage;
import org.bpfz.verifier.Verdict;
import org.bpfz.verifier.explain.Explanation;

/** Prints verdicts for people and for machines: the refused instruction, its source line, and what would make the program pass. */
final class VerifyReport {
    private static final double MILLION = 1e6;

    private final Terminal terminal;
    private final boolean logged;

    /** @param logged whether logs are printed */
    VerifyReport(Terminal terminal, boolean logged) {
        this.terminal = terminal;
        this.logged = logged;
    }

    /** What is said of one program. */
    record Row(String program, String section, ProgramImage image, VerifyTiming timing) {
        Verdict verdict() {
            return timing.verdict();
        }

        /** The log, with what a loader says of the instructions that it could not link. */
        String log() {
            return verdict() instanceof Verdict.Rejected rejected ? Refusals.log(image, rejected) : verdict().log();
        }

        boolean isAccepted() {
            return verdict() instanceof Verdict.Accepted;
        }
    }

    void print(Row row) {
        if (logged) {
            terminal.out().print(row.log());
        }
        String program = row.section().isEmpty() ? row.program() : row.program() + " (" + row.section() + ")";
        switch (row.verdict()) {
            case Verdict.Accepted _ -> terminal.out().println(program + ": accepted; " + work(row.timing()));
            case Verdict.Rejected rejected -> {
                terminal.out().println(program + ": refused with " + rejected.errno() + " at instruction "
                        + rejected.slot() + ": " + Refusals.message(row.image(), rejected));
                printReason(rejected);
                terminal.out().println("  " + work(row.timing()));
            }
        }
    }

    private void printReason(Verdict.Rejected rejected) {
        if (rejected.line() != null) {
            terminal.out().println("  " + rejected.line().file() + ":" + rejected.line().line() + ": "
                    + rejected.line().text().strip());
        }
        Explanation explanation = Explanation.of(rejected.message());
        if (explanation != null) {
            terminal.out().println("  why: " + explanation.why());
            terminal.out().println("  try: " + explanation.remedy());
        }
    }

    private static String work(VerifyTiming timing) {
        Verdict.Statistics statistics = timing.verdict().statistics();
        String work = String.format(Locale.ROOT, "%d instructions, %d states, %s", statistics.instructions(),
                statistics.states(), duration(timing, timing.own()));
        Spent kernel = timing.kernel();
        return kernel == null
                ? work
                : work + String.format(Locale.ROOT,
                        "; this kernel: %s; bpfz takes %.2f of it, %.2f of its processor time",
                        duration(timing, kernel), timing.own().wall() / (double) kernel.wall(),
                        timing.own().processor() / (double) kernel.processor());
    }

    /** One duration; of several also what that makes in instructions a second, by the clock and by the thread's processor time. */
    private static String duration(VerifyTiming timing, Spent spent) {
        String wall = String.format(Locale.ROOT, "%.1f ms", milliseconds(spent.wall()));
        return timing.runs() == 1
                ? wall
                : wall + String.format(Locale.ROOT, ", %.2f M instructions/s (processor: %.1f ms, %.2f M/s)",
                        timing.rate(spent.wall()) / MILLION, milliseconds(spent.processor()),
                        timing.rate(spent.processor()) / MILLION);
    }

    private static double milliseconds(long nanos) {
        return nanos / (double) TimeUnit.MILLISECONDS.toNanos(1);
    }

    void printJson(List<Row> rows) throws IOException {
        JsonWriter writer = Json.to(terminal);
        writer.beginObject();
        writer.name("programs").beginArray();
        for (Row row : rows) {
            writer.beginObject();
            writer.name("program").value(row.program());
            writer.name("section").value(row.section());
            writer.name("verdict").value(row.isAccepted() ? "accept" : "reject");
            if (row.verdict() instanceof Verdict.Rejected rejected) {
                write(writer, row, rejected);
            }
            writer.name("insns_processed").value(row.verdict().statistics().instructions());
            writer.name("total_states").value(row.verdict().statistics().states());
            writer.name("verification_time_ns").value(row.timing().own().wall());
            writer.name("verification_processor_time_ns").value(row.timing().own().processor());
            if (row.timing().kernel() != null) {
                writer.name("kernel_verification_time_ns").value(row.timing().kernel().wall());
            }
            writer.name("log").value(row.log());
            writer.endObject();
        }
        writer.endArray();
        writer.endObject();
        Json.end(writer, terminal);
    }

    private static void write(JsonWriter writer, Row row, Verdict.Rejected rejected) throws IOException {
        writer.name("errno").value(rejected.errno().name());
        writer.name("message").value(Refusals.message(row.image(), rejected));
        writer.name("insn").value(rejected.slot());
        if (rejected.line() != null) {
            writer.name("line").value(rejected.line().file() + ":" + rejected.line().line());
        }
        Explanation explanation = Explanation.of(rejected.message());
        if (explanation != null) {
            writer.name("why").value(explanation.why());
            writer.name("try").value(explanation.remedy());
        }
    }
}
