/**
 * What the verifier knows of a number: a tnum for its bits, and its signed and unsigned bounds at 64 and 32 bits.
 *
 * <p>Read in this order: {@link org.bpfz.verifier.domain.Tnum} (known bits), {@link org.bpfz.verifier.domain.Range64} and
 * {@link org.bpfz.verifier.domain.Range32} (bounds), {@link org.bpfz.verifier.domain.Scalar} (their product and how the parts
 * teach each other), {@link org.bpfz.verifier.domain.ScalarAlu} (arithmetic), {@link org.bpfz.verifier.domain.Branch} (what a
 * comparison decides and what it teaches).
 *
 * <p>The deductions are those of Linux 6.12 (kernel/bpf/tnum.c and verifier.c), result for result: a weaker or stronger one
 * would change verdicts, pruning and the log. Everything is immutable and straight-line where it can be, so that the class files
 * can be lifted into proofs.
 */
@NullMarked
package org.bpfz.verifier.domain;

import org.jspecify.annotations.NullMarked;
