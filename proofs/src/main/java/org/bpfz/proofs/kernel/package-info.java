/**
 * The kernel's own C: cut at proof time from the distribution's source package, compiled by clang, never kept.
 */
@NullMarked
package org.bpfz.proofs.kernel;

import org.jspecify.annotations.NullMarked;
