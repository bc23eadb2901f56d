package org.bpfz.proofs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bpfz.proofs.report.Document;
import org.junit.jupiter.api.Test;

/** docs/PROOFS.md says which theorems there are. */
class ProofsDocumentTest {
    private static final Path DOCUMENT = Path.of("../docs/PROOFS.md");

    @Test
    void isWhatTheRegistrySays() throws IOException {
        String text = Document.of(Theorems.all());
        if ("write".equals(System.getProperty("bpfz.docs"))) {
            Files.writeString(DOCUMENT, text);
        }
        assertEquals(Files.readString(DOCUMENT), text, "docs/PROOFS.md is stale: see its first lines");
    }
}
