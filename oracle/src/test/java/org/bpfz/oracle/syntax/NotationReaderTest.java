package org.bpfz.oracle.syntax;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.bpfz.oracle.syntax.CallText.ResultText;
import org.bpfz.oracle.syntax.Value.Field;
import org.bpfz.oracle.syntax.Value.Flags;
import org.bpfz.oracle.syntax.Value.Int;
import org.bpfz.oracle.syntax.Value.Invocation;
import org.bpfz.oracle.syntax.Value.Name;
import org.bpfz.oracle.syntax.Value.Opaque;
import org.bpfz.oracle.syntax.Value.Sequence;
import org.bpfz.oracle.syntax.Value.Struct;
import org.bpfz.oracle.syntax.Value.Text;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NotationReaderTest {
    private static CallText strict(String line) throws NotationException {
        return NotationReader.strict(line, 0).call();
    }

    private static CallText lenient(String line) throws NotationException {
        return NotationReader.lenient(line, 0).call();
    }

    private static Value value(String text) throws NotationException {
        return NotationReader.strict(text, 0).value();
    }

    private static ResultText result(String text) throws NotationException {
        return Objects.requireNonNull(lenient("f() " + text).result());
    }

    @Test
    void shouldReadACallWithItsPlacesAndItsResult() throws NotationException {
        CallText call = strict("openat(AT_FDCWD, \"/data/a\", O_CREAT|O_WRONLY, 0644) = 3");

        assertEquals("openat", call.name());
        assertEquals(List.of(new Field(null, new Name("AT_FDCWD", 7)), new Field(null, new Text("/data/a", false, 17)),
                new Field(null, new Flags(List.of(new Name("O_CREAT", 28), new Name("O_WRONLY", 36)), 28)),
                new Field(null, new Int(0644, 46))), call.arguments());
        assertEquals(new ResultText(3, null, false, "", 54), call.result());
    }

    @ParameterizedTest
    @CsvSource({"0,0", "17,17", "-1,-1", "0644,420", "0x1f,31", "4K,4096", "2M,2097152", "1G,1073741824",
        "8192*1024,8388608",
        "18446744073709551615,-1", "0xffffffffffffffff,-1"})
    void shouldReadNumbersAsStraceAndPeopleWriteThem(String text, long expected) throws NotationException {
        assertEquals(new Int(expected, 0), value(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-", "0x", "12z", "18446744073709551616", "08", "4KB"})
    void shouldRefuseWhatIsNoNumber(String text) {
        assertThrows(NotationException.class, () -> value(text));
    }

    @Test
    void shouldTakeStringsAsBytes() throws NotationException {
        Text text = assertInstanceOf(Text.class, value("\"a\\x00\\377\\n\\\\\\\"\\0018\\e\""));

        assertArrayEquals(new byte[]{'a', 0, -1, '\n', '\\', '"', 1, '8', 27}, text.bytes());
    }

    @Test
    void shouldSeeThatAStringIsCut() throws NotationException {
        assertEquals(new Text("ab", true, 0), value("\"ab\"..."));
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {"'\"abc'; 0", "'\"\\q\"'; 1", "'\"\\x\"'; 3", "'\"\\777\"'; 5"})
    void shouldSayWhereAStringIsBroken(String text, int at) {
        assertEquals(at, assertThrows(NotationException.class, () -> value(text)).at());
    }

    @Test
    void shouldReadStructuresArraysAndInvocations() throws NotationException {
        Struct stat = assertInstanceOf(Struct.class,
                value("{st_mode=S_IFCHR|0666, st_rdev=makedev(0x1, 0x3), v=[1, {}, ...], ...}"));

        assertEquals(List.of("st_mode", "st_rdev", "v"), stat.fields().stream().map(Field::name).toList());
        assertEquals(true, stat.cut());
        assertEquals(
                new Invocation("makedev", List.of(new Field(null, new Int(1, 39)), new Field(null, new Int(3, 44))),
                        31),
                stat.field("st_rdev"));
        assertEquals(new Sequence(List.of(new Int(1, 53), new Struct(List.of(), false, 56)), true, 52),
                stat.field("v"));
        assertEquals(null, stat.field("st_size"));
    }

    @Test
    void shouldReadResults() throws NotationException {
        assertEquals(new ResultText(-1, "ENOENT", false, "(No such file or directory)", 6),
                result("= -1 ENOENT (No such file or directory)"));
        assertEquals(new ResultText(-1, "EINVAL", false, "", 6), result("= -EINVAL"));
        assertEquals(new ResultText(0, null, true, "", 6), result("= ?"));
        assertEquals(new ResultText(0, "ERESTARTSYS", true, "(To be restarted)", 6),
                result("= ? ERESTARTSYS (To be restarted)"));
        assertEquals(new ResultText(0x28800, null, false, "(flags O_RDONLY|O_NONBLOCK)", 6),
                result("= 0x28800 (flags O_RDONLY|O_NONBLOCK)"));
        assertEquals(new ResultText(3, null, false, "<0.000012>", 6), result("= 3</etc/passwd> <0.000012>"));
    }

    @Test
    void shouldLeaveTheRestOfALineToTheReaderOfTheScenario() throws NotationException {
        NotationReader reader = NotationReader.strict("close(3) = -1 EBADF # closed above", 0);

        assertEquals(new ResultText(-1, "EBADF", false, "", 11), reader.call().result());
        assertEquals("# closed above", reader.takeRest());
    }

    @Test
    void shouldSkipWhatStraceAddsForPeople() throws NotationException {
        CallText call = lenient("fstat(4<TCP:[127.0.0.1:1->127.0.0.1:2]>, 0x7f /* 39 vars */) = 0");

        assertEquals(List.of(new Field(null, new Int(4, 6)), new Field(null, new Int(0x7f, 41))), call.arguments());
        assertEquals(new Int(1, 6), lenient("fstat(1</dev/null<char 1:3>>) = 0").argument(0));
        assertEquals(new Name("AT_FDCWD", 6), lenient("chdir(AT_FDCWD</tmp>) = 0").argument(0));
    }

    @Test
    void shouldTakeNotationOfStracesOwnAsItStands() throws NotationException {
        CallText call = lenient("wait4(-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 0}], ~[RTMIN \"),\"], NULL) = 7");

        assertEquals(new Opaque("WIFEXITED(s) && WEXITSTATUS(s) == 0", 12), assertInstanceOf(Struct.class,
                assertInstanceOf(Sequence.class, call.argument(1)).items().getFirst()).fields().getFirst().value());
        assertEquals("~[RTMIN \"),\"]", assertInstanceOf(Opaque.class, call.argument(2)).text());
        assertEquals(new Name("NULL", 66), call.argument(3));
    }

    @Test
    void shouldRefuseInAScenarioWhatOnlyStraceMayWrite() {
        NotationException problem = assertThrows(NotationException.class, () -> strict("kill(1, ~[INT]) = 0"));

        assertEquals(8, problem.at());
        assertEquals("a value expected, not '~'", problem.getMessage());
    }

    @Test
    void shouldRefuseNestingThatNoCallHas() {
        String deep = "f(" + "[".repeat(200_000) + "]".repeat(200_000) + ") = 0";

        assertThrows(NotationException.class, () -> strict(deep));
        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> lenient(deep));
    }
}
