/**
 * The tables: program types, contexts, maps, helper prototypes, hooks and clauses, one row a fact.
 *
 * <p>Specification, verifier, loader, engines, documents and reports all read the same rows, so that a fact is written down once. A row
 * says what Linux 6.12 does and names the place in its source; a test compares the rows with that source where it is at hand.
 */
@NullMarked
package org.bpfz.spec.program;

import org.jspecify.annotations.NullMarked;
