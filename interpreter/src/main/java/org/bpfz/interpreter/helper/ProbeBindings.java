package org.bpfz.interpreter.helper;

import java.io.ByteArrayOutputStream;
import org.bpfz.spec.Errno;

/** The helpers that read any address without a fault (kernel/trace/bpf_trace.c): an error leaves zeroes. No task has memory of its own. */
final class ProbeBindings {
    private ProbeBindings() {
    }

    static long kernel(Run run, long target, long size, long address, long r4, long r5) {
        return read(run, "bpf_probe_read_kernel", target, size, address);
    }

    static long kernelString(Run run, long target, long size, long address, long r4, long r5) {
        return readString(run, "bpf_probe_read_kernel_str", target, size, address);
    }

    static long user(Run run, long target, long size, long address, long r4, long r5) {
        return nothing(run, "bpf_probe_read_user", target, size);
    }

    static long userString(Run run, long target, long size, long address, long r4, long r5) {
        return nothing(run, "bpf_probe_read_user_str", target, size);
    }

    static long any(Run run, long target, long size, long address, long r4, long r5) {
        return ProbedMemory.isUser(address)
                ? nothing(run, "bpf_probe_read", target, size)
                : read(run, "bpf_probe_read", target, size, address);
    }

    static long anyString(Run run, long target, long size, long address, long r4, long r5) {
        return ProbedMemory.isUser(address)
                ? nothing(run, "bpf_probe_read_str", target, size)
                : readString(run, "bpf_probe_read_str", target, size, address);
    }

    private static long read(Run run, String helper, long target, long size, long address) {
        byte[] bytes = new byte[run.size(helper, 2, Integer.toUnsignedLong((int) size))];
        int error = bytes.length == 0 ? 0 : ProbedMemory.read(run, address, bytes);
        run.memory().write(target, error == 0 ? bytes : ProbedMemory.zeroes(bytes));
        return error;
    }

    private static long readString(Run run, String helper, long target, long size, long address) {
        int room = run.size(helper, 2, Integer.toUnsignedLong((int) size));
        run.memory().requireWritable(target, room);
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        int length = room == 0 ? 0 : ProbedMemory.readString(run, address, room, text);
        run.memory().write(target, length < 0 ? new byte[room] : text.toByteArray());
        return length;
    }

    private static long nothing(Run run, String helper, long target, long size) {
        int room = run.size(helper, 2, Integer.toUnsignedLong((int) size));
        run.memory().write(target, new byte[room]);
        return room == 0 ? 0 : Errno.EFAULT.negative();
    }

    /** The probed function will not run; whoever models it is told what it returns. */
    static long overrideReturn(Run run, long context, long result, long r3, long r4, long r5) {
        run.requireContext("bpf_override_return", context);
        run.services().override().accept(result);
        return 0;
    }
}
