package org.bpfz.oracle.cli;

import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.bpfz.loader.BtfFiles;
import org.bpfz.oracle.InputException;
import org.bpfz.oracle.selftest.SelftestDocument;
import org.bpfz.oracle.selftest.SelftestObjects;
import org.bpfz.oracle.selftest.SelftestResult;
import org.bpfz.oracle.selftest.SelftestResult.Kind;
import org.bpfz.oracle.selftest.SelftestRunner;
import org.bpfz.oracle.selftest.TestTypes;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code bpfz selftest}: objects that say themselves what a verifier should make of them. */
@CommandLine.Command(description = {
    "Verifies objects that are annotated as the kernel's tools/testing/selftests/bpf/progs/verifier_*.c are, privileged and"
            + " unprivileged, and compares verdict, messages and what a run on the specification returns with what their tags expect.",
    "Exit 1: one or more are not as expected."}, sortOptions = false)
final class SelftestCommand extends Command {
    private static final int POSSIBLE_CPUS = 8;

    @Parameters(paramLabel = "FILE|DIR", arity = "0..*", description = "Objects, or folders of *.o files.")
    private List<Path> paths = List.of();

    @Option(names = "--kernel-source", description = "The kernel's own tests: built with clang-19 from linux-source-6.12 into the user's cache folder.")
    private boolean kernelSource;

    @Option(names = "--only", paramLabel = "REGEX", description = "With --kernel-source: only the files of these names, without ending, such as verifier_a.*.")
    private @Nullable String only;

    @Option(names = "--kernel-btf", paramLabel = "FILE", description = "The types of the kernel that programs refer to. Default: those of the stock 6.12 kernel that bpfz kernel fetch"
            + " fetches (--kernel-source does it if needed), else of the running one.")
    private @Nullable Path kernelBtf;

    @Option(names = "--markdown", paramLabel = "FILE", description = "Write the table by file there, too.")
    private @Nullable Path markdown;

    @Option(names = "--json", description = "One JSON document.")
    private boolean json;

    SelftestCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() throws IOException {
        Progress progress = new Progress(terminal, !json);
        List<Path> objects = new ArrayList<>();
        List<SelftestResult> results = new ArrayList<>();
        for (Path path : paths) {
            addObjects(path, objects);
        }
        if (only != null && !kernelSource) {
            throw new InputException("--only chooses from the kernel's own tests: say --kernel-source too");
        }
        if (objects.isEmpty() && !kernelSource) {
            throw new InputException("no objects: name files or folders, or say --kernel-source");
        }
        TestTypes types = kernelBtf == null ? TestTypes.best(kernelSource) : TestTypes.named(kernelBtf);
        if (kernelSource) {
            SelftestObjects.Built built = SelftestObjects.build(types.file(), wanted(), name -> {
                if (progress.isDue()) {
                    progress.say("building " + name);
                }
            });
            objects.addAll(built.objects());
            built.failed().forEach((name, reason) -> results.add(new SelftestResult(name, "(not built)",
                    Kind.UNSUPPORTED, false, reason, "")));
        }
        Path file = types.file();
        SelftestRunner runner = new SelftestRunner(file == null ? null : BtfFiles.read(file, null), POSSIBLE_CPUS);
        for (Path object : objects) {
            results.addAll(runner.run(object));
            if (progress.isDue()) {
                progress.say(results.size() + " loads, at " + object.getFileName());
            }
        }
        progress.clear();
        Path table = markdown;
        if (table != null) {
            Files.writeString(table, SelftestDocument.of(types, results));
        }
        if (json) {
            printJson(types, results);
        } else {
            print(types, results);
        }
        return results.stream().allMatch(result -> result.kind() == Kind.PASSED) ? ExitCode.OK : ExitCode.NO;
    }

    private Pattern wanted() {
        try {
            return Pattern.compile(only == null ? ".*" : only);
        } catch (PatternSyntaxException e) {
            throw new InputException("--only " + only + ": " + e.getDescription());
        }
    }

    private static void addObjects(Path path, List<Path> objects) throws IOException {
        if (!Files.isDirectory(path)) {
            objects.add(path);
            return;
        }
        try (var files = Files.list(path)) {
            files.filter(file -> file.toString().endsWith(".o")).sorted().forEach(objects::add);
        }
    }

    private void print(TestTypes types, List<SelftestResult> results) {
        for (SelftestResult result : results) {
            if (result.kind() != Kind.PASSED) {
                terminal.out().println(result.kind() + " " + result.file() + " " + result.name() + ": "
                        + result.reason());
            }
        }
        terminal.out().println("types: " + types.origin());
        terminal.out().println(results.size() + " loads: " + figures(results) + "; "
                + results.stream().filter(SelftestResult::ran).count() + " of them run");
    }

    private static String figures(List<SelftestResult> results) {
        List<String> parts = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            parts.add(SelftestDocument.count(results, kind) + " "
                    + kind.name().toLowerCase(Locale.ROOT).replace('_', ' '));
        }
        return String.join(", ", parts);
    }

    private void printJson(TestTypes types, List<SelftestResult> results) throws IOException {
        JsonWriter writer = Json.to(terminal);
        writer.beginObject();
        writer.name("types").value(types.origin());
        writer.name("run").value(results.stream().filter(SelftestResult::ran).count());
        for (Kind kind : Kind.values()) {
            writer.name(kind.name().toLowerCase(Locale.ROOT)).value(SelftestDocument.count(results, kind));
        }
        writer.name("results").beginArray();
        for (SelftestResult result : results) {
            writer.beginObject().name("file").value(result.file()).name("program").value(result.name());
            writer.name("result").value(result.kind().name().toLowerCase(Locale.ROOT));
            writer.name("reason").value(result.reason()).endObject();
        }
        writer.endArray().endObject();
        Json.end(writer, terminal);
    }
}
