package org.bpfz.verifier.call;

import org.bpfz.spec.Errno;
import org.bpfz.spec.isa.Reg;
import org.bpfz.verifier.Rejection;
import org.bpfz.verifier.search.Search;
import org.bpfz.verifier.state.Value;

/** Format strings that are known when the program is verified (check_bpf_snprintf_call, bpf_bprintf_prepare). */
final class Formats {
    private Formats() {
    }

    static void checkSnprintf(Search search) {
        Value format = search.value(Reg.R3.ordinal());
        long dataBytes = search.value(Reg.R5.ordinal()).number().bits().value();
        if (dataBytes % Long.BYTES != 0) {
            throw new Rejection(Errno.EINVAL);
        }
        String text = ConstantStrings.at(format.map(), (int) format.constantOffset());
        if (text == null || !isValid(text, (int) (dataBytes / Long.BYTES))) {
            throw search.reject(Errno.EINVAL, "Invalid format string");
        }
    }

    /** Whether the text is printable and its conversions are known and as many as the arguments, or fewer. */
    static boolean isValid(String text, int arguments) {
        int used = 0;
        int i = 0;
        while (i < text.length()) {
            char c = text.charAt(i);
            if (c >= 0x7f || (c < ' ' && c != '\t' && c != '\n' && c != '\r' && c != 0x0b && c != '\f')) {
                return false;
            }
            if (c != '%') {
                i++;
            } else if (text.startsWith("%%", i)) {
                i += 2;
            } else {
                int end = conversionEnd(text, i + 1);
                if (end < 0 || ++used > arguments) {
                    return false;
                }
                i = end;
            }
        }
        return true;
    }

    /** Behind the conversion that begins at {@code start}, or -1. */
    private static int conversionEnd(String text, int start) {
        int i = start;
        while (i < text.length() && "0+- ".indexOf(text.charAt(i)) >= 0) {
            i++;
        }
        while (i < text.length() && Character.isDigit(text.charAt(i))) {
            i++;
        }
        if (i == text.length()) {
            return -1;
        }
        char kind = text.charAt(i);
        return switch (kind) {
            case 'p' -> pointerEnd(text, i + 1);
            case 's', 'c' -> i + 1;
            default -> numberEnd(text, i);
        };
    }

    private static int pointerEnd(String text, int start) {
        for (String extension : new String[]{"i4", "I4", "i6", "I6", "ks", "us", "K", "x", "s", "S", "B"}) {
            if (text.startsWith(extension, start)) {
                return start + extension.length();
            }
        }
        boolean ends = start == text.length() || !Character.isLetterOrDigit(text.charAt(start));
        return ends ? start : -1;
    }

    private static int numberEnd(String text, int start) {
        int i = start;
        for (int l = 0; l < 2 && i < text.length() && text.charAt(i) == 'l'; l++) {
            i++;
        }
        return i < text.length() && "diuxX".indexOf(text.charAt(i)) >= 0 ? i + 1 : -1;
    }
}
