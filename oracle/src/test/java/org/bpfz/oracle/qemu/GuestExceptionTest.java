package org.bpfz.oracle.qemu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.bpfz.oracle.qemu.GuestException.Kind;
import org.junit.jupiter.api.Test;

/** What is made of consoles that were recorded from real kernels when they came to their end. */
class GuestExceptionTest {
    private static String console(String name) throws IOException {
        try (InputStream in = Objects
                .requireNonNull(GuestExceptionTest.class.getResourceAsStream("console-" + name + ".txt"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void shouldNameWhatAPanicCameFrom() throws IOException {
        GuestException end = GuestException.of(Kind.ENDED, "the machine has ended", console("panic"));

        assertEquals(Kind.PANIC, end.kind());
        assertFalse(end.isHang());
        assertEquals("BUG: kernel NULL pointer dereference, address: 0000000000000000; "
                + "Kernel panic - not syncing: Fatal exception", end.getMessage());
    }

    @Test
    void shouldTellAHangFromAPanic() throws IOException {
        GuestException end = GuestException.of(Kind.ENDED, "the machine has ended", console("hang"));

        assertTrue(end.isHang());
        assertTrue(String.valueOf(end.getMessage()).endsWith("Kernel panic - not syncing: softlockup: hung tasks"),
                end.getMessage());
        assertTrue(GuestException.of(Kind.SILENT, "nothing from the agent within 60 s", "").isHang());
    }

    @Test
    void shouldSayWhyAKernelNeverComesUp() throws IOException {
        GuestException end = GuestException.of(Kind.NEVER_UP, "the machine has ended", console("no-init"));

        assertEquals(Kind.NEVER_UP, end.kind());
        assertTrue(String.valueOf(end.getMessage()).startsWith("Kernel panic - not syncing: No working init found."),
                end.getMessage());
        assertEquals("the machine has ended",
                GuestException.of(Kind.NEVER_UP, "the machine has ended", "").getMessage());
    }
}
