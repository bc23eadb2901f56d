package org.bpfz.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code bpfz bench}, which the command starts in a JVM of its own: this jar is built after it. */
@Command(name = "bpfz bench", mixinStandardHelpOptions = false, description = {
    "Measures engines, LZO, the write path, loader and verifier by JMH, and the peers that this machine has: the running kernel's"
            + " JIT, the kernel's LZO from its source, liblzo2, aircompressor, C by gcc -O2.",
    "Prints medians, their 95 % confidence intervals (bootstrap) and ratios. All of it takes about an hour, --quick some minutes."}, sortOptions = false)
public final class Main implements Callable<Integer> {
    @SuppressWarnings("UnusedVariable") // picocli looks at it
    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Show this help and exit.")
    private boolean help;

    @Option(names = "--quick", description = "Short iterations, LZO with 64 KiB blocks only.")
    private boolean quick;

    @Option(names = "--only", paramLabel = "TEXT", description = "Only suites with this in their names: engine, load, length, compile, lzo,"
            + " writepath, object.")
    private String only = "";

    @Option(names = "--json", description = "One JSON document.")
    private boolean json;

    @Option(names = "--html", paramLabel = "FILE", description = "Draw it as one self-contained page.")
    private @Nullable Path html;

    @Option(names = "--markdown", paramLabel = "FILE", description = "Write the table as docs/PERFORMANCE.md has it.")
    private @Nullable Path markdown;

    private Main() {
    }

    /** Runs the suite and exits. */
    public static void main(String[] args) {
        CommandLine line = new CommandLine(new Main());
        line.setParameterExceptionHandler((problem, _) -> {
            System.err.println("bpfz bench: " + problem.getMessage());
            return CommandLine.ExitCode.USAGE;
        });
        System.exit(line.execute(args));
    }

    @Override
    public Integer call() throws Exception {
        List<Row> rows = new Suite(quick, only).run();
        if (rows.isEmpty()) {
            System.err.println("bpfz bench: no suite has '" + only + "' in its name, or none could run");
            return CommandLine.ExitCode.USAGE;
        }
        String command = "./bpfz bench" + (quick ? " --quick" : "") + (only.isEmpty() ? "" : " --only " + only);
        Report report = new Report(rows, machine(), command);
        if (html != null) {
            Files.writeString(html, report.html());
        }
        if (markdown != null) {
            Files.writeString(markdown, report.markdown(LocalDate.now(ZoneOffset.UTC).toString()));
        }
        System.out.write((json ? report.json() : report.text()).getBytes(StandardCharsets.UTF_8));
        System.out.flush();
        return CommandLine.ExitCode.OK;
    }

    private static String machine() throws IOException {
        String processor = "unknown processor";
        Path information = Path.of("/proc/cpuinfo");
        if (Files.isReadable(information)) {
            for (String line : Files.readAllLines(information)) {
                if (line.startsWith("model name")) {
                    processor = line.substring(line.indexOf(':') + 1).strip();
                }
            }
        }
        return processor + ", " + Runtime.getRuntime().availableProcessors() + " cores, "
                + System.getProperty("os.name")
                + " " + System.getProperty("os.version") + ", Java " + Runtime.version();
    }
}
