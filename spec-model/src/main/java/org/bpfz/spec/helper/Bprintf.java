package org.bpfz.spec.helper;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import org.bpfz.spec.Errno;
import org.jspecify.annotations.Nullable;

/**
 * Text made of a format and arguments by the rules of BPF's printing helpers: which formats there are and what room arguments may take
 * (kernel/bpf/helpers.c, bpf_bprintf_prepare), and what they look like (lib/vsprintf.c, bstr_printf).
 *
 * <p>A conversion is {@code %[0 +-][width]} and one of {@code d i u x X} (an int; a long with {@code l} or {@code ll} before it), {@code c},
 * {@code s} (a kernel string), {@code ps pks pus} and so on. {@code %p} and {@code %pK} print a hash of the address in a kernel, with a key that
 * is drawn at boot; here they print the address, as under the kernel's option no_hash_pointers. Symbols ({@code %ps %pS %pB}) are unknown and
 * so print as {@code 0x} and the address.
 *
 * <p>One thing is not modelled: where the buffer is full before a pointer that prints as text (%pI4, %pks, %pB and the like), bstr_printf neither
 * counts that text nor steps over it, and so takes its bytes for the next argument. Only the length that is returned can show it.
 */
final class Bprintf {
    /** MAX_BPRINTF_BIN_ARGS: the room that the arguments of one call have. */
    private static final int ARGUMENTS_ROOM = 512;

    private static final int POINTER_DIGITS = 16;

    private final HelperCall call;
    private final byte[] format;
    private final int count;
    private final Arguments arguments;
    private final Text out;
    private int at;
    private int used;
    private int room;
    private @Nullable Errno error;

    /** Whose memory a string is in; ANY goes by the address. */
    private enum Strings {
        ANY, KERNEL, USER
    }

    /** Where arguments come from. */
    @FunctionalInterface
    interface Arguments {
        /** The argument, from 0. */
        long get(int index) throws ArgumentException;
    }

    private Bprintf(HelperCall call, byte[] format, int count, Arguments arguments, int size) {
        this.call = call;
        this.format = format;
        this.count = count;
        this.arguments = arguments;
        out = new Text(size);
    }

    /**
     * Formats.
     *
     * @param format with a terminator, behind which nothing counts
     * @param count  how many arguments there are
     * @param size   bytes that the text is cut to, its terminator among them
     */
    static Bprintf format(HelperCall call, byte[] format, int count, Arguments arguments, int size)
            throws ArgumentException {
        Bprintf printer = new Bprintf(call, format, count, arguments, size);
        printer.error = printer.run();
        return printer;
    }

    /** Why nothing was formatted, or null. */
    @Nullable
    Errno error() {
        return error;
    }

    /** The text, cut, without terminator. */
    byte[] text() {
        return out.bytes();
    }

    /** The length of the text before it is cut, without terminator. */
    int length() {
        return out.length();
    }

    private @Nullable Errno run() throws ArgumentException {
        int end = 0;
        while (end < format.length && format[end] != 0) {
            end++;
        }
        if (end == format.length) {
            return Errno.EINVAL;
        }
        for (at = 0; at < end;) {
            int c = format[at];
            if (Ascii.isControl(c)) {
                return Errno.EINVAL;
            }
            if (c != '%') {
                out.put(c);
                at++;
            } else if (format[at + 1] == '%') {
                out.put('%');
                at += 2;
            } else {
                Errno refused = conversion();
                if (refused != null) {
                    return refused;
                }
            }
        }
        return null;
    }

    /** One conversion, from the percent sign on. The format ends in a terminator, which no test for a letter takes for one. */
    private @Nullable Errno conversion() throws ArgumentException {
        if (used >= count) {
            return Errno.EINVAL;
        }
        at++;
        Conversion spec = Conversion.parse(format, at);
        at = spec.end();
        return switch (format[at]) {
            case 'p' -> pointer(spec);
            case 's' -> string(spec, Strings.ANY);
            case 'c' -> character(spec);
            default -> number(spec);
        };
    }

    private @Nullable Errno number(Conversion spec) throws ArgumentException {
        boolean isLong = format[at] == 'l';
        if (isLong) {
            at += format[at + 1] == 'l' ? 2 : 1;
        }
        int kind = format[at];
        if ("diuxX".indexOf(kind) < 0) {
            return Errno.EINVAL;
        }
        if (!takeAligned(isLong ? Long.BYTES : Integer.BYTES)) {
            return Errno.ENOSPC;
        }
        at++;
        boolean signed = kind == 'd' || kind == 'i';
        long argument = arguments.get(used++);
        long value = isLong ? argument : signed ? (int) argument : argument & 0xffff_ffffL;
        String digits = kind == 'x'
                ? Long.toHexString(value)
                : kind == 'X'
                        ? Long.toHexString(value).toUpperCase(Locale.ROOT)
                        : signed ? Long.toUnsignedString(Math.abs(value)) : Long.toUnsignedString(value);
        String sign = !signed ? "" : value < 0 ? "-" : spec.plus() ? "+" : spec.space() ? " " : "";
        out.number(sign, digits, spec);
        return null;
    }

