package org.bpfz.oracle.cli;

import com.google.common.base.Splitter;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.bpfz.oracle.InputException;
import org.bpfz.oracle.model.Engines;
import org.bpfz.oracle.replay.FileSum;
import org.bpfz.oracle.replay.Ledger;
import org.bpfz.oracle.replay.Replay;
import org.bpfz.spec.kernel.Credentials;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code bpfz replay}: a recording of real programs through the modelled kernel. */
@CommandLine.Command(description = {
    "Makes the system calls of a recording on the modelled kernel with the programs of OBJ attached, compares each result"
            + " with the recorded one, and prints what was counted by file.",
    "Record with: strace -f -xx -s 1000000 -o LOG COMMAND. What was there before the recording is learned from the recording;"
            + " calls that the model does not have are counted by name. Exit code 1: a call's result differs."}, sortOptions = false)
final class ReplayCommand extends Command {
    private static final int SHOWN_DIFFERENCES = 20;

    @Option(names = "--strace", paramLabel = "LOG", required = true, description = "The recording.")
    private Path log = Path.of("");

    @Parameters(index = "0", paramLabel = "OBJ", description = "ELF object with a program for decide and one for verify.")
    private Path object = Path.of("");

    @Option(names = "--engine", paramLabel = "NAME", description = "What runs the programs: spec, interpreter or jit. Default: the fastest.")
    private @Nullable String engineName;

    @Option(names = "--user", paramLabel = "UID[:GID]", description = "Whom the recorded tasks acted for. Default: whom the recording names, or else the owner of LOG.")
    private @Nullable String user;

    @Option(names = "--json", description = "One JSON document.")
    private boolean json;

    @Option(names = "--progress", description = "Say how far the work is, also where standard error is no terminal.")
    private boolean wantsProgress;

    ReplayCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() throws IOException {
        if (Files.isDirectory(log)) {
            throw new InputException(log, "is a directory");
        }
        Progress progress = new Progress(terminal, wantsProgress);
        Replay.Result result = Replay.run(log, Inputs.object(object), Engines.namedOrFastest(engineName), credentials(),
                percent -> {
                    if (progress.isDue()) {
                        progress.say("bpfz replay: " + percent + " %");
                    }
                });
        progress.clear();
        Ledger ledger = result.ledger();
        if (ledger.equalCalls() + ledger.differentCalls() + ledger.outsideCalls().size() == 0) {
            throw new InputException(log, "has no system call: record with strace -f -xx -s 1000000 -o LOG COMMAND");
        }
        if (json) {
            writeJson(result);
        } else {
            writeText(result, terminal.out());
        }
        return ledger.differentCalls() == 0 ? ExitCode.OK : ExitCode.NO;
    }

    private @Nullable Credentials credentials() {
        if (user == null) {
            return null;
        }
        List<String> ids = Splitter.on(':').splitToList(user);
        try {
            int uid = Integer.parseUnsignedInt(ids.get(0));
            if (ids.size() <= 2) {
                return Credentials.of(uid, ids.size() == 1 ? uid : Integer.parseUnsignedInt(ids.get(1)));
            }
        } catch (NumberFormatException e) {
            throw new InputException("--user " + user + ": UID or UID:GID in numbers expected");
        }
        throw new InputException("--user " + user + ": UID or UID:GID expected");
    }

