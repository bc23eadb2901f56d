/**
 * What each instruction does to values, in the order and the words of RFC 9669: no memory, no registers, no machine.
 *
 * <p>{@link org.bpfz.spec.semantics.Semantics} is written once over the algebra
 * {@link org.bpfz.spec.semantics.Bits}. Whoever gives the algebra decides what a value is: with
 * {@link org.bpfz.spec.semantics.LongBits} it is a number and the semantics runs; with terms of a solver it is a formula
 * and the semantics can be reasoned about.
 */
@NullMarked
package org.bpfz.spec.semantics;

import org.jspecify.annotations.NullMarked;
