/**
 * Solvers: whether truth values can hold together, and of what inputs.
 */
@NullMarked
package org.bpfz.proofs.solver;

import org.jspecify.annotations.NullMarked;
