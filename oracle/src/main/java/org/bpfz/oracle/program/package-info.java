/**
 * Single programs, run by themselves: what {@code bpfz prog run} and {@code bpfz conformance} do, as BPF_PROG_TEST_RUN does it in a kernel.
 */
@NullMarked
package org.bpfz.oracle.program;

import org.jspecify.annotations.NullMarked;
