package org.bpfz.interpreter;

/** Division as BPF has it: nothing traps (RFC 9669, section 4.1). */
final class Arithmetic {
    private Arithmetic() {
    }

    static long div(long a, long b) {
        return b == 0 ? 0 : Long.divideUnsigned(a, b);
    }

    static int div(int a, int b) {
        return b == 0 ? 0 : Integer.divideUnsigned(a, b);
    }

    static long mod(long a, long b) {
        return b == 0 ? a : Long.remainderUnsigned(a, b);
    }

    static int mod(int a, int b) {
        return b == 0 ? a : Integer.remainderUnsigned(a, b);
    }

    /** The least number by -1 is itself, in Java too. */
    static long sdiv(long a, long b) {
        return b == 0 ? 0 : a / b;
    }

    static int sdiv(int a, int b) {
        return b == 0 ? 0 : a / b;
    }

    static long smod(long a, long b) {
        return b == 0 ? a : a % b;
    }

    static int smod(int a, int b) {
        return b == 0 ? a : a % b;
    }
}
