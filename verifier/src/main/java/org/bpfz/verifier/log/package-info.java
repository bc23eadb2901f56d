/** The verifier's log in Linux 6.12's own format: instructions, abstract states, source lines. */
@NullMarked
package org.bpfz.verifier.log;

import org.jspecify.annotations.NullMarked;
