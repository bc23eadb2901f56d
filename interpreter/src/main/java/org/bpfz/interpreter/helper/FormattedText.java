package org.bpfz.interpreter.helper;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.StringJoiner;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bpfz.spec.Errno;

/**
 * What a format and its arguments print (bpf_bprintf_prepare in kernel/bpf/helpers.c, bstr_printf in lib/vsprintf.c).
 *
 * <p>All arguments of a call have 512 bytes of room: numbers lie there aligned to four bytes, text with its terminator. Addresses print as they
 * are, symbols as {@code 0x} and the address.
 */
final class FormattedText {
    private static final int ROOM = 512;

    /** A kernel's letters and digits: ASCII's, and Latin-1's letters (lib/ctype.c). */
    private static final String ALNUM = "0-9A-Za-z\\xc0-\\xd6\\xd8-\\xf6\\xf8-\\xff";

    /** Neither white space nor punctuation: what must not follow a string or a pointer. */
    private static final String TIGHT = "[" + ALNUM + "\\x01-\\x08\\x0e-\\x1f\\x7f-\\x9f]";

    /** The ways a percent sign goes on, in the order in which they are tried. */
    private static final Pattern CONVERSION = Pattern.compile("%(?<flags>[-+ 0]*)(?<width>\\d*)(?:"
            + "(?<char>c)|(?<str>s)(?!" + TIGHT + ")|p(?<kstr>ks)(?!" + TIGHT + ")|p(?<ustr>us)(?!" + TIGHT + ")"
            + "|p(?<ip>[iI][46])[" + ALNUM + "]*|p(?<sym>[sSB])[" + ALNUM + "]*|p(?<ptr>(?:[Kx]|(?!" + TIGHT + ")))["
            + ALNUM + "]*|(?<long>l{0,2})(?<num>[diuxX]))");

    private final Run run;
    private final long[] arguments;
    private final int size;
    private final StringBuilder kept = new StringBuilder();
    private int length;
    private int used;
    private int room;
    private final int error;

    /**
     * Formats at once.
     *
     * @param format with a terminator, or the error is EINVAL
     * @param size   bytes that the text is cut to, its terminator among them
     */
    FormattedText(Run run, byte[] format, long[] arguments, int size) {
        this.run = run;
        this.arguments = arguments;
        this.size = size;
        String text = new String(format, StandardCharsets.ISO_8859_1);
        int end = text.indexOf('\0');
        error = end < 0 ? Errno.EINVAL.negative() : format(text.substring(0, end));
    }

    /** 0, or the negative error number for which nothing is printed. */
    int error() {
        return error;
    }

