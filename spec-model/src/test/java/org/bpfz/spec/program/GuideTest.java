package org.bpfz.spec.program;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** README.md, ARCHITECTURE.md, CONTRIBUTING.md and docs/ speak of what is there: links lead somewhere, named classes and files exist. */
class GuideTest {
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#]+)(?:#[^)]*)?\\)");
    private static final Pattern CODE = Pattern.compile("`([^`\\s]+)`");

    @Test
    void linksLeadSomewhere() throws IOException {
        List<String> broken = new ArrayList<>();
        for (Path guide : guides()) {
            Matcher link = LINK.matcher(Files.readString(guide));
            while (link.find()) {
                String target = link.group(1);
                if (!target.contains("://") && !Files.exists(guide.resolveSibling(target))) {
                    broken.add(guide.getFileName() + ": " + target);
                }
            }
        }
        assertEquals(List.of(), broken);
    }

    @Test
    void namesInTheArchitectureExist() throws IOException {
        Path root = ProjectTree.root();
        Set<String> classes = Stream.of("main", "test").flatMap(part -> ProjectTree.sources(part).stream())
                .map(file -> file.getFileName().toString().replace(".java", "")).collect(Collectors.toSet());
        Set<String> tables = tables(root);
        Set<String> unknown = new TreeSet<>();
        Matcher code = CODE.matcher(Files.readString(root.resolve("ARCHITECTURE.md")));
        while (code.find()) {
            String name = code.group(1);
            String simple = name.substring(name.lastIndexOf('.') + 1);
            if (name.endsWith(".java")) {
                if (!Files.exists(root.resolve("spec-model/src/main/java/org/bpfz/spec").resolve(name))) {
                    unknown.add(name);
                }
            } else if (name.endsWith(".txt")) {
                if (!tables.stream().anyMatch(table -> table.endsWith("/" + name))) {
                    unknown.add(name);
                }
            } else if (simple.matches("[A-Z][a-z]\\w*") && !classes.contains(simple)) {
                unknown.add(name);
            }
        }
        assertEquals(Set.of(), unknown);
    }

    /** The resources of all modules. */
    private static Set<String> tables(Path root) throws IOException {
        Set<String> tables = new TreeSet<>();
        try (Stream<Path> modules = Files.list(root)) {
            for (Path resources : modules.map(module -> module.resolve("src/main/resources")).filter(Files::isDirectory)
                    .toList()) {
                try (Stream<Path> files = Files.walk(resources)) {
                    files.map(Path::toString).forEach(tables::add);
                }
            }
        }
        return tables;
    }

    private static List<Path> guides() throws IOException {
        Path root = ProjectTree.root();
        List<Path> guides = new ArrayList<>();
        for (Path folder : List.of(root, root.resolve("docs"), root.resolve("examples"))) {
            if (Files.isDirectory(folder)) {
                try (Stream<Path> files = Files.list(folder)) {
                    files.filter(file -> file.toString().endsWith(".md")).sorted().forEach(guides::add);
                }
            }
        }
        return guides;
    }
}
