/**
 * Terms over bit vectors and truth values: what lifted code and specification become before a solver sees them.
 */
@NullMarked
package org.bpfz.proofs.term;

import org.jspecify.annotations.NullMarked;
