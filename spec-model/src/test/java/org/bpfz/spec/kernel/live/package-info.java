/** The machine's own Linux as a second opinion on the modelled kernel: calls without hooks must do there what they do here. */
@NullMarked
package org.bpfz.spec.kernel.live;

import org.jspecify.annotations.NullMarked;
