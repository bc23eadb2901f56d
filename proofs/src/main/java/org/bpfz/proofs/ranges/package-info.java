/**
 * Theorem group 2: range analysis is sound. A number that belongs to what is known before an operation, after it belongs to what is known
 * then.
 */
@NullMarked
package org.bpfz.proofs.ranges;

import org.jspecify.annotations.NullMarked;
