package org.bpfz.benchmarks;

import java.nio.file.Files;
import java.nio.file.Path;

/** The source tree, which has examples to load and sources to compress. */
final class ProjectTree {
    private ProjectTree() {
    }

    /** What the property bpfz.root names; otherwise this folder, or the one above where a module is built. */
    static Path root() {
        String property = System.getProperty("bpfz.root");
        Path here = Path.of("").toAbsolutePath();
        if (property != null) {
            return Path.of(property);
        }
        return Files.isDirectory(here.resolve("examples")) ? here : here.resolve("..").normalize();
    }
}
