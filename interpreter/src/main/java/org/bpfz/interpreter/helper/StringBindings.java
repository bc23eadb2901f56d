package org.bpfz.interpreter.helper;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bpfz.interpreter.memory.FlatMemory;
import org.bpfz.spec.Errno;
import org.bpfz.spec.memory.LittleEndian;
import org.jspecify.annotations.Nullable;

/** The helpers that read strings (kernel/bpf/helpers.c: bpf_strtol, bpf_strtoul, bpf_strncmp). */
final class StringBindings {
    /** White space as the kernel's table has it (lib/ctype.c), a sign, and at most 63 bytes of which the number is the first. */
    private static final Pattern NUMBER = Pattern.compile("[\\t-\\r \\xa0]*(-?)(.{0,63}).*", Pattern.DOTALL);

    private static final Pattern HEXADECIMAL = Pattern.compile("0[xX]");
    private static final Pattern PREFIXED = Pattern.compile("0[xX][0-9a-fA-F]");

    private StringBindings() {
    }

    /**
     * A number in text.
     *
     * @param magnitude of any size
     * @param end       the index behind it
     */
    private record ParsedNumber(boolean negative, BigInteger magnitude, int end) {}

    static long toLong(Run run, long text, long length, long flags, long target, long r5) {
        ParsedNumber number = read(run, "bpf_strtol", text, length, flags, target);
        if (number == null) {
            return Errno.EINVAL.negative();
        }
        BigInteger value = number.negative ? number.magnitude.negate() : number.magnitude;
        return value.bitLength() < Long.SIZE ? keep(run, target, number, value) : Errno.ERANGE.negative();
    }

    static long toUnsignedLong(Run run, long text, long length, long flags, long target, long r5) {
        ParsedNumber number = read(run, "bpf_strtoul", text, length, flags, target);
        if (number == null) {
            return Errno.EINVAL.negative();
        }
        if (number.magnitude.bitLength() > Long.SIZE) {
            return Errno.ERANGE.negative();
        }
        return number.negative ? Errno.EINVAL.negative() : keep(run, target, number, number.magnitude);
    }

    private static long keep(Run run, long target, ParsedNumber number, BigInteger value) {
        run.memory().write(target, LittleEndian.bytes(value.longValue(), Long.BYTES));
        return number.end;
    }

    /** The number, or null where there is none; 0 is at the target then. */
    private static @Nullable ParsedNumber read(Run run, String helper, long text, long length, long flags,
            long target) {
        run.memory().write(target, new byte[Long.BYTES]);
        byte[] bytes = run.memory().read(text, run.size(helper, 2, length));
        if (flags != 0 && flags != 8 && flags != 10 && flags != 16) {
            return null;
        }
        Matcher matcher = NUMBER.matcher(new String(bytes, StandardCharsets.ISO_8859_1));
        if (!matcher.matches()) {
            throw new IllegalStateException("any text matches");
        }
        String rest = matcher.group(2);
        int base = flags != 0
                ? (int) flags
                : PREFIXED.matcher(rest).lookingAt() ? 16 : rest.startsWith("0") ? 8 : 10;
        int begin = base == 16 && HEXADECIMAL.matcher(rest).lookingAt() ? 2 : 0;
        int end = begin;
        while (end < rest.length() && rest.charAt(end) < 0x80 && Character.digit(rest.charAt(end), base) >= 0) {
            end++;
        }
        return end == begin
                ? null
                : new ParsedNumber(!matcher.group(1).isEmpty(), new BigInteger(rest.substring(begin, end), base),
                        matcher.start(2) + end);
    }

    static long compare(Run run, long first, long size, long second, long r4, long r5) {
        FlatMemory memory = run.memory();
        int length = run.size("bpf_strncmp", 2, Integer.toUnsignedLong((int) size));
        memory.requireReadable(first, length);
        for (int i = 0; i < length; i++) {
            int a = memory.read(first + i, 1)[0] & 0xff;
            int b = memory.read(second + i, 1)[0] & 0xff;
            if (a != b || a == 0) {
                return Integer.compare(a, b);
            }
        }
        return 0;
    }
}
