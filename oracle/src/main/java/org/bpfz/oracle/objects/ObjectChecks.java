package org.bpfz.oracle.objects;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.bpfz.loader.KernelTarget;
import org.bpfz.spec.engine.Engine;
import org.jspecify.annotations.Nullable;

/** Loads objects one after the other and compares what becomes of them with a table. */
public final class ObjectChecks {
    /** The table that comes with bpfz: what the tests of cilium/ebpf expect of its objects. */
    private static final String BUILT_IN = "cilium_ebpf.txt";

    private final KernelTarget kernel;
    private final List<Engine> engines;
    private final List<Expected> table;

    /**
     * Checks against a table.
     *
     * @param expectations the table, null for the built-in one
     * @throws org.bpfz.oracle.InputException if the table can not be read
     */
    public ObjectChecks(KernelTarget kernel, List<Engine> engines, @Nullable Path expectations) throws IOException {
        this.kernel = kernel;
        this.engines = List.copyOf(engines);
        table = expectations == null
                ? Expected.table(BUILT_IN, builtIn())
                : Expected.table(expectations.toString(),
                        new String(Files.readAllBytes(expectations), StandardCharsets.UTF_8));
    }

    private static String builtIn() throws IOException {
        try (InputStream in = Objects.requireNonNull(ObjectChecks.class.getResourceAsStream(BUILT_IN))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** What becomes of an object and of each of its programs. */
    public List<ObjectRow> check(Path object) throws IOException {
        return new ObjectCheck(object, kernel, engines, table).rows();
    }

    /** The objects for a little-endian machine below a folder, in the order of their names; a file stands for itself. */
    public static List<Path> find(Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            return List.of(path);
        }
        List<Path> objects = new ArrayList<>();
        try (Stream<Path> files = Files.walk(path)) {
            files.filter(file -> Files.isRegularFile(file) && !Files.isSymbolicLink(file) && isObject(file)).sorted()
                    .forEach(objects::add);
        }
        return objects;
    }

    /** By its name: big-endian twins of these are called otherwise. */
    private static boolean isObject(Path file) {
        String name = String.valueOf(file.getFileName());
        return name.endsWith(".bpf.o") || name.endsWith("bpfel.o") || name.endsWith("-el.elf");
    }
}
