import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Adds up what Surefire reported in every module and prints it as the last line of the build:
 * {@code N passed, N failed, N skipped}. Exits with 1 if nothing ran or anything failed.
 */
final class TestTotals {
    private static final Pattern SUITE = Pattern.compile("<testsuite\\b[^>]*>");

    private TestTotals() {
    }

    public static void main(String[] args) throws IOException {
        Path root = Path.of(args.length == 0 ? "." : args[0]);
        long tests = 0;
        long failed = 0;
        long skipped = 0;
        for (Path report : reports(root)) {
            Matcher suite = SUITE.matcher(Files.readString(report));
            if (suite.find()) {
                tests += attribute(suite.group(), "tests");
                failed += attribute(suite.group(), "failures") + attribute(suite.group(), "errors");
                skipped += attribute(suite.group(), "skipped");
            }
        }
        System.out.printf("%d passed, %d failed, %d skipped%n", tests - failed - skipped, failed, skipped);
        if (tests == 0 || failed > 0) {
            System.exit(1);
        }
    }

    private static List<Path> reports(Path root) throws IOException {
        try (Stream<Path> modules = Files.list(root)) {
            return modules.map(module -> module.resolve("target/surefire-reports")).filter(Files::isDirectory)
                    .flatMap(TestTotals::xmlFiles).toList();
        }
    }

    private static Stream<Path> xmlFiles(Path folder) {
        try {
            return Files.list(folder).filter(file -> file.getFileName().toString().matches("TEST-.*\\.xml"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long attribute(String element, String name) {
        Matcher value = Pattern.compile("\\b" + name + "=\"(\\d+)\"").matcher(element);
        return value.find() ? Long.parseLong(value.group(1)) : 0;
    }
}
