/**
 * The theorems: what is claimed of which code, and the machine that checks it.
 */
@NullMarked
package org.bpfz.proofs.theorem;

import org.jspecify.annotations.NullMarked;
