/**
 * Real kernels in a virtual machine: an image is booted with bpfz's own agent as its only program, which does system calls on request.
 *
 * <p>{@link org.bpfz.oracle.qemu.VirtualMachine} is the machine and the line to the agent, {@link org.bpfz.oracle.qemu.Request} a list of
 * system calls with their memory, {@link org.bpfz.oracle.qemu.GuestBpf} the commands of bpf(2) on top of them. The agent's side is in
 * {@code oracle/agent}.
 */
@NullMarked
package org.bpfz.oracle.qemu;

import org.jspecify.annotations.NullMarked;
