package org.bpfz.spec.program;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The documents in docs/ say what the tables say. Where this fails after a table was changed, write them anew:
 * {@code mvn -pl spec-model test -Dtest=TableDocumentsTest -Dbpfz.docs=write}.
 */
class TableDocumentsTest {
    @TestFactory
    Stream<DynamicTest> saysWhatTheTablesSay() {
        return TableDocuments.all().entrySet().stream()
                .map(document -> DynamicTest.dynamicTest(document.getKey(), () -> compare(document)));
    }

    private static void compare(Map.Entry<String, String> document) throws IOException {
        Path file = ProjectTree.root().resolve("docs").resolve(document.getKey());
        if ("write".equals(System.getProperty("bpfz.docs"))) {
            Files.createDirectories(file.getParent());
            Files.writeString(file, document.getValue());
        }
        assertTrue(Files.exists(file) && Files.readString(file).equals(document.getValue()),
                () -> "docs/" + document.getKey() + " is stale: mvn -pl spec-model test -Dtest=TableDocumentsTest "
                        + "-Dbpfz.docs=write");
    }
}
