/**
 * Mutants: class files with one instruction changed, put before the theorems and then run, so that a theorem is seen to say something.
 */
@NullMarked
package org.bpfz.proofs.mutate;

import org.jspecify.annotations.NullMarked;
