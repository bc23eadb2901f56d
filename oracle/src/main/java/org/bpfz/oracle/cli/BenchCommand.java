package org.bpfz.oracle.cli;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bpfz.oracle.UnavailableException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/**
 * {@code bpfz bench}: measures, in a JVM of its own. The module of benchmarks stands behind this one, since it measures this one too, so its jar
 * is no part of the command's; it is built when it is missing or older.
 */
@CommandLine.Command(description = {
    "Measures engines, LZO, the write path, loader and verifier by JMH, and the peers that this machine has: the running kernel's"
            + " JIT, the kernel's LZO from its source, liblzo2, aircompressor, C by gcc -O2.",
    "Prints medians, their 95 %% confidence intervals (bootstrap) and ratios. All of it takes about an hour, --quick some minutes."}, sortOptions = false)
final class BenchCommand extends Command {
    @Option(names = "--quick", description = "Short iterations, LZO with 64 KiB blocks only.")
    private boolean quick;

    @Option(names = "--only", paramLabel = "TEXT", description = "Only suites with this in their names: engine, load, lzo, writepath, object.")
    private @Nullable String only;

    @Option(names = "--json", description = "One JSON document.")
    private boolean json;

    @Option(names = "--html", paramLabel = "FILE", description = "Draw it as one self-contained page.")
    private @Nullable Path html;

    @Option(names = "--markdown", paramLabel = "FILE", description = "Write the table as docs/PERFORMANCE.md has it.")
    private @Nullable Path markdown;

    BenchCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() throws IOException {
        Path root = root();
        Path jar = root.resolve("benchmarks/target/benchmarks.jar");
        Path own = root.resolve("oracle/target/bpfz.jar");
        if (!Files.exists(jar) || (Files.exists(own)
                && Files.getLastModifiedTime(jar).compareTo(Files.getLastModifiedTime(own)) < 0)) {
            terminal.err().println("bpfz bench: building the benchmarks");
            int built = run(root, List.of("mvn", "-q", "-B", "-ntp", "-Pquick", "package", "-pl", "benchmarks", "-am"));
            if (built != 0) {
                throw new UnavailableException("the build of the benchmarks failed; what Maven says stands above");
            }
        }
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow",
                        "-Dbpfz.root=" + root, "-jar", jar.toString()));
        if (quick) {
            command.add("--quick");
        }
        if (json) {
            command.add("--json");
        }
        add(command, "--only", only);
        add(command, "--html", html == null ? null : html.toAbsolutePath());
        add(command, "--markdown", markdown == null ? null : markdown.toAbsolutePath());
        return run(root, command);
    }

    private static void add(List<String> command, String option, @Nullable Object value) {
        if (value != null) {
            command.add(option);
            command.add(value.toString());
        }
    }

    private int run(Path folder, List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        try {
            Process process = builder.start();
            process.getInputStream().transferTo(terminal.out());
            return process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnavailableException("interrupted");
        }
    }

    /** The source tree that this was built in. */
    private static Path root() {
        try {
            Path folder = Path.of(BenchCommand.class.getProtectionDomain().getCodeSource().getLocation().toURI());
            while (folder != null && !Files.exists(folder.resolve("benchmarks/pom.xml"))) {
                folder = folder.getParent();
            }
            if (folder != null) {
                return folder;
            }
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
        throw new UnavailableException("the benchmarks need the source tree, and this is a jar elsewhere");
    }
}
