/**
 * Mistakes that students make, wrapped around the model: kernels that a grader must find out. The specification knows nothing of them.
 */
@NullMarked
package org.bpfz.oracle.mutant;

import org.jspecify.annotations.NullMarked;
