package org.bpfz.oracle.attach;

import org.bpfz.spec.memory.LittleEndian;

/** The registers of a probed function in memory: struct pt_regs of x86-64 (arch/x86/include/asm/ptrace.h), which is the same in all kernels. */
final class Registers {
    private static final int SIZE = 168;
    private static final int AX = 80;
    private static final int IP = 128;
    /** Where the arguments are: di, si, dx, cx, r8, r9. */
    private static final int[] ARGUMENTS = {112, 104, 96, 88, 72, 64};
    /** Where kernel text begins on x86-64. */
    private static final long TEXT = 0xffff_ffff_8100_0000L;

    private Registers() {
    }

    /** At the function's entry. */
    static byte[] entry(long... arguments) {
        byte[] registers = new byte[SIZE];
        for (int i = 0; i < Math.min(arguments.length, ARGUMENTS.length); i++) {
            LittleEndian.put(registers, ARGUMENTS[i], Long.BYTES, arguments[i]);
        }
        LittleEndian.put(registers, IP, Long.BYTES, TEXT);
        return registers;
    }

    /** At its return. */
    static byte[] exit(long result) {
        byte[] registers = new byte[SIZE];
        LittleEndian.put(registers, AX, Long.BYTES, result);
        LittleEndian.put(registers, IP, Long.BYTES, TEXT);
        return registers;
    }
}
