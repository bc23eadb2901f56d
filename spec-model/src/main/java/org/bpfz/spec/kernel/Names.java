package org.bpfz.spec.kernel;

/**
 * Path names as Java strings. The kernel's names are bytes; here a name is decoded as UTF-8, and a byte that is not part of
 * valid UTF-8 is the lone surrogate U+DC00 + byte (as PEP 383 has it), so that every byte string has exactly one string.
 */
public final class Names {
    private Names() {
    }

    /** The number of bytes of a name or path. */
    public static int length(String name) {
        int bytes = 0;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c < 0x80) {
                bytes++;
            } else if (c < 0x800) {
                bytes += 2;
            } else if (Character.isHighSurrogate(c) && i + 1 < name.length()
                    && Character.isLowSurrogate(name.charAt(i + 1))) {
                bytes += 4;
                i++;
            } else {
                bytes += Character.isSurrogate(c) ? 1 : 3;
            }
        }
        return bytes;
    }
}
