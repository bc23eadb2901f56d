package org.bpfz.loader;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.bpfz.spec.btf.Btf;
import org.bpfz.spec.btf.BtfRules;
import org.bpfz.spec.btf.BtfType;
import org.bpfz.spec.btf.BtfType.Member;
import org.bpfz.spec.btf.MalformedBtf;
import org.junit.jupiter.api.Test;

/** Types as C: what a reader should know, and what damaged types must not do. */
class BtfSourceTest {
    private static final int MUTANTS = Integer.getInteger("bpfz.btf.mutants", 1_000);

    private static byte[] kernel() throws IOException {
        return Files.readAllBytes(Path.of("src/main/resources/org/bpfz/loader/linux_6_12.btf"));
    }

    @Test
    void whatIsPointedToIsDeclaredInFront() throws IOException {
        String header = BtfSource.header(Btf.read(kernel(), BtfRules.KERNEL));
        assertTrue(header.indexOf("struct gendisk;") < header.indexOf("struct block_device {"), header);
        assertTrue(header.contains("struct bvec_iter {\n\tsector_t bi_sector;"), header);
        assertFalse(header.contains("(anon)"));
    }

    @Test
    void damagedTypesArePrintedOrRefused() throws IOException {
        byte[] good = kernel();
        Random random = new Random(5);
        int printed = 0;
        for (int i = 0; i < MUTANTS; i++) {
            byte[] bad = good.clone();
            for (int n = 1 + random.nextInt(3); n > 0; n--) {
                bad[24 + random.nextInt(bad.length - 24)] ^= (byte) (1 << random.nextInt(8));
            }
            try {
                BtfSource.header(Btf.read(bad, BtfRules.values()[i % BtfRules.values().length]));
                printed++;
            } catch (MalformedBtf e) {
                assertFalse(e.getMessage().isEmpty());
            }
        }
        assertTrue(printed > MUTANTS / 20, printed + " printed");
    }

    @Test
    void aHoleOfGigabytesIsRefused() throws IOException {
        Btf start = Btf.read(kernel(), BtfRules.KERNEL);
        Btf huge = start.with(Map.of(), List.of(new BtfType.Struct("huge", 0xffff_fff0L, false, List.of())),
                BtfRules.KERNEL);
        assertThrows(MalformedBtf.class, () -> BtfSource.header(huge));
    }

    /** A struct of two structs of two structs and so on has no end of text, though few types. */
    @Test
    void textWithoutEndIsRefused() throws IOException {
        Btf start = Btf.read(kernel(), BtfRules.KERNEL);
        List<BtfType> added = new ArrayList<>();
        int inner = start.find(BtfType.Int.class, "int").orElseThrow();
        for (int i = 0; i < 40; i++) {
            added.add(new BtfType.Struct("", 0, false,
                    List.of(new Member("a", inner, 0, 0), new Member("b", inner, 0, 0))));
            inner = start.endId() + i;
        }
        Btf deep = start.with(Map.of(), added, BtfRules.KERNEL);
        assertThrows(MalformedBtf.class, () -> BtfSource.header(
                deep.with(Map.of(), List.of(new BtfType.Typedef("all", deep.endId() - 1)), BtfRules.KERNEL)));
    }
}
