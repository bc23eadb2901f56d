package org.bpfz.spec.helper;

import org.bpfz.spec.Errno;
import org.bpfz.spec.helper.NumberParser.Parsed;
import org.bpfz.spec.memory.ViolationException;
import org.bpfz.spec.memory.Word;

/** The helpers that read strings (kernel/bpf/helpers.c, bpf_strtol, bpf_strtoul, bpf_strncmp). */
final class StringHelpers {
    private StringHelpers() {
    }

    /** {@code long bpf_strtol(const char *buf, size_t len, u64 flags, s64 *res)}: how many bytes the number took; on an error res is 0. */
    static Outcome toLong(HelperCall call) throws ViolationException, ArgumentException {
        call.writeLong(4, 0);
        Parsed parsed = NumberParser.parse(call.read(1, call.size(2, Long.SIZE)), call.u64(3));
        if (parsed.error() != null) {
            return Outcome.error(parsed.error());
        }
        long value = parsed.negative() ? -parsed.value() : parsed.value();
        // A magnitude of 2^63 or more is out of range, except for the smallest number itself: __bpf_strtoll asks for the sign.
        if (parsed.negative() ? value > 0 : value < 0) {
            return Outcome.error(Errno.ERANGE);
        }
        call.writeLong(4, value);
        return Outcome.of(parsed.consumed());
    }

    /** {@code long bpf_strtoul(const char *buf, size_t len, u64 flags, u64 *res)}: likewise; a minus sign is -EINVAL. */
    static Outcome toUnsignedLong(HelperCall call) throws ViolationException, ArgumentException {
        call.writeLong(4, 0);
        Parsed parsed = NumberParser.parse(call.read(1, call.size(2, Long.SIZE)), call.u64(3));
        if (parsed.error() != null) {
            return Outcome.error(parsed.error());
        }
        if (parsed.negative()) {
            return Outcome.error(Errno.EINVAL);
        }
        call.writeLong(4, parsed.value());
        return Outcome.of(parsed.consumed());
    }

    /**
     * {@code int bpf_strncmp(const char *s1, u32 s1_sz, const char *s2)}: -1, 0 or 1 as unsigned bytes compare, up to the first terminator or
     * s1_sz (strncmp in lib/string.c).
     */
    static Outcome compare(HelperCall call) throws ViolationException, ArgumentException {
        byte[] first = call.read(1, call.size(2, Integer.SIZE));
        Word second = call.word(3);
        for (int i = 0; i < first.length; i++) {
            int a = first[i] & 0xff;
            int b = call.memory().read(second.plus(i), 1)[0] & 0xff;
            if (a != b) {
                return Outcome.of(a < b ? -1 : 1);
            }
            if (a == 0) {
                break;
            }
        }
        return Outcome.of(0);
    }
}
