package org.bpfz.spec.semantics;

import java.math.BigInteger;
import org.bpfz.spec.isa.AluOp;
import org.bpfz.spec.isa.AtomicOp;
import org.bpfz.spec.isa.Condition;

/**
 * RFC 9669 once more, over unbounded integers: numbers are mathematical, and a width is a modulus that is applied at the end.
 * Shares nothing with {@link Semantics} but the names of the operations.
 */
final class BigIntegerReference {
    private BigIntegerReference() {
    }

    static BigInteger unsigned(long value, int width) {
        return BigInteger.valueOf(value).mod(modulus(width));
    }

    static BigInteger signed(long value, int width) {
        BigInteger number = unsigned(value, width);
        return number.testBit(width - 1) ? number.subtract(modulus(width)) : number;
    }

    private static BigInteger modulus(int width) {
        return BigInteger.TWO.pow(width);
    }

    /** The result at the width, with zeroes above. */
    static long alu(int width, AluOp op, long dst, long src) {
        BigInteger a = unsigned(dst, width);
        BigInteger b = unsigned(src, width);
        BigInteger signedA = signed(dst, width);
        BigInteger signedB = signed(src, width);
        boolean byZero = b.signum() == 0;
        int shift = b.mod(BigInteger.valueOf(width)).intValue();
        BigInteger result = switch (op) {
            case ADD -> a.add(b);
            case SUB -> a.subtract(b);
            case MUL -> a.multiply(b);
            case DIV -> byZero ? BigInteger.ZERO : a.divide(b);
            case SDIV -> byZero ? BigInteger.ZERO : signedA.divide(signedB);
            case OR -> a.or(b);
            case AND -> a.and(b);
            case LSH -> a.multiply(BigInteger.TWO.pow(shift));
            case RSH -> a.divide(BigInteger.TWO.pow(shift));
            case MOD -> byZero ? a : a.subtract(b.multiply(a.divide(b)));
            // "a % n = a - n * trunc(a / n)"
            case SMOD -> byZero ? a : signedA.subtract(signedB.multiply(signedA.divide(signedB)));
            case XOR -> a.xor(b);
            case ARSH -> floorDivide(signedA, BigInteger.TWO.pow(shift));
        };
        return result.mod(modulus(width)).longValue();
    }

    private static BigInteger floorDivide(BigInteger a, BigInteger b) {
        return a.subtract(a.mod(b)).divide(b);
    }

    static boolean jumps(int width, Condition condition, long dst, long src) {
        int unsignedOrder = unsigned(dst, width).compareTo(unsigned(src, width));
        int signedOrder = signed(dst, width).compareTo(signed(src, width));
        return switch (condition) {
            case EQ -> unsignedOrder == 0;
            case NE -> unsignedOrder != 0;
            case GT -> unsignedOrder > 0;
            case GE -> unsignedOrder >= 0;
            case LT -> unsignedOrder < 0;
            case LE -> unsignedOrder <= 0;
            case SGT -> signedOrder > 0;
            case SGE -> signedOrder >= 0;
            case SLT -> signedOrder < 0;
            case SLE -> signedOrder <= 0;
            case SET -> unsigned(dst, width).and(unsigned(src, width)).signum() != 0;
        };
    }

    /** The low bits with their bytes in the other order. */
    static long byteSwap(long value, int width) {
        byte[] bytes = new byte[1 + width / 8];
        BigInteger number = unsigned(value, width);
        for (int i = 1; i < bytes.length; i++) {
            bytes[i] = number.byteValue();
            number = number.shiftRight(8);
        }
        return new BigInteger(bytes).longValue();
    }

    /** What an atomic operation leaves in memory. */
    static long atomicStores(int width, AtomicOp op, long memory, long src, long r0) {
        BigInteger old = unsigned(memory, width);
        BigInteger operand = unsigned(src, width);
        BigInteger result = switch (op) {
            case ADD, FETCH_ADD -> old.add(operand);
            case OR, FETCH_OR -> old.or(operand);
            case AND, FETCH_AND -> old.and(operand);
            case XOR, FETCH_XOR -> old.xor(operand);
            case XCHG -> operand;
            case CMPXCHG -> old.equals(unsigned(r0, width)) ? operand : old;
        };
        return result.mod(modulus(width)).longValue();
    }
}
