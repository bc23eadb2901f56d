/**
 * Programs on functions of the modelled kernel: what can be probed, in which order programs and the function run, what they see and change.
 *
 * <p>{@link org.bpfz.oracle.attach.TracedKernel} loads objects and attaches their programs; the modelled parts of the kernel, such as the
 * {@link org.bpfz.oracle.attach.BlockLayer}, call their functions through it. {@link org.bpfz.oracle.attach.Workload} has them do so again
 * as they did in a recording.
 */
@NullMarked
package org.bpfz.oracle.attach;

import org.jspecify.annotations.NullMarked;
