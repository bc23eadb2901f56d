/**
 * Compressibility of real files: each goes block by block through the modelled kernel with the programs attached.
 */
@NullMarked
package org.bpfz.oracle.analyze;

import org.jspecify.annotations.NullMarked;
