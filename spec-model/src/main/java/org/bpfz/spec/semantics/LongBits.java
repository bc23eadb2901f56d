package org.bpfz.spec.semantics;

import java.util.function.Supplier;

/**
 * The algebra in which a vector is a number, so that {@link Semantics} can be executed. What the algebra leaves undefined,
 * a division by zero or a shift by the width, is an {@link ArithmeticException}.
 */
public final class LongBits implements Bits<Long, Integer, Boolean> {
    /** The only one: it has no state. */
    public static final LongBits INSTANCE = new LongBits();

    private LongBits() {
    }

    @Override
    public BitVectors<Long, Boolean> v64() {
        return Longs.INSTANCE;
    }

    @Override
    public BitVectors<Integer, Boolean> v32() {
        return Ints.INSTANCE;
    }

    @Override
    public Integer low(Long a) {
        return a.intValue();
    }

    @Override
    public Long zext(Integer a) {
        return Integer.toUnsignedLong(a);
    }

    @Override
    public Long sext(Integer a) {
        return a.longValue();
    }

    @Override
    public Boolean isFalse(Boolean a) {
        return !a;
    }

    private static int amount(long shift, int width) {
        if (shift < 0 || shift >= width) {
            throw new ArithmeticException("shift of " + width + " bits by " + shift);
        }
        return (int) shift;
    }

    private static final class Longs implements BitVectors<Long, Boolean> {
        static final Longs INSTANCE = new Longs();

        @Override
        public int width() {
            return Long.SIZE;
        }

        @Override
        public Long constant(long value) {
            return value;
        }

        @Override
        public Long add(Long a, Long b) {
            return a + b;
        }

        @Override
        public Long sub(Long a, Long b) {
            return a - b;
        }

        @Override
        public Long mul(Long a, Long b) {
            return a * b;
        }

        @Override
        public Long udiv(Long a, Long b) {
            return Long.divideUnsigned(a, b);
        }

        @Override
        public Long urem(Long a, Long b) {
            return Long.remainderUnsigned(a, b);
        }

        @Override
        public Long sdiv(Long a, Long b) {
            return a / b;
        }

        @Override
        public Long srem(Long a, Long b) {
            return a % b;
        }

        @Override
        public Long and(Long a, Long b) {
            return a & b;
        }

        @Override
        public Long or(Long a, Long b) {
            return a | b;
        }

        @Override
        public Long xor(Long a, Long b) {
            return a ^ b;
        }

        @Override
        public Long neg(Long a) {
            return -a;
        }

        @Override
        public Long shl(Long a, Long b) {
            return a << amount(b, Long.SIZE);
        }

        @Override
        public Long lshr(Long a, Long b) {
            return a >>> amount(b, Long.SIZE);
        }

        @Override
        public Long ashr(Long a, Long b) {
            return a >> amount(b, Long.SIZE);
        }

        @Override
        public Long zext(Long a, int bits) {
            return a << (Long.SIZE - bits) >>> (Long.SIZE - bits);
        }

        @Override
        public Long sext(Long a, int bits) {
            return a << (Long.SIZE - bits) >> (Long.SIZE - bits);
        }

        @Override
        public Boolean eq(Long a, Long b) {
            return a.longValue() == b.longValue();
        }

        @Override
        public Boolean ult(Long a, Long b) {
            return Long.compareUnsigned(a, b) < 0;
        }

        @Override
        public Boolean slt(Long a, Long b) {
            return a < b;
        }

        @Override
        public Long ite(Boolean condition, Supplier<Long> then, Supplier<Long> otherwise) {
            return (condition ? then : otherwise).get();
        }
    }

    private static final class Ints implements BitVectors<Integer, Boolean> {
        static final Ints INSTANCE = new Ints();

        @Override
        public int width() {
            return Integer.SIZE;
        }

        @Override
        public Integer constant(long value) {
            return (int) value;
        }

        @Override
        public Integer add(Integer a, Integer b) {
            return a + b;
        }

        @Override
        public Integer sub(Integer a, Integer b) {
            return a - b;
        }

        @Override
        public Integer mul(Integer a, Integer b) {
            return a * b;
        }

        @Override
        public Integer udiv(Integer a, Integer b) {
            return Integer.divideUnsigned(a, b);
        }

        @Override
        public Integer urem(Integer a, Integer b) {
            return Integer.remainderUnsigned(a, b);
        }

        @Override
        public Integer sdiv(Integer a, Integer b) {
            return a / b;
        }

        @Override
        public Integer srem(Integer a, Integer b) {
            return a % b;
        }

        @Override
        public Integer and(Integer a, Integer b) {
            return a & b;
        }

        @Override
        public Integer or(Integer a, Integer b) {
            return a | b;
        }

        @Override
        public Integer xor(Integer a, Integer b) {
            return a ^ b;
        }

        @Override
        public Integer neg(Integer a) {
            return -a;
        }

        @Override
        public Integer shl(Integer a, Integer b) {
            return a << amount(b, Integer.SIZE);
        }

        @Override
        public Integer lshr(Integer a, Integer b) {
            return a >>> amount(b, Integer.SIZE);
        }

        @Override
        public Integer ashr(Integer a, Integer b) {
            return a >> amount(b, Integer.SIZE);
        }

        @Override
        public Integer zext(Integer a, int bits) {
            return a << (Integer.SIZE - bits) >>> (Integer.SIZE - bits);
        }

        @Override
        public Integer sext(Integer a, int bits) {
            return a << (Integer.SIZE - bits) >> (Integer.SIZE - bits);
        }

        @Override
        public Boolean eq(Integer a, Integer b) {
            return a.intValue() == b.intValue();
        }

        @Override
        public Boolean ult(Integer a, Integer b) {
            return Integer.compareUnsigned(a, b) < 0;
        }

        @Override
        public Boolean slt(Integer a, Integer b) {
            return a < b;
        }

        @Override
        public Integer ite(Boolean condition, Supplier<Integer> then, Supplier<Integer> otherwise) {
            return (condition ? then : otherwise).get();
        }
    }
}
