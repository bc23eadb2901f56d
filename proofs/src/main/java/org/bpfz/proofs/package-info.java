/**
 * Theorems about the class files that run.
 */
@NullMarked
package org.bpfz.proofs;

import org.jspecify.annotations.NullMarked;
