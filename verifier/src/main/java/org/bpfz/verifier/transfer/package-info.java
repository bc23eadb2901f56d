/** What each family of instructions does to the state, and what of it is refused. */
@NullMarked
package org.bpfz.verifier.transfer;

import org.jspecify.annotations.NullMarked;
