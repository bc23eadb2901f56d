/**
 * The verifier: Linux 6.12's verdicts, its reasons and its log.
 */
@NullMarked
package org.bpfz.verifier;

import org.jspecify.annotations.NullMarked;
