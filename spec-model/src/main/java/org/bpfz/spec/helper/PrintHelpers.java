package org.bpfz.spec.helper;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.bpfz.spec.Errno;
import org.bpfz.spec.memory.LittleEndian;
import org.bpfz.spec.memory.ViolationException;
import org.bpfz.spec.memory.Word;

/** The helpers that format text (kernel/trace/bpf_trace.c, bpf_trace_printk and bpf_trace_vprintk; kernel/bpf/helpers.c, bpf_snprintf). */
final class PrintHelpers {
    /** MAX_BPRINTF_VARARGS. */
    private static final int MAX_ARGUMENTS = 12;

    /** MAX_TRACE_PRINTK_VARARGS. */
    private static final int MAX_REGISTERS = 3;

    /** MAX_BPRINTF_BUF: what a message is cut to, with its terminator. */
    private static final int MAX_MESSAGE = 1024;

    private PrintHelpers() {
    }

    /**
     * {@code long bpf_trace_printk(const char *fmt, u32 fmt_size, ...)}: up to three arguments in R3 to R5; the message's length before it is
     * cut, or a negative error number.
     */
    static Outcome tracePrintk(HelperCall call) throws ViolationException, ArgumentException {
        byte[] format = call.read(1, call.size(2, Integer.SIZE));
        return print(call, format, MAX_REGISTERS, index -> call.u64(index + 3));
    }

    /** {@code long bpf_trace_vprintk(const char *fmt, u32 fmt_size, const void *data, u32 data_len)}: arguments of 8 bytes each. */
    static Outcome traceVprintk(HelperCall call) throws ViolationException, ArgumentException {
        byte[] format = call.read(1, call.size(2, Integer.SIZE));
        List<Long> arguments = new ArrayList<>();
        return readArguments(call, 3, 4, arguments)
                ? print(call, format, arguments.size(), arguments::get)
                : Outcome.error(Errno.EINVAL);
    }

    private static Outcome print(HelperCall call, byte[] format, int count, Bprintf.Arguments arguments)
            throws ArgumentException {
        Bprintf printed = Bprintf.format(call, format, count, arguments, MAX_MESSAGE);
        if (printed.error() != null) {
            return Outcome.error(printed.error());
        }
        call.services().trace().print(call.task(), call.cpu(), new String(printed.text(), StandardCharsets.UTF_8));
        return Outcome.of(printed.length());
    }

    /**
     * {@code long bpf_snprintf(char *str, u32 str_size, const char *fmt, u64 *data, u32 data_len)}: the length of the whole text with its
     * terminator, whether or not it fits.
     */
    static Outcome snprintf(HelperCall call) throws ViolationException, ArgumentException {
        int size = call.size(2, Integer.SIZE);
        call.memory().requireWritable(call.word(1), size);
        List<Long> arguments = new ArrayList<>();
        if (!readArguments(call, 4, 5, arguments)) {
            return Outcome.error(Errno.EINVAL);
        }
        Bprintf printed = Bprintf.format(call, constantString(call, call.word(3)), arguments.size(), arguments::get,
                size);
        if (printed.error() != null) {
            return Outcome.error(printed.error());
        }
        if (size > 0) {
            byte[] terminated = new byte[printed.text().length + 1];
            System.arraycopy(printed.text(), 0, terminated, 0, printed.text().length);
            call.write(1, terminated);
        }
        return Outcome.of(printed.length() + 1);
    }

    /** Reads an array of arguments; false where its size is none that the helper takes. */
    private static boolean readArguments(HelperCall call, int pointer, int length, List<Long> into)
            throws ViolationException, ArgumentException {
        int size = call.u32(length);
        if (size % Long.BYTES != 0 || Integer.compareUnsigned(size, MAX_ARGUMENTS * Long.BYTES) > 0
                || (size != 0 && call.u64(pointer) == 0)) {
            return false;
        }
        byte[] bytes = call.read(pointer, size);
        for (int offset = 0; offset < size; offset += Long.BYTES) {
            into.add(LittleEndian.get(bytes, offset, Long.BYTES));
        }
        return true;
    }

    /** The string at an address, with its terminator. */
    private static byte[] constantString(HelperCall call, Word address) throws ViolationException {
        int length = 1;
        while (call.memory().read(address.plus(length - 1), 1)[0] != 0) {
            length++;
        }
        return call.memory().read(address, length);
    }
}
