/**
 * Recordings made by strace: read, and replayed through the modelled kernel.
 */
@NullMarked
package org.bpfz.oracle.strace;

import org.jspecify.annotations.NullMarked;
