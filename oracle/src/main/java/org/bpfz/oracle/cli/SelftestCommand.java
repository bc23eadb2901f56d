package org.bpfz.oracle.cli;

import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.bpfz.oracle.InputException;
import org.bpfz.oracle.selftest.SelftestObjects;
import org.bpfz.oracle.selftest.SelftestResult;
import org.bpfz.oracle.selftest.SelftestResult.Kind;
import org.bpfz.oracle.selftest.SelftestRunner;
import org.bpfz.spec.btf.Btf;
import org.bpfz.spec.btf.BtfRules;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code bpfz selftest}: objects that say themselves what a verifier should make of them. */
@CommandLine.Command(description = {
    "Verifies objects that are annotated as the kernel's tools/testing/selftests/bpf/progs/verifier_*.c are, privileged and"
            + " unprivileged, and compares verdict and messages with what their tags expect.",
    "Exit 1: one or more are not as expected."}, sortOptions = false)
final class SelftestCommand extends Command {
    private static final int POSSIBLE_CPUS = 8;

    @Parameters(paramLabel = "FILE|DIR", arity = "0..*", description = "Objects, or folders of *.o files.")
    private List<Path> paths = List.of();

    @Option(names = "--kernel-source", description = "The kernel's own tests: built with clang-19 from linux-source-6.12 into the user's cache folder.")
    private boolean kernelSource;

    @Option(names = "--kernel-btf", paramLabel = "FILE", description = "The types of the kernel that programs refer to. Default: those of the running one, where it has them.")
    private Path kernelBtf = Path.of("/sys/kernel/btf/vmlinux");

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
        if (kernelSource) {
            SelftestObjects.Built built = SelftestObjects.build(name -> {
                if (progress.isDue()) {
                    progress.say("building " + name);
                }
            });
            addObjects(built.folder(), objects);
            built.failed().forEach((name, reason) -> results
                    .add(new SelftestResult(name, "(not built)", Kind.UNSUPPORTED, reason, "")));
        }
        if (objects.isEmpty()) {
            throw new InputException("no objects: name files or folders, or say --kernel-source");
        }
        Btf types = Files.isReadable(kernelBtf) ? Btf.read(Files.readAllBytes(kernelBtf), BtfRules.KERNEL) : null;
        SelftestRunner runner = new SelftestRunner(types, POSSIBLE_CPUS);
        for (Path object : objects) {
            results.addAll(runner.run(object));
            if (progress.isDue()) {
                progress.say(results.size() + " loads, at " + object.getFileName());
            }
        }
        progress.clear();
        Path table = markdown;
        if (table != null) {
            Files.writeString(table, markdown(results));
        }
        if (json) {
            printJson(results);
        } else {
            print(results);
        }
        return results.stream().allMatch(result -> result.kind() == Kind.PASSED) ? ExitCode.OK : ExitCode.NO;
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

    private static long count(List<SelftestResult> results, Kind kind) {
        return results.stream().filter(result -> result.kind() == kind).count();
    }

    private void print(List<SelftestResult> results) {
        for (SelftestResult result : results) {
            if (result.kind() != Kind.PASSED) {
                terminal.out().println(result.kind() + " " + result.file() + " " + result.name() + ": "
                        + result.reason());
            }
        }
        terminal.out().println(results.size() + " loads: " + figures(results));
    }

    private static String figures(List<SelftestResult> results) {
        List<String> parts = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            parts.add(count(results, kind) + " " + kind.name().toLowerCase(Locale.ROOT));
        }
        return String.join(", ", parts);
    }

    private static String markdown(List<SelftestResult> results) {
        Map<String, List<SelftestResult>> byFile = new TreeMap<>();
        results.forEach(result -> byFile.computeIfAbsent(result.file(), _ -> new ArrayList<>()).add(result));
        StringBuilder text = new StringBuilder(
                """
                        # The kernel's verifier tests

                        Made by `bpfz selftest --kernel-source --markdown docs/SELFTESTS.md`: the loads of tools/testing/selftests/bpf/progs/verifier_*.c of
                        Linux 6.12, privileged and unprivileged, by what became of them. LAX is accepted although it should be refused, STRICT the other way
                        round, MESSAGE a right verdict whose log lacks an expected message.

                        | file | passed | lax | strict | message | unsupported |
                        |---|--:|--:|--:|--:|--:|
                        """);
        byFile.forEach((file, rows) -> row(text, file, rows));
        row(text, "**all**", results);
        text.append("\n## Not as expected\n\n| file | program | | reason |\n|---|---|---|---|\n");
        for (SelftestResult result : results) {
            if (result.kind() != Kind.PASSED) {
                text.append("| ").append(result.file()).append(" | ").append(result.name()).append(" | ")
                        .append(result.kind()).append(" | ").append(result.reason().replace("|", "\\|"))
                        .append(" |\n");
            }
        }
        return text.toString();
    }

    private static void row(StringBuilder text, String file, List<SelftestResult> rows) {
        text.append("| ").append(file);
        for (Kind kind : Kind.values()) {
            text.append(" | ").append(count(rows, kind));
        }
        text.append(" |\n");
    }

    private void printJson(List<SelftestResult> results) throws IOException {
        JsonWriter writer = Json.to(terminal);
        writer.beginObject();
        for (Kind kind : Kind.values()) {
            writer.name(kind.name().toLowerCase(Locale.ROOT)).value(count(results, kind));
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
