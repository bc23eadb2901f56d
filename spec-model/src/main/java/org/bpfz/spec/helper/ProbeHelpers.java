package org.bpfz.spec.helper;

import java.util.Arrays;
import org.bpfz.spec.Errno;
import org.bpfz.spec.memory.ViolationException;

/**
 * The helpers that read any address without a fault (kernel/trace/bpf_trace.c, bpf_probe_read_*). An error zeroes the target.
 *
 * <p>bpf_probe_read and bpf_probe_read_str go by the address: the lower half is user space's.
 */
final class ProbeHelpers {
    private ProbeHelpers() {
    }

    /** {@code long bpf_probe_read_kernel(void *dst, u32 size, const void *address)}. */
    static Outcome kernel(HelperCall call) throws ViolationException, ArgumentException {
        int size = call.size(2, Integer.SIZE);
        byte[] bytes = new byte[size];
        Errno error = size == 0 ? null : Probe.read(call, call.u64(3), bytes);
        if (error != null) {
            Arrays.fill(bytes, (byte) 0);
        }
        call.write(1, bytes);
        return error == null ? Outcome.of(0) : Outcome.error(error);
    }

    /** {@code long bpf_probe_read_kernel_str(void *dst, u32 size, const void *address)}: bytes copied, the terminator among them. */
    static Outcome kernelString(HelperCall call) throws ViolationException, ArgumentException {
        int size = call.size(2, Integer.SIZE);
        call.memory().requireWritable(call.word(1), size);
        Probe.CString text = Probe.string(call, call.u64(3), size);
        if (text.error() != null) {
            call.clear(1, size);
            return Outcome.error(text.error());
        }
        call.write(1, text.bytes().toArray());
        return Outcome.of(text.bytes().length());
    }

    /** {@code long bpf_probe_read_user(void *dst, u32 size, const void *address)}: no task has memory here. */
    static Outcome user(HelperCall call) throws ViolationException, ArgumentException {
        int size = call.size(2, Integer.SIZE);
        call.clear(1, size);
        return size == 0 ? Outcome.of(0) : Outcome.error(Errno.EFAULT);
    }

    /** {@code long bpf_probe_read(void *dst, u32 size, const void *address)}. */
    static Outcome any(HelperCall call) throws ViolationException, ArgumentException {
        return Probe.isUser(call.u64(3)) ? user(call) : kernel(call);
    }

    /** {@code long bpf_probe_read_str(void *dst, u32 size, const void *address)}. */
    static Outcome anyString(HelperCall call) throws ViolationException, ArgumentException {
        return Probe.isUser(call.u64(3)) ? user(call) : kernelString(call);
    }

    /**
     * {@code long bpf_override_return(struct pt_regs *regs, u64 rc)}: the probed function will not run, and returns {@code rc}. Whoever
     * models the function is told; the registers that the program sees stay as they are.
     */
    static Outcome overrideReturn(HelperCall call) throws ArgumentException {
        call.requireContext(1);
        call.services().override().accept(call.u64(2));
        return Outcome.of(0);
    }
}
