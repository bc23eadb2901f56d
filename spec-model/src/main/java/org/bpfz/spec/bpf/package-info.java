/**
 * bpf(2): the one door through which user space reaches maps, programs, types and links (kernel/bpf/syscall.c of Linux 6.12).
 *
 * <p>{@link org.bpfz.spec.bpf.BpfKernel#bpf} takes a command and the bytes of union bpf_attr, as the system call does; {@link
 * org.bpfz.spec.bpf.Attr} is those bytes as records, whose components say where they lie. Elements are kept by the {@link
 * org.bpfz.spec.engine.Environment} of any engine; what verifies programs and what they attach to are services that are given from outside.
 */
@NullMarked
package org.bpfz.spec.bpf;

import org.jspecify.annotations.NullMarked;
