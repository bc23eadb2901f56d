package org.bpfz.spec.helper;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Text that is being printed into a buffer: what does not fit is counted and dropped. */
final class Text {
    private final byte[] buffer;
    private int length;

    /** @param size bytes of the buffer, one of which is for the terminator */
    Text(int size) {
        buffer = new byte[Math.max(0, size - 1)];
    }

    /** The part that fits. */
    byte[] bytes() {
        return Arrays.copyOf(buffer, Math.min(length, buffer.length));
    }

    /** How long it would be: twelve fields of at most 2^23 and the format, so an int does. */
    int length() {
        return length;
    }

    void put(int c) {
        if (length < buffer.length) {
            buffer[length] = (byte) c;
        }
        length++;
    }

    /** Puts text into its field, at the right unless told otherwise. */
    void padded(byte[] text, Conversion conversion) {
        int padding = Math.max(0, conversion.width() - text.length);
        if (!conversion.left()) {
            fill(' ', padding);
        }
        for (byte b : text) {
            put(b);
        }
        if (conversion.left()) {
            fill(' ', padding);
        }
    }

    /** Puts a number into its field: zeroes go between sign and digits, spaces around both. */
    void number(String sign, String digits, Conversion conversion) {
        if (!conversion.zero()) {
            padded((sign + digits).getBytes(StandardCharsets.US_ASCII), conversion);
            return;
        }
        padded(sign.getBytes(StandardCharsets.US_ASCII), Conversion.PLAIN);
        fill('0', Math.max(0, conversion.width() - sign.length() - digits.length()));
        padded(digits.getBytes(StandardCharsets.US_ASCII), Conversion.PLAIN);
    }

    private void fill(char c, int count) {
        int fits = Math.clamp((long) buffer.length - length, 0, count);
        if (fits > 0) {
            Arrays.fill(buffer, length, length + fits, (byte) c);
        }
        length += count;
    }
}