    private @Nullable Errno character(Conversion spec) throws ArgumentException {
        if (room == ARGUMENTS_ROOM) {
            return Errno.ENOSPC;
        }
        room++;
        at++;
        out.padded(new byte[]{(byte) arguments.get(used++)}, spec);
        return null;
    }

    /** A string by its address. */
    private @Nullable Errno string(Conversion spec, Strings kind) throws ArgumentException {
        if (isLetterOrDigit(format[at + 1])) {
            return Errno.EINVAL;
        }
        if (room == ARGUMENTS_ROOM) {
            return Errno.ENOSPC;
        }
        at++;
        long address = arguments.get(used++);
        boolean user = kind == Strings.USER || (kind == Strings.ANY && Probe.isUser(address));
        Probe.CString text = user
                ? Probe.CString.failure(Errno.EFAULT)
                : Probe.string(call, address, ARGUMENTS_ROOM - room);
        int length = text.error() == null ? text.bytes().length() - 1 : 0;
        room += length + 1;
        out.padded(Arrays.copyOf(text.bytes().toArray(), length), spec);
        return null;
    }

    private @Nullable Errno pointer(Conversion spec) throws ArgumentException {
        int kind = format[at + 1];
        if ((kind == 'k' || kind == 'u') && format[at + 2] == 's') {
            at += 2;
            return string(Conversion.PLAIN, kind == 'k' ? Strings.KERNEL : Strings.USER);
        }
        if ((kind == 'i' || kind == 'I') && (format[at + 2] == '4' || format[at + 2] == '6')) {
            return address(kind == 'i', format[at + 2] == '4' ? 4 : 16);
        }
        boolean symbol = kind == 's' || kind == 'S' || kind == 'B';
        if (isLetterOrDigit(kind) && !symbol && kind != 'K' && kind != 'x') {
            return Errno.EINVAL;
        }
        long value = arguments.get(used);
        String digits = Long.toHexString(value);
        if (kind == 'B') {
            putText(digits.length() + 2);
        } else if (!takeAligned(Long.BYTES)) {
            return Errno.ENOSPC;
        }
        used++;
        at++;
        skipLettersAndDigits();
        if (symbol) {
            out.padded(("0x" + digits).getBytes(StandardCharsets.US_ASCII), kind == 'B' ? Conversion.PLAIN : spec);
        } else {
            out.number("", digits, spec.width() == Conversion.NO_WIDTH ? spec.ofPointer(POINTER_DIGITS) : spec);
        }
        return null;
    }

    /** An IP address that the argument points to; one that can not be read prints as zeroes. */
    private @Nullable Errno address(boolean padded, int size) throws ArgumentException {
        if (ARGUMENTS_ROOM - room < size) {
            return Errno.ENOSPC;
        }
        byte[] bytes = new byte[size];
        if (Probe.read(call, arguments.get(used++), bytes) != null) {
            Arrays.fill(bytes, (byte) 0);
        }
        String text = size == 4 ? dotted(bytes, padded) : colons(bytes, padded);
        putText(text.length());
        at += 2;
        skipLettersAndDigits();
        out.padded(text.getBytes(StandardCharsets.US_ASCII), Conversion.PLAIN);
        return null;
    }

    private static String dotted(byte[] bytes, boolean padded) {
        StringBuilder text = new StringBuilder();
        for (byte b : bytes) {
            String digits = Integer.toString(b & 0xff);
            text.append(text.isEmpty() ? "" : ".").append(padded ? "0".repeat(3 - digits.length()) : "").append(digits);
        }
        return text.toString();
    }

    private static String colons(byte[] bytes, boolean bare) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < bytes.length; i++) {
            text.append(i > 0 && i % 2 == 0 && !bare ? ":" : "").append(Character.forDigit(bytes[i] >> 4 & 0xf, 16))
                    .append(Character.forDigit(bytes[i] & 0xf, 16));
        }
        return text.toString();
    }

    private boolean takeAligned(int size) {
        int start = (room + 3) & -4;
        if (ARGUMENTS_ROOM - start < size) {
            return false;
        }
        room = start + size;
        return true;
    }

    /** A pointer that prints as text takes that text's room among the arguments, as far as there is room. */
    private void putText(int length) {
        room = Math.min(ARGUMENTS_ROOM, room + length + 1);
    }

    /** bstr_printf drops what could belong to a pointer conversion, whether or not bpf_bprintf_prepare took it for that. */
    private void skipLettersAndDigits() {
        while (Ascii.isAlphanumeric(format[at])) {
            at++;
        }
    }

    /** What may not follow a conversion that letters could belong to. */
    private static boolean isLetterOrDigit(int c) {
        return c != 0 && !Ascii.isSpace(c) && !Ascii.isPunctuation(c);
    }
}
