package org.bpfz.jit;

/** Division as BPF has it (RFC 9669, section 4.1): nothing traps, by 0 there is 0 and everything remains. Compiled code calls it. */
final class Division {
    private Division() {
    }

    static long quotient(long a, long b) {
        return b == 0 ? 0 : Long.divideUnsigned(a, b);
    }

    static int quotient(int a, int b) {
        return b == 0 ? 0 : Integer.divideUnsigned(a, b);
    }

    static long remainder(long a, long b) {
        return b == 0 ? a : Long.remainderUnsigned(a, b);
    }

    static int remainder(int a, int b) {
        return b == 0 ? a : Integer.remainderUnsigned(a, b);
    }

    /** Of the least number by -1 there is the least number, as Java has it too. */
    static long signedQuotient(long a, long b) {
        return b == 0 ? 0 : a / b;
    }

    static int signedQuotient(int a, int b) {
        return b == 0 ? 0 : a / b;
    }

    static long signedRemainder(long a, long b) {
        return b == 0 ? a : a % b;
    }

    static int signedRemainder(int a, int b) {
        return b == 0 ? a : a % b;
    }
}
