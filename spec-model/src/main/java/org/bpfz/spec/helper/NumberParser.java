package org.bpfz.spec.helper;

import org.bpfz.spec.Errno;
import org.jspecify.annotations.Nullable;

/**
 * Reads a number from text as bpf_strtol and bpf_strtoul do (kernel/bpf/helpers.c, __bpf_strtoull; lib/kstrtox.c): white space, a minus sign,
 * a prefix that may say the base, digits; the first other byte ends it.
 */
final class NumberParser {
    /** BPF_STRTOX_BASE_MASK: the only flags are the base. */
    private static final long BASE_MASK = 0x1f;

    /** The kernel copies what follows the sign into a buffer of 64 bytes with a terminator. */
    private static final int LONGEST = 63;

    private NumberParser() {
    }

    /**
     * What the text holds.
     *
     * @param value    the magnitude, unsigned
     * @param consumed bytes up to the end of the number
     * @param error    EINVAL or ERANGE, or null; the rest counts only without one
     */
    record Parsed(long value, boolean negative, int consumed, @Nullable Errno error) {
        static Parsed failure(Errno errno) {
            return new Parsed(0, false, 0, errno);
        }
    }

    static Parsed parse(byte[] text, long flags) {
        int base = (int) (flags & BASE_MASK);
        if (text.length == 0 || (base != 0 && base != 8 && base != 10 && base != 16) || (flags & ~BASE_MASK) != 0) {
            return Parsed.failure(Errno.EINVAL);
        }
        int at = 0;
        while (at < text.length && Ascii.isSpace(text[at])) {
            at++;
        }
        boolean negative = at < text.length && text[at] == '-';
        if (negative) {
            at++;
        }
        int end = Math.min(text.length, at + LONGEST);
        boolean hexadecimal = byteAt(text, at, end) == '0' && (byteAt(text, at + 1, end) | 0x20) == 'x';
        if (base == 0) {
            boolean digit = hexadecimal && digit(byteAt(text, at + 2, end)) < 16;
            base = digit ? 16 : byteAt(text, at, end) == '0' ? 8 : 10;
        }
        return digits(text, base == 16 && hexadecimal ? at + 2 : at, end, base, negative);
    }

    private static Parsed digits(byte[] text, int from, int end, int base, boolean negative) {
        long value = 0;
        boolean overflow = false;
        int at = from;
        for (; digit(byteAt(text, at, end)) < base; at++) {
            int digit = digit(byteAt(text, at, end));
            overflow |= Long.compareUnsigned(value, Long.divideUnsigned(-1L - digit, base)) > 0;
            value = value * base + digit;
        }
        if (overflow) {
            return Parsed.failure(Errno.ERANGE);
        }
        return at == from ? Parsed.failure(Errno.EINVAL) : new Parsed(value, negative, at, null);
    }

    /** The byte, or the terminator behind the last. */
    private static int byteAt(byte[] text, int at, int end) {
        return at < end ? text[at] & 0xff : 0;
    }

    /** What a digit is worth, or more than any base. */
    private static int digit(int c) {
        if (c >= '0' && c <= '9') {
            return c - '0';
        }
        int lower = c | 0x20;
        return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : Integer.MAX_VALUE;
    }
}
