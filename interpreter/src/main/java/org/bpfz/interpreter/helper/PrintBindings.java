package org.bpfz.interpreter.helper;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.bpfz.spec.Errno;
import org.bpfz.spec.memory.LittleEndian;
import org.jspecify.annotations.Nullable;

/** The helpers that print (kernel/trace/bpf_trace.c, kernel/bpf/helpers.c). */
final class PrintBindings {
    /** What a message of the trace pipe is cut to, with its terminator (MAX_BPRINTF_BUF). */
    private static final int PIPE = 1024;

    /** Bytes of the arguments at most: 12 of them (MAX_BPRINTF_VARARGS). */
    private static final int ARGUMENTS = 12 * Long.BYTES;

    private PrintBindings() {
    }

    static long tracePrintk(Run run, long format, long size, long r3, long r4, long r5) {
        return print(run, format(run, "bpf_trace_printk", format, size), r3, r4, r5);
    }

    static long traceVprintk(Run run, long format, long size, long data, long length, long r5) {
        byte[] text = format(run, "bpf_trace_vprintk", format, size);
        long[] arguments = arguments(run, data, (int) length);
        return arguments == null ? Errno.EINVAL.negative() : print(run, text, arguments);
    }

    private static byte[] format(Run run, String helper, long format, long size) {
        return run.memory().read(format, run.size(helper, 2, Integer.toUnsignedLong((int) size)));
    }

    private static long print(Run run, byte[] format, long... arguments) {
        FormattedText text = new FormattedText(run, format, arguments, PIPE);
        if (text.error() == 0) {
            run.services().trace().print(run.invocation().task(), run.invocation().cpu(),
                    new String(text.kept(), StandardCharsets.UTF_8));
        }
        return text.error() == 0 ? text.length() : text.error();
    }

    static long snprintf(Run run, long target, long size, long format, long data, long length) {
        int room = run.size("bpf_snprintf", 2, Integer.toUnsignedLong((int) size));
        run.memory().requireWritable(target, room);
        long[] arguments = arguments(run, data, (int) length);
        if (arguments == null) {
            return Errno.EINVAL.negative();
        }
        FormattedText text = new FormattedText(run, string(run, format), arguments, room);
        if (text.error() != 0) {
            return text.error();
        }
        if (room > 0) {
            run.memory().write(target, Arrays.copyOf(text.kept(), text.kept().length + 1));
        }
        return text.length() + 1L;
    }

    /** A string with its terminator. */
    private static byte[] string(Run run, long address) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        byte one = 1;
        for (long at = address; one != 0; at++) {
            one = run.memory().read(at, 1)[0];
            bytes.write(one);
        }
        run.memory().requireReadable(address, bytes.size());
        return bytes.toByteArray();
    }

    /** The numbers at the address, or null where their size is none that is allowed. */
    private static long @Nullable [] arguments(Run run, long address, int size) {
        if (size < 0 || size > ARGUMENTS || size % Long.BYTES != 0 || (size > 0 && address == 0)) {
            return null;
        }
        byte[] bytes = run.memory().read(address, size);
        long[] arguments = new long[size / Long.BYTES];
        Arrays.setAll(arguments, i -> LittleEndian.get(bytes, Long.BYTES * i, Long.BYTES));
        return arguments;
    }
}
