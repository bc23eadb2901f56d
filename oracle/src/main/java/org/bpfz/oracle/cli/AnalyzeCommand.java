package org.bpfz.oracle.cli;

import com.google.gson.stream.JsonWriter;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.bpfz.loader.BpfObject;
import org.bpfz.oracle.InputException;
import org.bpfz.oracle.analyze.Analysis;
import org.bpfz.oracle.analyze.AnalysisReport;
import org.bpfz.oracle.analyze.DisplayPath;
import org.bpfz.oracle.analyze.FileResult;
import org.bpfz.oracle.analyze.FileWalk;
import org.bpfz.oracle.analyze.Found;
import org.bpfz.oracle.analyze.HtmlReport;
import org.bpfz.oracle.analyze.JsonReport;
import org.bpfz.oracle.analyze.TextReport;
import org.bpfz.oracle.analyze.Totals;
import org.bpfz.oracle.model.Engines;
import org.bpfz.spec.engine.Engine;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code bpfz analyze}: how well real files compress. */
@CommandLine.Command(description = {
    "Writes files, and every file below folders, through the modelled kernel with the programs of OBJ attached, and prints"
            + " what they counted. Each file is written by a task of its owner's.",
    "Symbolic links are not followed but where they are arguments; devices, pipes, sockets and the kernel's own file"
            + " systems are left out. Exit code 1: something could not be read, or a program refused a write."}, sortOptions = false)
final class AnalyzeCommand extends Command {
    @Parameters(index = "0", paramLabel = "OBJ", description = "ELF object with a program for decide and one for verify.")
    private Path object = Path.of("");

    @Parameters(index = "1..*", arity = "1..*", paramLabel = "PATH", description = "Files and folders.")
    private List<Path> paths = new ArrayList<>();

    @Option(names = "--engine", paramLabel = "NAME", description = "What runs the programs: spec, interpreter or jit. Default: the fastest.")
    private @Nullable String engineName;

    @Option(names = "--block", paramLabel = "SIZE", converter = SizeConverter.class, description = "The size of each write, such as 4096, 64K or 1M. Default: the whole file up to 1M a write.")
    private Integer block = 1 << 20;

    @Option(names = "--blocks", description = "List each write as well.")
    private boolean blocks;

    @Option(names = "--json", description = "One JSON document.")
    private boolean json;

    @Option(names = "--html", paramLabel = "FILE", description = "Draw it as one self-contained page.")
    private @Nullable Path html;

    @Option(names = "--progress", description = "Say how far the work is, also where standard error is no terminal.")
    private boolean wantsProgress;

    AnalyzeCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() throws IOException {
        Engine engine = Engines.namedOrFastest(engineName);
        BpfObject opened = Inputs.object(object);
        for (Path path : paths) {
            if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
                throw new InputException(path, "no such file");
            }
        }
        if (html == null) {
            return run(opened, engine, null);
        }
        try (Writer page = new BufferedWriter(Files.newBufferedWriter(html, StandardCharsets.UTF_8))) {
            return run(opened, engine, new HtmlReport(page, object.toString(), block, engine.name()));
        }
    }

    private int run(BpfObject opened, Engine engine, @Nullable AnalysisReport page) throws IOException {
        Progress progress = new Progress(terminal, wantsProgress);
        JsonWriter writer = json ? Json.to(terminal) : null;
        AnalysisReport main = writer == null ? new TextReport(terminal.out()) : new JsonReport(writer);
        List<AnalysisReport> reports = new ArrayList<>(List.of(new Complaints(terminal, progress), main));
        if (page != null) {
            reports.add(page);
        }
        long start = System.nanoTime();
        Totals totals = new Analysis(new Several(reports), (files, bytes, path) -> {
            if (progress.isDue()) {
                double seconds = (System.nanoTime() - start) / 1e9;
                progress.say(String.format(Locale.ROOT, "bpfz analyze: %d files, %.1f MiB, %.1f MiB/s, %s", files,
                        bytes / 0x1p20, bytes / 0x1p20 / seconds, DisplayPath.of(path)));
            }
        }).run(opened, engine, new FileWalk(paths), block, blocks);
        progress.clear();
        if (writer != null) {
            Json.end(writer, terminal);
        }
        return totals.unreadable() == 0 ? ExitCode.OK : ExitCode.NO;
    }

    /** One line on standard error for each thing that is left out, links aside, or not written to its end. */
    private record Complaints(Terminal terminal, Progress progress) implements AnalysisReport {
        @Override
        public void file(FileResult file) {
            progress.clear();
            if (file.problem() != null) {
                complain(file.path(), file.problem());
            }
        }

        @Override
        public void leftOut(Found.LeftOut leftOut) {
            if (leftOut.why() != Found.Why.LINK) {
                complain(leftOut.path(), leftOut.reason());
            }
        }

        @Override
        public void end(Totals totals) {
            // The totals are on standard output.
        }

        private void complain(Path path, String message) {
            progress.clear();
            terminal.err().println("bpfz analyze: " + DisplayPath.of(path) + ": " + message);
        }
    }

    /** The same to several reports, in order. */
    private record Several(List<AnalysisReport> reports) implements AnalysisReport {
        @Override
        public void file(FileResult file) throws IOException {
            for (AnalysisReport report : reports) {
                report.file(file);
            }
        }

        @Override
        public void leftOut(Found.LeftOut leftOut) throws IOException {
            for (AnalysisReport report : reports) {
                report.leftOut(leftOut);
            }
        }

        @Override
        public void end(Totals totals) throws IOException {
            for (AnalysisReport report : reports) {
                report.end(totals);
            }
        }
    }
}
