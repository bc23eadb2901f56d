/**
 * Theorem group 4: pruning. A state that is not looked at any further, as a saved one covers it, can do nothing that was not looked at from there.
 */
@NullMarked
package org.bpfz.proofs.pruning;

import org.jspecify.annotations.NullMarked;
