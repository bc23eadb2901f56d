package org.bpfz.loader;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A program of this machine that a test compares with. */
public final class Tool {
    private final Path path;

    private Tool(Path path) {
        this.path = path;
    }

    /** The first of the programs that is there; the test is skipped, saying so, if none is. */
    public static Tool orSkip(Class<?> test, String... names) {
        Path found = find(names);
        if (found == null) {
            skip(test, "no " + String.join(" or ", names) + " here");
        }
        return new Tool(found);
    }

    /** Skips the test with a reason on standard output. */
    public static void skip(Class<?> test, String reason) {
        System.out.println("skipped: " + test.getSimpleName() + ": " + reason);
        assumeTrue(false, reason);
    }

    private static Path find(String... names) {
        String path = System.getenv().getOrDefault("PATH", "") + File.pathSeparator + "/usr/sbin";
        for (String name : names) {
            for (String folder : path.split(File.pathSeparator, -1)) {
                Path candidate = Path.of(folder, name);
                if (Files.isExecutable(candidate)) {
                    return candidate;
                }
            }
        }
        return null;
    }

    /** What a run left: the exit status and all that it wrote. */
    public record Run(int status, String output) {}

    /** Runs the program in a folder and waits for its end. */
    public Run run(Path folder, String... arguments) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(Stream.concat(Stream.of(path.toString()), Stream.of(arguments)).toList())
                .directory(folder.toFile()).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Run(process.waitFor(), output);
    }

    /** Runs the program in the current folder. */
    public Run run(List<String> arguments) throws IOException, InterruptedException {
        return run(Path.of("."), arguments.toArray(String[]::new));
    }
}
