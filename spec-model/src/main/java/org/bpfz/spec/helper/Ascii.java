package org.bpfz.spec.helper;

/** The kernel's classes of bytes (lib/ctype.c): ASCII, and what its table has above it. */
final class Ascii {
    private Ascii() {
    }

    /** Tab to carriage return, space, and the no-break space of Latin-1. */
    static boolean isSpace(int c) {
        int b = c & 0xff;
        return (b >= '\t' && b <= '\r') || b == ' ' || b == 0xa0;
    }

    /** ASCII that is neither letter, digit, space nor control, and Latin-1's signs. */
    static boolean isPunctuation(int c) {
        int b = c & 0xff;
        return (b > ' ' && b < 0x7f && !isAlphanumeric(b)) || (b >= 0xa1 && b <= 0xbf) || b == 0xd7 || b == 0xf7;
    }

    /** Letters and digits, with Latin-1's letters. */
    static boolean isAlphanumeric(int c) {
        int b = c & 0xff;
        return (b >= '0' && b <= '9') || (b < 0x80 && (b | 0x20) >= 'a' && (b | 0x20) <= 'z')
                || (b >= 0xc0 && b != 0xd7 && b != 0xf7);
    }

    /** A control byte of ASCII that is no white space. */
    static boolean isControl(int c) {
        int b = c & 0xff;
        return (b < ' ' && !isSpace(b)) || b == 0x7f;
    }
}