    private void writeText(Replay.Result result, PrintStream out) {
        Ledger ledger = result.ledger();
        for (Ledger.Difference difference : ledger.differences().stream().limit(SHOWN_DIFFERENCES).toList()) {
            out.println(log + ":" + difference.line() + ": " + difference.call() + ", recorded: "
                    + difference.recorded());
        }
        if (ledger.differentCalls() > SHOWN_DIFFERENCES) {
            out.println("... and " + (ledger.differentCalls() - SHOWN_DIFFERENCES) + " more");
        }
        out.printf(Locale.ROOT, "%14s %14s %8s  %s%n", "written", "after", "ratio", "file");
        long written = 0;
        long after = 0;
        for (FileSum file : result.files()) {
            row(out, file.written(), file.after(), file.path() + (file.gone() ? "  (removed)" : ""));
            written += file.written();
            after += file.after();
        }
        row(out, written, after, "total of " + result.files().size() + " files under verification");
        out.println();
        out.printf(Locale.ROOT, "%d calls replayed: %d as recorded, %d otherwise%n",
                ledger.equalCalls() + ledger.differentCalls(), ledger.equalCalls(), ledger.differentCalls());
        if (!ledger.outsideCalls().isEmpty()) {
            out.println("outside of the model: " + ledger.outsideCalls().entrySet().stream()
                    .sorted(Comparator.comparingLong((Map.Entry<String, Long> entry) -> -entry.getValue())
                            .thenComparing(Map.Entry::getKey))
                    .map(entry -> entry.getKey() + " " + entry.getValue()).collect(Collectors.joining(", ")));
        }
        out.printf(Locale.ROOT, "learned of the time before: %d files, %d folders, %d symbolic links%n", ledger.files(),
                ledger.folders(), ledger.links());
        if (ledger.changesByOthers() > 0) {
            out.println("names that came or went without a recorded call: " + ledger.changesByOthers());
        }
        for (Ledger.Remark remark : ledger.remarks().stream().limit(SHOWN_DIFFERENCES).toList()) {
            terminal.err().println("bpfz replay: " + log + ":" + remark.line() + ": " + remark.text());
        }
        if (ledger.remarkCount() > SHOWN_DIFFERENCES) {
            terminal.err().println("bpfz replay: " + log + ": " + (ledger.remarkCount() - SHOWN_DIFFERENCES)
                    + " more lines were not understood");
        }
        out.flush();
    }

    private static void row(PrintStream out, long written, long after, String what) {
        String ratio = written == 0 ? "-" : String.format(Locale.ROOT, "%.1f%%", 100.0 * after / written);
        out.printf(Locale.ROOT, "%14d %14d %8s  %s%n", written, after, ratio, what);
    }

    private void writeJson(Replay.Result result) throws IOException {
        Ledger ledger = result.ledger();
        JsonWriter writer = Json.to(terminal);
        writer.beginObject();
        writer.name("files").beginArray();
        long written = 0;
        long after = 0;
        for (FileSum file : result.files()) {
            writer.beginObject().name("path").value(file.path()).name("removed").value(file.gone()).name("written")
                    .value(file.written()).name("after").value(file.after()).endObject();
            written += file.written();
            after += file.after();
        }
        writer.endArray();
        writer.name("written").value(written).name("after").value(after);
        writer.name("calls").beginObject().name("equal").value(ledger.equalCalls()).name("different")
                .value(ledger.differentCalls()).endObject();
        writer.name("differences").beginArray();
        for (Ledger.Difference difference : ledger.differences()) {
            writer.beginObject().name("line").value(difference.line()).name("pid").value(difference.pid())
                    .name("modelled").value(difference.call()).name("recorded").value(difference.recorded())
                    .endObject();
        }
        writer.endArray();
        writer.name("outside").beginObject();
        for (Map.Entry<String, Long> entry : ledger.outsideCalls().entrySet()) {
            writer.name(entry.getKey()).value(entry.getValue());
        }
        writer.endObject();
        writer.name("learned").beginObject().name("files").value(ledger.files()).name("folders").value(ledger.folders())
                .name("links").value(ledger.links()).endObject();
        writer.name("changed_by_others").value(ledger.changesByOthers());
        writer.name("remarks").beginArray();
        for (Ledger.Remark remark : ledger.remarks()) {
            writer.beginObject().name("line").value(remark.line()).name("text").value(remark.text()).endObject();
        }
        writer.endArray();
        writer.endObject();
        Json.end(writer, terminal);
    }
}
