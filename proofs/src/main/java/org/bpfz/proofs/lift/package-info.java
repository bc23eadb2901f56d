/**
 * Lifters: from compiled code to terms. {@link org.bpfz.proofs.lift.JavaLifter} reads the class files that run,
 * {@link org.bpfz.proofs.lift.LlvmLifter} what clang made of C. What they don't understand is an error, never skipped.
 */
@NullMarked
package org.bpfz.proofs.lift;

import org.jspecify.annotations.NullMarked;