    /** The text without terminator, cut. */
    byte[] kept() {
        return kept.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    /** How long it is before it is cut. */
    int length() {
        return length;
    }

    private int format(String format) {
        Matcher matcher = CONVERSION.matcher(format);
        int at = 0;
        while (at < format.length()) {
            char c = format.charAt(at);
            if ((c < ' ' && (c < '\t' || c > '\r')) || c == 0x7f) {
                return Errno.EINVAL.negative();
            }
            if (c != '%' || format.startsWith("%%", at)) {
                put(String.valueOf(c));
                at += c == '%' ? 2 : 1;
                continue;
            }
            matcher.region(at, format.length());
            if (used == arguments.length || !matcher.lookingAt()) {
                return Errno.EINVAL.negative();
            }
            Field field = Field.of(matcher.group("flags"), matcher.group("width"));
            if (!convert(matcher, field, arguments[used++])) {
                return Errno.ENOSPC.negative();
            }
            at = matcher.end();
        }
        return 0;
    }

    /**
     * Where a text stands.
     *
     * @param sign  what a number that is not negative has in front of it
     * @param width as many characters at least; negative for none
     */
    private record Field(boolean left, String sign, boolean zero, int width, boolean given) {
        private static final Field NONE = new Field(false, "", false, -1, false);

        static Field of(String flags, String width) {
            boolean left = flags.contains("-");
            String sign = flags.contains("+") ? "+" : flags.contains(" ") ? " " : "";
            // The kernel has 24 bits for it.
            int cut = width.isEmpty() ? -1 : new BigInteger(width).intValue() << 8 >> 8;
            return new Field(left, sign, flags.contains("0") && !left, cut, !width.isEmpty());
        }
    }

    /** False where the argument has no room. */
    private boolean convert(Matcher matcher, Field field, long argument) {
        if (matcher.group("num") != null) {
            return number(matcher.group("num"), !matcher.group("long").isEmpty(), field, argument);
        }
        if (matcher.group("char") != null) {
            return text(String.valueOf((char) (argument & 0xff)), 1, field);
        }
        if (matcher.group("str") != null) {
            return string(argument, ProbedMemory.isUser(argument), field);
        }
        if (matcher.group("kstr") != null || matcher.group("ustr") != null) {
            return string(argument, matcher.group("ustr") != null, Field.NONE);
        }
        if (matcher.group("ip") != null) {
            return address(matcher.group("ip"), argument);
        }
        String symbol = matcher.group("sym");
        String digits = Long.toHexString(argument);
        if (symbol != null && symbol.equals("B")) {
            room = Math.min(ROOM, room + digits.length() + 3);
            pad("", "0x" + digits, Field.NONE);
            return true;
        }
        if (!takes(Long.BYTES)) {
            return false;
        }
        if (symbol != null) {
            pad("", "0x" + digits, new Field(field.left, "", false, field.width, true));
        } else {
            pad("", digits, field.given ? field : new Field(field.left, "", !field.left, 16, true));
        }
        return true;
    }

    private boolean number(String kind, boolean wide, Field field, long argument) {
        boolean signed = kind.equals("d") || kind.equals("i");
        if (!takes(wide ? Long.BYTES : Integer.BYTES)) {
            return false;
        }
        long value = wide ? argument : signed ? (int) argument : argument & 0xffff_ffffL;
        switch (kind) {
            case "x" -> pad("", HexFormat.of().toHexDigits(value).replaceFirst("^0{1,15}", ""), field);
            case "X" -> pad("", HexFormat.of().withUpperCase().toHexDigits(value).replaceFirst("^0{1,15}", ""), field);
            case "u" -> pad("", Long.toUnsignedString(value), field);
            default -> pad(value < 0 ? "-" : field.sign, BigInteger.valueOf(value).abs().toString(), field);
        }
        return true;
    }

    private boolean string(long address, boolean user, Field field) {
        if (room == ROOM) {
            return false;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int read = user ? Errno.EFAULT.negative() : ProbedMemory.readString(run, address, ROOM - room, bytes);
        String text = bytes.toString(StandardCharsets.ISO_8859_1);
        return text(read < 0 ? "" : text.substring(0, text.length() - 1), Math.max(read, 1), field);
    }

    private boolean text(String text, int takes, Field field) {
        if (room == ROOM) {
            return false;
        }
        room += takes;
        pad("", text, new Field(field.left, "", false, field.width, true));
        return true;
    }

    /** An IP address; one that can not be read is all zeroes. */
    private boolean address(String kind, long address) {
        byte[] bytes = new byte[kind.endsWith("4") ? 4 : 16];
        if (ROOM - room < bytes.length) {
            return false;
        }
        if (ProbedMemory.read(run, address, bytes) != 0) {
            Arrays.fill(bytes, (byte) 0);
        }
        StringJoiner text = new StringJoiner(bytes.length == 4 ? "." : kind.startsWith("I") ? ":" : "");
        for (int i = 0; i < bytes.length; i += bytes.length == 4 ? 1 : 2) {
            text.add(bytes.length == 4
                    ? String.format(kind.startsWith("i") ? "%03d" : "%d", bytes[i] & 0xff)
                    : HexFormat.of().formatHex(bytes, i, i + 2));
        }
        room = Math.min(ROOM, room + text.length() + 1);
        pad("", text.toString(), Field.NONE);
        return true;
    }

    private boolean takes(int bytes) {
        int aligned = room + 3 & -4;
        if (aligned + bytes > ROOM) {
            return false;
        }
        room = aligned + bytes;
        return true;
    }

    private void pad(String sign, String text, Field field) {
        int missing = Math.max(0, field.width - sign.length() - text.length());
        fill(' ', field.left || field.zero ? 0 : missing);
        put(sign);
        fill('0', field.zero ? missing : 0);
        put(text);
        fill(' ', field.left ? missing : 0);
    }

    private void fill(char c, int count) {
        int fits = Math.clamp(size - 1L - kept.length(), 0, count);
        kept.repeat(c, fits);
        length += count;
    }

    private void put(String text) {
        int fits = Math.clamp(size - 1L - kept.length(), 0, text.length());
        kept.append(text, 0, fits);
        length += text.length();
    }
}
