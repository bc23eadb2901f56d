package org.bpfz.spec.semantics;

/**
 * The algebra that {@link Semantics} is written over: what a 64-bit value, a 32-bit value and a truth value are, and how
 * one becomes another. Two widths are two types, so that a forgotten extension does not compile.
 *
 * @param <V64> a 64-bit vector: the value of a register
 * @param <V32> a 32-bit vector: the low half of one
 * @param <B>   a truth value
 */
public interface Bits<V64, V32, B> {
    /** The operations on 64 bits. */
    BitVectors<V64, B> v64();

    /** The operations on 32 bits. */
    BitVectors<V32, B> v32();

    /** The low half. */
    V32 low(V64 a);

    /** 32 zeroes above a. */
    V64 zext(V32 a);

    /** 32 copies of the sign above a. */
    V64 sext(V32 a);

    /** The other truth value. */
    B isFalse(B a);
}
