/**
 * The modelled kernel: what Linux 6.12 with the compressor subsystem may answer to a system call.
 *
 * <p>The specification is a relation in the way of SibylFS: {@link org.bpfz.spec.kernel.Relation#allowed} takes a
 * {@link org.bpfz.spec.kernel.State}, a {@link org.bpfz.spec.kernel.Call}, a {@link org.bpfz.spec.kernel.Reading} of the open
 * clauses and the {@link org.bpfz.spec.kernel.Hooks} behind which the programs run, and yields the allowed
 * {@link org.bpfz.spec.kernel.Outcomes}. Executing takes the first of them ({@link org.bpfz.spec.kernel.Kernel}); checking asks
 * whether an observation is among them. One definition serves both, and nothing is enumerated.
 *
 * <p>Read in this order: {@code State} and the records in it (tasks, descriptor tables, open files, inodes), {@code Call},
 * {@code Reading} and {@code Variant}, {@code Relation} (which class answers which call), then the classes of calls. Each class
 * names the kernel file and function whose observable behaviour it states, and the clauses of the assignment that it covers.
 */
@NullMarked
package org.bpfz.spec.kernel;

import org.jspecify.annotations.NullMarked;
