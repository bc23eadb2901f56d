package org.bpfz.oracle.scenario;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.bpfz.oracle.syntax.NotationException;
import org.bpfz.oracle.syntax.NotationReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GeneratorsTest {
    @TempDir
    Path folder;

    private byte[] data(String text) throws NotationException {
        return new Generators(folder).data(NotationReader.strict(text, 0).value()).toByteArray();
    }

    private String text(String text) throws NotationException {
        return new String(data(text), StandardCharsets.UTF_8);
    }

    @Test
    void shouldTakeStringsAsTheyStand() throws NotationException {
        assertArrayEquals(new byte[]{'a', 0, -1}, data("\"a\\0\\xff\""));
    }

    @Test
    void shouldMakeZerosAndRepetitions() throws NotationException {
        assertArrayEquals(new byte[5000], data("zeros(5000)"));
        assertEquals("abcabca", text("repeat(\"abc\", 7)"));
        assertEquals("Lorem ipsum", text("lorem(11)"));
        assertEquals("Lorem ipsum", text("lorem(1000)").substring(446, 457));
        assertEquals("x0zz", text("join(\"x\", repeat(\"0\", 1), repeat(\"z\", 2))"));
    }

    /** The same numbers as java.util.SplittableRandom, which is SplitMix64 too. */
    @ParameterizedTest
    @CsvSource({"0,1", "1,1", "8,7", "100,-3", "4096,123456789"})
    void shouldMakeRandomBytesAsTheJdkDoes(int length, long seed) throws NotationException {
        SplittableRandom peer = new SplittableRandom(seed);
        ByteBuffer numbers = ByteBuffer.allocate(length + 8).order(ByteOrder.LITTLE_ENDIAN);
        while (numbers.remaining() >= 8) {
            numbers.putLong(peer.nextLong());
        }

        assertArrayEquals(Arrays.copyOf(numbers.array(), length), data("random(" + length + ", seed=" + seed + ")"));
    }

    @Test
    void shouldMakeTextThatRepeatsWordsButNotItself() throws NotationException {
        String words = text("words(10000)");

        assertEquals(words, text("words(10000, seed=1)"));
        assertEquals(words.substring(0, 100), text("words(100)"));
        assertTrue(words.matches("[a-z]++(?:[ \n][a-z]*+)++"), words);
        assertTrue(!words.equals(text("words(10000, seed=2)")));
    }

    @Test
    void shouldReadFilesBesideTheScenario() throws IOException, NotationException {
        Files.writeString(folder.resolve("input"), "0123456789");

        assertEquals("0123456789", text("file(\"input\")"));
        assertEquals("345", text("file(\"input\", offset=3, size=3)"));
        assertEquals("89", text("file(\"input\", offset=8)"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"zeros()", "zeros(-1)", "zeros(257M)", "zeros(\"a\")", "repeat(\"\", 5)", "repeat(5)",
        "nonsense(3)",
        "5", "name", "random(5, seed=x)", "file(\"none\")", "file(3)", "join(3)"})
    void shouldSayWhereDataIsNone(String text) {
        NotationException problem = assertThrows(NotationException.class, () -> data(text));

        assertTrue(problem.at() >= 0 && problem.at() < text.length(), problem.getMessage());
    }

    @Test
    void shouldRefuseAPartThatAFileDoesNotHave() throws IOException {
        Files.writeString(folder.resolve("input"), "0123456789");
        for (String part : new String[]{"offset=11", "offset=5, size=6", "offset=-1", "size=-1"}) {
            assertThrows(NotationException.class, () -> data("file(\"input\", " + part + ")"), part);
        }
    }
}
