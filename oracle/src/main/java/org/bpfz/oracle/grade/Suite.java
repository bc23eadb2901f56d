package org.bpfz.oracle.grade;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.bpfz.oracle.InputException;
import org.bpfz.oracle.scenario.Scenario;
import org.bpfz.oracle.scenario.ScenarioParser;

/** The scenarios of a folder. */
public final class Suite {
    private static final String SUFFIX = ".scenario";

    private Suite() {
    }

    /** The scenarios of a folder in the order of their names; there must be some. */
    public static List<Scenario> read(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new InputException(folder, "is no folder with scenarios");
        }
        List<Path> files;
        try (Stream<Path> all = Files.list(folder)) {
            files = all.filter(file -> file.toString().endsWith(SUFFIX)).sorted().toList();
        }
        if (files.isEmpty()) {
            throw new InputException(folder, "has no *" + SUFFIX);
        }
        List<Scenario> scenarios = new ArrayList<>();
        for (Path file : files) {
            scenarios.add(ScenarioParser.parse(file));
        }
        return scenarios;
    }
}
