package org.bpfz.verifier.domain;

import org.bpfz.spec.isa.Width;

/**
 * A tracked number: for each of 64 bits, whether it is 0, 1 or unknown.
 *
 * <p>A concrete x belongs to it when {@code (x & ~mask) == value}. The addition, subtraction and multiplication are those of
 * H. Vishwanathan et al., "Sound, Precise, and Fast Abstract Interpretation with Tristate Numbers" (CGO 2022), as in
 * kernel/bpf/tnum.c.
 *
 * @param value the known ones
 * @param mask  the unknown bits; no bit is in both
 */
public record Tnum(long value, long mask) {
    /** Nothing known. */
    public static final Tnum UNKNOWN = new Tnum(0, -1);

    private static final long LOW_HALF = 0xffff_ffffL;

    /** Exactly this number. */
    public static Tnum constant(long value) {
        return new Tnum(value, 0);
    }

    /** The tightest tnum with every number from min to max, unsigned: the common leading bits are known, the others not. */
    public static Tnum range(long min, long max) {
        int unknown = Long.SIZE - Long.numberOfLeadingZeros(min ^ max);
        long mask = unknown == Long.SIZE ? -1 : (1L << unknown) - 1;
        return new Tnum(min & ~mask, mask);
    }

    /** The sum: a result bit is unknown where an operand's is, or where a carry may or may not arrive. */
    public static Tnum add(Tnum a, Tnum b) {
        long least = a.value + b.value;
        long most = least + (a.mask + b.mask);
        long unknown = (least ^ most) | a.mask | b.mask;
        return new Tnum(least & ~unknown, unknown);
    }

    /** The difference: a result bit is unknown where an operand's is, or where a borrow may or may not arrive. */
    public static Tnum sub(Tnum a, Tnum b) {
        long difference = a.value - b.value;
        long unknown = ((difference + a.mask) ^ (difference - b.mask)) | a.mask | b.mask;
        return new Tnum(difference & ~unknown, unknown);
    }

    /**
     * The product, by long multiplication: the known parts multiply exactly; each possible bit of a adds the uncertainty that b,
     * shifted to that bit, brings.
     */
    public static Tnum mul(Tnum a, Tnum b) {
        if (a.mask == 0 && b.mask == 0) {
            return constant(a.value * b.value);
        }
        Tnum uncertainty = constant(0);
        long value = a.value;
        long mask = a.mask;
        long shiftedValue = b.value;
        long shiftedMask = b.mask;
        while ((value | mask) != 0) {
            if ((value & 1) != 0) {
                uncertainty = add(uncertainty, new Tnum(0, shiftedMask));
            } else if ((mask & 1) != 0) {
                uncertainty = add(uncertainty, new Tnum(0, shiftedValue | shiftedMask));
            }
            value >>>= 1;
            mask >>>= 1;
            shiftedValue <<= 1;
            shiftedMask <<= 1;
        }
        return add(constant(a.value * b.value), uncertainty);
    }

    /** Bitwise and: known 1 where both are 1, known 0 where either is 0. */
    public static Tnum and(Tnum a, Tnum b) {
        long ones = a.value & b.value;
        long possible = (a.value | a.mask) & (b.value | b.mask);
        return new Tnum(ones, possible & ~ones);
    }

    /** Bitwise or: known 1 where either is 1, known 0 where both are 0. */
    public static Tnum or(Tnum a, Tnum b) {
        long ones = a.value | b.value;
        return new Tnum(ones, (a.mask | b.mask) & ~ones);
    }

    /** Bitwise exclusive or: known where both are known. */
    public static Tnum xor(Tnum a, Tnum b) {
        long unknown = a.mask | b.mask;
        return new Tnum((a.value ^ b.value) & ~unknown, unknown);
    }

    /** Shift to the left by a known distance, 0 to 63. */
    public Tnum shiftLeft(int distance) {
        return new Tnum(value << distance, mask << distance);
    }

    /** Logical shift to the right by a known distance, 0 to 63. */
    public Tnum shiftRight(int distance) {
        return new Tnum(value >>> distance, mask >>> distance);
    }

    /**
     * Arithmetic shift to the right by a known distance below the width; at 32 bits the upper half of the result is zero.
     */
    public Tnum shiftRightSigned(int distance, Width width) {
        return switch (width) {
            case W32 -> new Tnum(((int) value >> distance) & LOW_HALF, ((int) mask >> distance) & LOW_HALF);
            case W64 -> new Tnum(value >> distance, mask >> distance);
        };
    }

    /** What both allow; bits on which they contradict come out as known ones. */
    public static Tnum intersect(Tnum a, Tnum b) {
        long unknown = a.mask & b.mask;
        return new Tnum((a.value | b.value) & ~unknown, unknown);
    }

    /** Whether some number may belong to both: no bit is known in both and different. */
    public static boolean overlap(Tnum a, Tnum b) {
        long knownInBoth = ~a.mask & ~b.mask;
        return (a.value & knownInBoth) == (b.value & knownInBoth);
    }

    /** Whether every number of b belongs to a. */
    public static boolean contains(Tnum a, Tnum b) {
        return (b.mask & ~a.mask) == 0 && a.value == (b.value & ~a.mask);
    }

    /** Whether this concrete number belongs. */
    public boolean contains(long concrete) {
        return (concrete & ~mask) == value;
    }

    /** The low 1, 2 or 4 bytes, zero-extended. */
    public Tnum truncate(int bytes) {
        long kept = (1L << (bytes * 8)) - 1;
        return new Tnum(value & kept, mask & kept);
    }

    /** The low half, zero-extended. */
    public Tnum low() {
        return new Tnum(value & LOW_HALF, mask & LOW_HALF);
    }

    /** The upper half in its place, the low half known to be zero. */
    public Tnum high() {
        return new Tnum(value & ~LOW_HALF, mask & ~LOW_HALF);
    }

    /** This upper half with the low half of another. */
    public Tnum withLow(Tnum other) {
        return new Tnum((value & ~LOW_HALF) | (other.value & LOW_HALF), (mask & ~LOW_HALF) | (other.mask & LOW_HALF));
    }

    /** The part that an operation of the given width sees. */
    public Tnum at(Width width) {
        return width == Width.W32 ? low() : this;
    }

    /** Whether all 64 bits are known. */
    public boolean isConstant() {
        return mask == 0;
    }

    /** Whether it is exactly this number. */
    public boolean isConstant(long number) {
        return mask == 0 && value == number;
    }

    /** Whether the low 32 bits are known. */
    public boolean isLowConstant() {
        return (mask & LOW_HALF) == 0;
    }

    /** Whether every number in it is a multiple of the size, a power of two or 0 (which anything is aligned to). */
    public boolean isAligned(long size) {
        return size == 0 || ((value | mask) & (size - 1)) == 0;
    }

    /** As the kernel's log writes it: {@code (0x0; 0xff)}. */
    @Override
    public String toString() {
        return "(0x" + Long.toHexString(value) + "; 0x" + Long.toHexString(mask) + ")";
    }
}
