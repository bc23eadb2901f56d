package org.bpfz.spec.semantics;

import java.util.function.Supplier;

/**
 * Bit vectors of one width and the operations on them that the instruction set needs, with the meaning that SMT-LIB gives
 * its FixedSizeBitVectors except where it says otherwise.
 *
 * @param <V> a vector
 * @param <B> a truth value
 */
public interface BitVectors<V, B> {
    /** How many bits a vector has. */
    int width();

    /** The vector with the low bits of the number. */
    V constant(long value);

    /** Sum modulo 2^width. */
    V add(V a, V b);

    /** Difference modulo 2^width. */
    V sub(V a, V b);

    /** Product modulo 2^width. */
    V mul(V a, V b);

    /** Unsigned quotient; undefined where b is 0. */
    V udiv(V a, V b);

    /** Unsigned remainder; undefined where b is 0. */
    V urem(V a, V b);

    /** Signed quotient rounded towards 0, modulo 2^width; undefined where b is 0. */
    V sdiv(V a, V b);

    /** What the signed quotient leaves, with the sign of a; undefined where b is 0. */
    V srem(V a, V b);

    /** Each bit of a and b. */
    V and(V a, V b);

    /** Each bit of a or b. */
    V or(V a, V b);

    /** Each bit of a or b but not both. */
    V xor(V a, V b);

    /** Two's complement: 0 - a. */
    V neg(V a);

    /** a to the left by b bits; undefined where b is not below the width. */
    V shl(V a, V b);

    /** a to the right by b bits, zeroes from the left; undefined where b is not below the width. */
    V lshr(V a, V b);

    /** a to the right by b bits, copies of the sign from the left; undefined where b is not below the width. */
    V ashr(V a, V b);

    /** The low bits of a (1 to the width), zeroes above. */
    V zext(V a, int bits);

    /** The low bits of a (1 to the width), copies of the highest of them above. */
    V sext(V a, int bits);

    /** a = b. */
    B eq(V a, V b);

    /** a < b, both unsigned. */
    B ult(V a, V b);

    /** a < b, both in two's complement. */
    B slt(V a, V b);

    /** One of two vectors; a side that is not chosen need not have a value, so it may divide by zero. */
    V ite(B condition, Supplier<V> then, Supplier<V> otherwise);
}
