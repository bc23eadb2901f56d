package org.bpfz.oracle.analyze;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileWalkTest {
    @TempDir
    Path folder;

    @BeforeEach
    void makeTree() throws IOException {
        Files.createDirectories(folder.resolve("b/inner"));
        for (String name : List.of("c", "a", "B", "b/inner/2", "b/inner/1", "b.x")) {
            Files.writeString(folder.resolve(name), name);
        }
        Files.createSymbolicLink(folder.resolve("b/link"), folder.resolve("a"));
        Files.createSymbolicLink(folder.resolve("b/loop"), folder);
    }

    private List<String> walk(Path... roots) {
        List<String> seen = new ArrayList<>();
        new FileWalk(List.of(roots)).forEachRemaining(found -> seen.add(describe(found)));
        return seen;
    }

    private String describe(Found found) {
        String name = found.path().startsWith(folder)
                ? folder.relativize(found.path()).toString()
                : found.path().toString();
        return switch (found) {
            case Found.RegularFile _ -> name;
            case Found.LeftOut leftOut -> name + ": " + leftOut.reason();
        };
    }

    @Test
    void shouldGoThroughAFolderInTheOrderOfTheNamesBytes() {
        assertEquals(List.of("B", "a", "b/inner/1", "b/inner/2", "b/link: symbolic link, not followed",
                "b/loop: symbolic link, not followed", "b.x", "c"), walk(folder));
    }

    @Test
    void shouldTakeArgumentsInTheirOrderAndFollowLinksThere() {
        assertEquals(List.of("c", "b/link", "a"),
                walk(folder.resolve("c"), folder.resolve("b/link"), folder.resolve("a")));
    }

    @Test
    void shouldLeaveOutWhatHoldsNoData() throws Exception {
        Path pipe = folder.resolve("pipe");
        assumeTrue(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor() == 0, "mkfifo is missing");

        assertEquals(List.of("pipe: named pipe"), walk(pipe));
        assertEquals(List.of("/dev/null: character device"), walk(Path.of("/dev/null")));
        assertEquals(List.of("/proc: file system without stored data (proc)"), walk(Path.of("/proc")));
    }

    @Test
    void shouldSayWhatVanishedMeanwhileAndGoOn() throws IOException {
        FileWalk walk = new FileWalk(List.of(folder));
        assertEquals("B", describe(walk.next()));
        Files.delete(folder.resolve("a"));
        Files.delete(folder.resolve("b/inner/1"));
        List<String> rest = new ArrayList<>();
        walk.forEachRemaining(found -> rest.add(describe(found)));

        assertEquals(List.of("a: vanished", "b/inner/2"), rest.subList(0, 2));
    }

    @Test
    void shouldSayWhichFolderCanNotBeRead() throws IOException {
        Files.setPosixFilePermissions(folder.resolve("b"), PosixFilePermissions.fromString("---------"));
        try {
            assumeTrue(!Files.isReadable(folder.resolve("b")), "root may read everything: this can not be shown here");
            assertTrue(walk(folder).contains("b: permission denied"), walk(folder).toString());
        } finally {
            Files.setPosixFilePermissions(folder.resolve("b"), PosixFilePermissions.fromString("rwx------"));
        }
    }
}
