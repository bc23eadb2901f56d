package org.bpfz.oracle.grade;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.bpfz.oracle.InputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The table of the reference kernel's mistakes says what the patch does. */
class KernelMutantsTest {
    private static final Path FOLDER = Path.of("..", "reference-patch").toAbsolutePath().normalize();

    @TempDir
    Path folder;

    /** The parameter's number is the place in the patch's enum, in which 0 is no mistake. */
    @Test
    void shouldNumberTheMistakesAsThePatchDoes() throws IOException {
        List<KernelMutants.Mutant> table = KernelMutants.read(FOLDER.resolve("mutants.json"));
        List<String> names;
        try (Stream<Path> files = Files.list(FOLDER)) {
            Path patch = files.filter(file -> String.valueOf(file.getFileName()).startsWith("0002-")).findFirst()
                    .orElseThrow();
            names = Pattern.compile("^\\+\tMUTANT_(\\w+),$", Pattern.MULTILINE).matcher(Files.readString(patch))
                    .results()
                    .map(match -> match.group(1)).toList();
        }

        assertEquals("NONE", names.getFirst());
        assertEquals(names.subList(1, names.size()), table.stream().map(KernelMutants.Mutant::name).toList());
        for (int i = 0; i < table.size(); i++) {
            assertEquals(i + 1, table.get(i).number());
        }
        assertTrue(table.size() >= 40);
    }

    @Test
    void shouldRefuseWhatIsNoTable() throws IOException {
        Path file = Files.writeString(folder.resolve("mutants.json"), "{\"mutants\": [{\"number\": 1}]}");

        assertThrows(InputException.class, () -> KernelMutants.read(file));
    }
}
