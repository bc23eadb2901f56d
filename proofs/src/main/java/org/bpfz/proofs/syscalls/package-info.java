/**
 * Theorem group 8: the modelled system calls. Bounded: all sequences of calls up to a stated length are run on the model itself.
 */
@NullMarked
package org.bpfz.proofs.syscalls;

import org.jspecify.annotations.NullMarked;
