package org.bpfz.oracle.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

class GradeCommandTest {
    private static final Path SUITE = Path.of("..", "suite").toAbsolutePath().normalize();
    private static final Pattern ROW = Pattern
            .compile(
                    "<tr class=\"[^\"]*\" data-clause=\"([^\"]+)\" data-verdict=\"([^\"]+)\" data-points=\"([^\"]+)\">");
    private static final Pattern FINDING = Pattern.compile(
            "<article class=\"finding\" id=\"[^\"]*\" data-clause=\"([^\"]+)\">.*?<code class=\"observed\">(.*?)</code>.*?<span class=\"scenario\">(.*?)</span>",
            Pattern.DOTALL);

    @TempDir
    Path folder;

    private Path few;

    /** A few scenarios are enough to see what reports say. */
    @BeforeEach
    void copySomeScenarios() throws IOException {
        few = Files.createDirectories(folder.resolve("few"));
        for (String name : List.of("abort_counts_nothing", "verify_on_pwrite64", "stats", "fork", "context_store_plain",
                "threads_reset")) {
            Files.copy(SUITE.resolve(name + ".scenario"), few.resolve(name + ".scenario"),
                    StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static Map<String, String> rows(JsonObject document) {
        Map<String, String> rows = new TreeMap<>();
        for (JsonElement row : document.getAsJsonArray("clauses")) {
            JsonObject clause = row.getAsJsonObject();
            rows.put(clause.get("clause").getAsString(),
                    clause.get("verdict").getAsString() + " " + clause.get("points").getAsDouble());
        }
        return rows;
    }

    private static String unescape(String text) {
        return text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&");
    }

    /** Page, JSON and JUnit say the same. */
    @Test
    void shouldSayTheSameEverywhere() throws IOException, ParserConfigurationException, SAXException {
        Path page = folder.resolve("g.html");
        Path xml = folder.resolve("g.xml");
        CommandRun run = CommandRun.of("grade", "--mutant", "pwrite-forgotten", "--suite", few.toString(), "--html",
                page.toString(), "--junit", xml.toString(), "--json");
        JsonObject document = JsonParser.parseString(run.out()).getAsJsonObject();
        String html = Files.readString(page);

        assertEquals("", run.err());
        assertEquals(ExitCode.NO, run.code());
        Map<String, String> shown = new TreeMap<>();
        Matcher row = ROW.matcher(html);
        while (row.find()) {
            shown.put(row.group(1), row.group(2) + " " + Double.parseDouble(row.group(3)));
        }
        assertEquals(rows(document), shown);
        assertTrue(html.contains("data-score=\"" + document.get("score").getAsDouble() + "\""));

        List<String> told = new ArrayList<>();
        Matcher finding = FINDING.matcher(html);
        while (finding.find()) {
            told.add(finding.group(1) + " " + unescape(finding.group(2)) + " " + unescape(finding.group(3)));
        }
        List<String> expected = new ArrayList<>();
        List<String> failures = new ArrayList<>();
        for (JsonElement each : document.getAsJsonArray("clauses")) {
            JsonObject clause = each.getAsJsonObject();
            if (clause.get("verdict").getAsString().equals("violated")) {
                expected.add(clause.get("clause").getAsString() + " " + clause.get("observed").getAsString() + " "
                        + clause.get("scenario").getAsString());
                failures.add(clause.get("clause").getAsString());
            }
        }
        assertEquals(expected, told);
        assertTrue(failures.contains("HOOK-2"), failures::toString);

        Document junit = DocumentBuilderFactory.newDefaultInstance().newDocumentBuilder()
                .parse(new InputSource(new StringReader(Files.readString(xml))));
        List<String> failed = new ArrayList<>();
        for (int i = 0; i < junit.getElementsByTagName("failure").getLength(); i++) {
            failed.add(((Element) junit.getElementsByTagName("failure").item(i).getParentNode()).getAttribute("name"));
        }
        assertEquals(failures, failed);
    }

    /** What is shown of a violation is a C program that compiles. */
    @Test
    void shouldWriteProgramsThatCompile() throws IOException, InterruptedException {
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/gcc")), "needs gcc");
        CommandRun run = CommandRun.of("grade", "--mutant", "sums-swapped", "--suite", few.toString(), "--json");
        int compiled = 0;
        for (JsonElement each : JsonParser.parseString(run.out()).getAsJsonObject().getAsJsonArray("clauses")) {
            if (each.getAsJsonObject().has("program")) {
                Path source = Files.writeString(folder.resolve("r.c"),
                        each.getAsJsonObject().get("program").getAsString());
                Process gcc = new ProcessBuilder("gcc", "-Wall", "-Wno-unused-result", "-Werror", "-fsyntax-only",
                        "-pthread",
                        source.toString()).redirectErrorStream(true).start();
                String said = new String(gcc.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                assertTrue(gcc.waitFor(60, TimeUnit.SECONDS));
                assertEquals(0, gcc.exitValue(), said);
                compiled++;
            }
        }
        assertTrue(compiled > 0);
    }

    @Test
    void shouldMakeATableOfSeveralSubmissions() {
        CommandRun run = CommandRun.of("grade", "--mutant", "all", "--no-shrink", "--suite", few.toString());

        assertEquals(ExitCode.NO, run.code());
        assertTrue(
                run.out().lines()
                        .anyMatch(line -> line.startsWith("model with pwrite-forgotten") && line.contains("HOOK-2")),
                run.out());
    }

    @Test
    void shouldSayWhatIsMissing() throws IOException {
        assertEquals("bpfz grade: --kernel IMAGE, --model or --mutant NAME is needed",
                CommandRun.of("grade", "--suite", few.toString()).complaints().getFirst());
        assertEquals(ExitCode.UNUSABLE, CommandRun.of("grade", "--mutant", "frob").code());
        assertEquals(ExitCode.UNUSABLE, CommandRun.of("grade", "--model", "--suite", folder.toString()).code());
        Path rubric = Files.writeString(folder.resolve("rubric.json"), "{\"points\":{\"WR-9\":1}}");
        assertEquals("bpfz grade: " + rubric + ": there is no clause WR-9", CommandRun.of("grade", "--model", "--suite",
                few.toString(), "--rubric", rubric.toString()).complaints().getFirst());
    }

    /** A reading that is insisted on makes the other one a violation. */
    @Test
    void shouldInsistOnAReading() {
        CommandRun strict = CommandRun.of("grade", "--model", "--suite", few.toString(), "--no-shrink", "--insist",
                "WR-1=NOTHING_WRITTEN");
        CommandRun other = CommandRun.of("grade", "--model", "--suite", few.toString(), "--no-shrink", "--insist",
                "SYS-4=INODE");

        assertEquals(ExitCode.OK, strict.code(), strict.out());
        assertFalse(other.out().contains("violated   "), other.out());
    }
}
