/**
 * The kernel of this machine as a peer: bpf(2) through the foreign-function API, for tests and comparisons.
 *
 * <p>Nothing of the model depends on it, and it knows nothing of the model but how code is encoded and what a map can be asked.
 */
@NullMarked
package org.bpfz.spec.live;

import org.jspecify.annotations.NullMarked;
