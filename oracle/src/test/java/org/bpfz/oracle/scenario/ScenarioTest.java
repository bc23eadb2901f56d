package org.bpfz.oracle.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.bpfz.oracle.syntax.LineReader;
import org.junit.jupiter.api.Test;

/** Scenarios with less in them, and how long they are. */
class ScenarioTest {
    private static final String TEXT = """
            disk 1M
            program on decide
                r0 = 1
                exit
            end
            attach on
            file "/f" = "abc"
            task p1
            p1: fd = open("/f", O_RDWR)
            p1: p2 = fork()
            repeat 3 p1: write(fd, "x")
            together
            repeat 4 p1: write(fd, "y")
            p2: read(fd, _, 1)
            end
            expect size "/f" = 3
            """;

    private static Scenario scenario() throws IOException {
        return ScenarioParser.parse(LineReader.of(Path.of("s.scenario"), TEXT));
    }

    /** The disk, the file, the task and the expectation are not done; what is repeated counts once. */
    @Test
    void shouldCountWhatIsDone() throws IOException {
        assertEquals(7, scenario().length());
        assertEquals(4, scenario().times(13));
    }

    @Test
    void shouldWriteDownHowOftenALineIsLeft() throws IOException {
        String text = ScenarioText.of(scenario().limited(Map.of(1, 0, 11, 2, 13, 1, 16, 0)));

        assertEquals(TEXT.replace("disk 1M\n", "").replace("repeat 3", "repeat 2").replace("repeat 4 ", "")
                .replace("expect size \"/f\" = 3\n", ""), text);
    }

    @Test
    void shouldDropWhatHappensTogetherWithItsLastLine() throws IOException {
        Scenario rest = scenario().limited(Map.of(13, 0, 14, 0));

        assertEquals(5, rest.length());
        assertEquals(ScenarioText.of(rest), ScenarioText.of(ScenarioParser.parse(LineReader.of(Path.of("s.scenario"),
                ScenarioText.of(rest)))));
    }
}
