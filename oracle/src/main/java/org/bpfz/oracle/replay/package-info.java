/**
 * Recordings made by strace, replayed through the modelled kernel: what existed before a recording began is learned from it, calls
 * that overlap are put in an order that explains what was seen, and what differs is told.
 */
@NullMarked
package org.bpfz.oracle.replay;

import org.jspecify.annotations.NullMarked;
