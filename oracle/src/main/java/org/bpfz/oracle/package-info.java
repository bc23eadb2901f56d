/**
 * The oracle: traces, real kernels, reports, and the bpfz command.
 */
@NullMarked
package org.bpfz.oracle;

import org.jspecify.annotations.NullMarked;
