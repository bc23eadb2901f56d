package org.bpfz.loader;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The objects that tests open: those made for them and the examples, as they are committed. */
final class TestObjects {
    /** Sources, objects and the Makefile that makes the one from the other. */
    static final Path FOLDER = Path.of("src/test/objects");
    static final Path EXAMPLES = Path.of("../examples");

    private TestObjects() {
    }

    static BpfObject open(String name) throws IOException {
        return BpfObject.open(path(name));
    }

    static Path path(String name) {
        return FOLDER.resolve(name + ".bpf.o");
    }

    static Path example(String name) {
        return EXAMPLES.resolve(name + ".bpf.o");
    }

    /** Every committed object. */
    static List<Path> all() throws IOException {
        try (Stream<Path> own = Files.list(FOLDER); Stream<Path> examples = Files.list(EXAMPLES)) {
            return Stream.concat(own, examples).filter(path -> path.toString().endsWith(".o")).sorted().toList();
        }
    }
}
