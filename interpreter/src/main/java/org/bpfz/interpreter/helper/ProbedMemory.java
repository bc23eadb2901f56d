package org.bpfz.interpreter.helper;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import org.bpfz.spec.Errno;

/** Memory as bpf_probe_read_kernel sees it: any address may be asked for, and what is not there is an error number (mm/maccess.c). */
final class ProbedMemory {
    /** The first address behind user space's half, less the guard page: TASK_SIZE_MAX. */
    private static final long TASK_SIZE = (1L << 47) - 4096;

    private static final long VSYSCALL_PAGE = -10L << 20;

    private ProbedMemory() {
    }

    static boolean isUser(long address) {
        return address >= 0 && address < TASK_SIZE;
    }

    /** Fills the target, which is not empty; 0 or a negative error number. */
    static int read(Run run, long address, byte[] target) {
        if (!isKernel(address)) {
            return Errno.ERANGE.negative();
        }
        return isThere(run, address, target) ? 0 : Errno.EFAULT.negative();
    }

    /**
     * Puts a string of at most so many bytes, its terminator among them, behind what the target holds.
     *
     * @param size at least 1; the last byte becomes the terminator where there is none before
     * @return how many bytes that are, or a negative error number
     */
    static int readString(Run run, long address, int size, ByteArrayOutputStream target) {
        if (!isKernel(address)) {
            return Errno.ERANGE.negative();
        }
        byte[] one = new byte[1];
        for (int i = 0; i < size; i++) {
            if (!isThere(run, address + i, one)) {
                return Errno.EFAULT.negative();
            }
            if (one[0] == 0 || i == size - 1) {
                target.write(0);
                return i + 1;
            }
            target.write(one[0]);
        }
        return 0;
    }

    private static boolean isThere(Run run, long address, byte[] target) {
        return run.memory().peek(address, target) || run.services().kernelMemory().read(address, target);
    }

    /** An address of the upper half with bits 47 to 63 alike, outside of the page for vsyscalls (arch/x86/mm/maccess.c). */
    private static boolean isKernel(long address) {
        return address >> 47 == -1 && (address & -4096) != VSYSCALL_PAGE;
    }

    /** Zeroes for a target that nothing could be read into. */
    static byte[] zeroes(byte[] target) {
        Arrays.fill(target, (byte) 0);
        return target;
    }
}
