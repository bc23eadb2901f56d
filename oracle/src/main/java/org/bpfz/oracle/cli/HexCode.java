package org.bpfz.oracle.cli;

import java.io.ByteArrayOutputStream;
import org.bpfz.oracle.InputException;

/** Instructions as hexadecimal text: eight bytes a line, {@code b7 00 00 00 01 00 00 00}. */
final class HexCode {
    private static final int SLOT = 8;

    private HexCode() {
    }

    /** The text, with a line end behind each slot. */
    static String print(byte[] code) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < code.length; i++) {
            text.append(Character.forDigit(code[i] >> 4 & 0xf, 16)).append(Character.forDigit(code[i] & 0xf, 16));
            text.append(i % SLOT == SLOT - 1 || i == code.length - 1 ? '\n' : ' ');
        }
        return text.toString();
    }

    /**
     * The bytes that text stands for; spaces and line ends may be anywhere but inside a byte.
     *
     * @param file for complaints
     */
    static byte[] parse(String file, byte[] text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length / 2);
        int high = -1;
        for (int i = 0; i < text.length; i++) {
            int digit = Character.digit(text[i], 16);
            boolean space = text[i] == ' ' || text[i] == '\t' || text[i] == '\r' || text[i] == '\n';
            if (space && high < 0) {
                continue;
            }
            if (digit < 0) {
                throw new InputException(file + ": no hexadecimal byte at offset " + i);
            }
            if (high >= 0) {
                bytes.write(high << 4 | digit);
            }
            high = high < 0 ? digit : -1;
        }
        if (high >= 0) {
            throw new InputException(file + ": ends inside a hexadecimal byte");
        }
        return bytes.toByteArray();
    }
}
