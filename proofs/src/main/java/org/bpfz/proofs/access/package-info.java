/**
 * Theorem group 3: what the verifier lets a program access is there, whatever the numbers are at run time.
 */
@NullMarked
package org.bpfz.proofs.access;

import org.jspecify.annotations.NullMarked;
