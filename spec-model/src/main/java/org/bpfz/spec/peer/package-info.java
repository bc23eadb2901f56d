/**
 * Outside sources that bpfz is compared with where a machine has them: the distribution's kernel source, a live kernel.
 */
@NullMarked
package org.bpfz.spec.peer;

import org.jspecify.annotations.NullMarked;
