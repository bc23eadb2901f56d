package org.bpfz.spec.program;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The project's own files, found from wherever a test runs. */
final class ProjectTree {
    private ProjectTree() {
    }

    /** The folder of the parent pom. */
    static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (folder != null && !Files.exists(folder.resolve("build-tools"))) {
            folder = folder.getParent();
        }
        if (folder == null) {
            throw new IllegalStateException("not inside of the project: " + Path.of("").toAbsolutePath());
        }
        return folder;
    }

    /** The Java sources of all modules below {@code src/main} or {@code src/test}, in order. */
    static List<Path> sources(String part) {
        try (Stream<Path> modules = Files.list(root())) {
            return modules.map(module -> module.resolve("src/" + part + "/java")).filter(Files::isDirectory).sorted()
                    .flatMap(ProjectTree::javaFiles).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<Path> javaFiles(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".java")).sorted().toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
