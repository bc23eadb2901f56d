package org.bpfz.oracle.qemu;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Collects what the guest's kernel writes on its console; of a guest that floods it, the first and the last parts. */
final class Console {
    private static final int LIMIT = 1 << 20;
    private static final Pattern PANIC = Pattern.compile("^(?:\\[[^]]*] )?Kernel panic - .*$", Pattern.MULTILINE);
    private static final Pattern WORST = Pattern
            .compile("^(?:\\[[^]]*] )?(?:BUG: |Oops: |general protection fault|watchdog: BUG|INFO: task .* blocked"
                    + "|bpfz agent: |WARNING: ).*$", Pattern.MULTILINE);

    private final StringBuilder text = new StringBuilder();
    private final Thread reader;

    /** Reads a stream to its end, in a thread of its own. */
    Console(InputStream in) {
        reader = Thread.ofVirtual().start(() -> read(in));
    }

    private void read(InputStream in) {
        byte[] buffer = new byte[1 << 12];
        try (in) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                append(new String(buffer, 0, n, StandardCharsets.ISO_8859_1));
            }
        } catch (IOException e) {
            append("\n[the console can not be read: " + e.getMessage() + "]\n");
        }
    }

    private synchronized void append(String piece) {
        text.append(piece);
        if (text.length() > LIMIT) {
            text.delete(LIMIT / 2, text.length() - LIMIT / 2 + 1);
        }
    }

    /** What has come so far. */
    synchronized String text() {
        return text.toString().replace("\r", "");
    }

    /** All that came, of a guest that has ended. */
    String finished() throws InterruptedException {
        reader.join(Duration.ofSeconds(2));
        return text();
    }

    /** The panic's line, if there was one. */
    static Optional<String> panic(String text) {
        return first(PANIC, text);
    }

    /** The first line that tells of a defect of the kernel. */
    static Optional<String> complaint(String text) {
        return first(WORST, text);
    }

    private static Optional<String> first(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        return matcher.find() ? Optional.of(matcher.group().strip()) : Optional.empty();
    }
}
