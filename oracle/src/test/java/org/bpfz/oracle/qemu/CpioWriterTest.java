package org.bpfz.oracle.qemu;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/** The archive, held to the layout of Documentation/driver-api/early-userspace/buffer-format.rst. */
class CpioWriterTest {
    private static final int HEADER = 110;

    @Test
    void anEntryIsAHeaderOfHexadecimalFieldsThenNameAndContentEachPaddedToFour() {
        byte[] archive = new CpioWriter().file("/init", new byte[]{'a', 'b', 'c', 'd', 'e'}, true).archive();
        String text = new String(archive, US_ASCII);
        assertEquals("070701", text.substring(0, 6));
        assertEquals(0100755, field(text, 1), "mode");
        assertEquals(1, field(text, 4), "links");
        assertEquals(5, field(text, 6), "size");
        assertEquals(5, field(text, 11), "name with its zero byte");
        assertEquals("init\0", text.substring(HEADER, HEADER + 5));
        int content = (HEADER + 5 + 3) / 4 * 4;
        assertEquals("abcde\0\0\0", text.substring(content, content + 8));
        assertEquals("070701", text.substring(content + 8, content + 14), "the end mark follows");
        assertEquals("TRAILER!!!\0", text.substring(content + 8 + HEADER, content + 8 + HEADER + 11));
        assertEquals(0, archive.length % 4);
    }

    @Test
    void devicesHaveTheirNumbers() {
        String text = new String(new CpioWriter().device("dev/console", 5, 1).archive(), US_ASCII);
        assertEquals(0020600, field(text, 1));
        assertEquals(5, field(text, 9));
        assertEquals(1, field(text, 10));
    }

    @Test
    void entriesHaveDifferentInodesSoThatTheyAreNoHardLinks() {
        String text = new String(new CpioWriter().directory("a").directory("b").archive(), US_ASCII);
        assertEquals(1, field(text, 0));
        assertEquals(2, field(text.substring((HEADER + 2 + 3) / 4 * 4), 0));
    }

    @Test
    void compressedIsTheArchiveAsGzip() throws IOException {
        CpioWriter writer = new CpioWriter().directory("dev");
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(writer.compressed()))) {
            assertArrayEquals(writer.archive(), in.readAllBytes());
        }
    }

    private static int field(String header, int index) {
        return Integer.parseInt(header, 6 + 8 * index, 14 + 8 * index, 16);
    }
}
