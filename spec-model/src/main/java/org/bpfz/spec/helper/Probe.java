package org.bpfz.spec.helper;

import org.bpfz.spec.Bytes;
import org.bpfz.spec.Errno;
import org.jspecify.annotations.Nullable;

/** Reads of any address that end in an error and not in a fault (mm/maccess.c, arch/x86/mm/maccess.c). */
final class Probe {
    /** TASK_SIZE_MAX + PAGE_SIZE with four levels of page tables: no kernel address is below. */
    private static final long USER_END = 0x8000_0000_0000L;

    /** Bits of a canonical address with four levels of page tables. */
    private static final int ADDRESS_BITS = 48;

    /** The page of vsyscalls, which the kernel counts as user space's. */
    private static final long VSYSCALL = 0xffff_ffff_ff60_0000L;

    private static final int PAGE = 4096;

    private Probe() {
    }

    /**
     * A string that was read.
     *
     * @param bytes with the terminator; none where there is an error or no room
     * @param error why nothing was read, or null
     */
    record CString(Bytes bytes, @Nullable Errno error) {
        static CString failure(Errno errno) {
            return new CString(Bytes.of(), errno);
        }
    }

    /** Whether user space could have the address: TASK_SIZE. */
    static boolean isUser(long address) {
        return Long.compareUnsigned(address, USER_END - PAGE) < 0;
    }

    /** copy_from_kernel_nofault: fills the target, at least one byte, or says why not. */
    static @Nullable Errno read(HelperCall call, long address, byte[] target) {
        if (!isAllowed(address)) {
            return Errno.ERANGE;
        }
        return readable(call, address, target) ? null : Errno.EFAULT;
    }

    /**
     * strncpy_from_kernel_nofault: copies up to the terminator, or {@code size} bytes of which the last becomes the terminator; nothing where
     * the size is 0.
     */
    static CString string(HelperCall call, long address, int size) {
        if (size == 0) {
            return new CString(Bytes.of(), null);
        }
        if (!isAllowed(address)) {
            return CString.failure(Errno.ERANGE);
        }
        byte[] bytes = new byte[size];
        byte[] one = new byte[1];
        for (int i = 0; i < size; i++) {
            if (!readable(call, address + i, one)) {
                return CString.failure(Errno.EFAULT);
            }
            bytes[i] = one[0];
            if (one[0] == 0) {
                return new CString(Bytes.of(bytes, 0, i + 1), null);
            }
        }
        bytes[size - 1] = 0;
        return new CString(Bytes.of(bytes), null);
    }

    private static boolean readable(HelperCall call, long address, byte[] target) {
        return call.memory().peek(address, target) == target.length
                || call.services().kernelMemory().read(address, target);
    }

    /** copy_from_kernel_nofault_allowed. */
    private static boolean isAllowed(long address) {
        boolean canonical = address << (Long.SIZE - ADDRESS_BITS) >> (Long.SIZE - ADDRESS_BITS) == address;
        return Long.compareUnsigned(address, USER_END) >= 0 && canonical && (address & -PAGE) != VSYSCALL;
    }
}
