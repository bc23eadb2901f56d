/**
 * Theorem group 7: LZO stays in its buffers. Bounded: run on all inputs up to a stated size, of stated alphabets.
 */
@NullMarked
package org.bpfz.proofs.lzo;

import org.jspecify.annotations.NullMarked;
