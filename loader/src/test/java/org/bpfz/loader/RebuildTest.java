package org.bpfz.loader;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.bpfz.loader.elf.ElfFile;
import org.bpfz.loader.elf.ElfSection;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The committed objects are what clang makes of the committed sources, section by section. */
class RebuildTest {
    /** The clang that made them: another one makes other code. */
    private static final String CLANG = "clang version 14.0.6";

    @TempDir
    private Path out;

    @BeforeAll
    static void needsClang() throws IOException, InterruptedException {
        Tool.Run version = Tool.orSkip(RebuildTest.class, "clang").run(List.of("--version"));
        if (!version.output().contains(CLANG)) {
            Tool.skip(RebuildTest.class, "the objects were made by " + CLANG + ", and here is "
                    + version.output().lines().findFirst().orElse("none"));
        }
        Tool.orSkip(RebuildTest.class, "llvm-strip");
    }

    @Test
    void examples() throws IOException, InterruptedException {
        assertTrue(rebuild(TestObjects.EXAMPLES) >= 7);
    }

    @Test
    void tracingExamples() throws IOException, InterruptedException {
        assertTrue(rebuild(TestObjects.EXAMPLES.resolve("tracing")) >= 5);
    }

    @Test
    void typesOfTheModelledKernels() throws IOException, InterruptedException {
        Tool.orSkip(RebuildTest.class, "llvm-objcopy");
        Tool.Run make = Tool.orSkip(RebuildTest.class, "make").run(Path.of("src/main/kernel"),
                "OUT=" + out.toAbsolutePath());
        assertEquals(0, make.status(), make.output());
        for (String name : List.of("linux_4_12.btf", "linux_6_12.btf")) {
            assertArrayEquals(Files.readAllBytes(Path.of("src/main/resources/org/bpfz/loader", name)),
                    Files.readAllBytes(out.resolve(name)), name);
        }
    }

    @Test
    void objectsOfTheseTests() throws IOException, InterruptedException {
        assertTrue(rebuild(TestObjects.FOLDER) >= 11);
    }

    /** How many objects were compared. */
    private int rebuild(Path folder) throws IOException, InterruptedException {
        Tool.Run make = Tool.orSkip(RebuildTest.class, "make").run(folder, "OUT=" + out.toAbsolutePath());
        assertEquals(0, make.status(), make.output());
        int compared = 0;
        try (Stream<Path> files = Files.list(folder)) {
            for (Path committed : files.filter(path -> path.toString().endsWith(".o")).toList()) {
                compare(committed, out.resolve(committed.getFileName()));
                compared++;
            }
        }
        return compared;
    }

    private static void compare(Path committed, Path rebuilt) throws IOException {
        ElfFile expected = ElfFile.read(committed.toString(), Files.readAllBytes(committed));
        ElfFile actual = ElfFile.read(rebuilt.toString(), Files.readAllBytes(rebuilt));
        assertEquals(expected.sections(), actual.sections(), committed.toString());
        for (ElfSection section : expected.sections()) {
            assertArrayEquals(expected.contents(section), actual.contents(actual.sections().get(section.index())),
                    committed + " " + section.name());
        }
        assertEquals(expected.symbols(), actual.symbols(), committed.toString());
    }
}
