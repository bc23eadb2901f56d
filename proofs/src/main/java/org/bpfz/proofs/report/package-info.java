/**
 * What came of the theorems: as rows on a terminal, as JSON and as a document.
 */
@NullMarked
package org.bpfz.proofs.report;

import org.jspecify.annotations.NullMarked;
