package org.bpfz.oracle.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.base.CharMatcher;
import com.google.common.base.Splitter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bpfz.oracle.model.Engines;
import org.bpfz.oracle.syntax.LineReader;
import org.bpfz.oracle.syntax.NotationException;
import org.bpfz.oracle.syntax.NotationReader;
import org.junit.jupiter.api.Test;

/** The guide to scenarios is true. */
class ScenarioGuideTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    private static String guide() throws IOException {
        return Files.readString(ROOT.resolve("docs/SCENARIOS.md"));
    }

    private static String between(String text, String before, String after) {
        int from = text.indexOf(before) + before.length();
        return text.substring(from, text.indexOf(after, from));
    }

    @Test
    void shouldHoldWhatItsExampleExpects() throws IOException {
        String example = between(guide(), "```\n", "```");
        Path beside = ROOT.resolve("examples/scenarios/guide.scenario");
        List<RunEvent> events = new ArrayList<>();
        Scenario scenario = ScenarioParser.parse(LineReader.of(beside, example));
        int mismatches = new ScenarioRunner(scenario, Engines.named(Engines.SPECIFICATION), events::add).run();

        assertEquals(0, mismatches, events.toString());
        assertTrue(events.size() > 5);
    }

    /** With enough arguments of the right kinds, each call that the guide lists is one. */
    @Test
    void shouldListNoCallThatTheModelDoesNotHave() throws IOException, NotationException {
        String listed = between(guide(), "**The calls**: `", "`");
        ScenarioCalls calls = new ScenarioCalls(new Generators(ROOT), Map.of());
        for (String name : Splitter.on(CharMatcher.whitespace()).omitEmptyStrings().split(listed)) {
            assertNotNull(calls.read(1, NotationReader.strict(name + arguments(name), 0).call()), name);
        }
        for (String call : List.of("sendmsg(0, \"a\", [3, 4])", "recvmsg(0, _, 10, [a, b], 2)",
                "store_mapped(0, \"a\", 5)")) {
            assertNotNull(calls.read(1, NotationReader.strict(call, 0).call()), call);
        }
    }

    private static String arguments(String name) {
        Matcher firstIsPath = Pattern
                .compile(
                        "open|creat|truncate|stat|lstat|mkdir|mknod|symlink|link|unlink|rmdir|rename|chmod|chown|lchown|chdir")
                .matcher(name);
        if (name.equals("socketpair")) {
            return "(AF_UNIX, SOCK_STREAM, 0, [a, b])";
        }
        if (name.equals("setrlimit")) {
            return "(RLIMIT_FSIZE, 1)";
        }
        if (name.equals("sendfile")) {
            return "(1, 0, [5], 10)";
        }
        if (name.equals("copy_file_range") || name.equals("splice")) {
            return "(0, NULL, 1, [5], 10, 0)";
        }
        if (name.equals("openat2")) {
            return "(0, \"p\", {flags=O_RDONLY})";
        }
        if (name.matches("readv|preadv2?")) {
            return "(0, [{iov_base=_, iov_len=3}], 1, 0, 0)";
        }
        if (name.matches("p?writev2?|vmsplice")) {
            return "(0, [\"data\"], 1, 0, 0)";
        }
        if (name.equals("symlinkat")) {
            return "(\"target\", 0, \"p\")";
        }
        if (name.matches("link|rename|symlink")) {
            return "(\"p\", \"q\")";
        }
        if (name.matches("linkat|renameat2?")) {
            return "(0, \"p\", 0, \"q\", 0)";
        }
        if (firstIsPath.matches()) {
            return "(\"p\", 0, 0)";
        }
        if (name.endsWith("at")) {
            return name.equals("fstat") ? "(0)" : "(0, \"p\", 0, 0, 0)";
        }
        return name.matches("write|pwrite64") ? "(0, \"data\", 4, 0)" : "(0, 0, 0, 0)";
    }
}
