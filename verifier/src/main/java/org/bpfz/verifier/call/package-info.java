/** Calls of helpers, of the program's own functions and of callbacks: what may be passed, what comes back, what has to be released. */
@NullMarked
package org.bpfz.verifier.call;

import org.jspecify.annotations.NullMarked;
