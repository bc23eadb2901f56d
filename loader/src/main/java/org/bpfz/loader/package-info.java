/**
 * The loader: ELF objects for BPF, opened as libbpf opens them.
 *
 * <p>{@link org.bpfz.loader.BpfObject#open} reads a file and everything that it declares: programs by the names of their sections,
 * maps, licence, types. {@link org.bpfz.loader.BpfObject#program} then links one program, that is, appends the functions it calls and
 * points its instructions to the maps, into the {@link org.bpfz.spec.program.ProgramImage} that BPF_PROG_LOAD takes. Whatever is wrong with
 * a file ends in a {@link org.bpfz.loader.elf.BadObject} whose message is one line.
 *
 * <p>The rules are those of libbpf 1.5 (tools/lib/bpf of Linux 6.12), and of libbpf before 1.0 for map definitions in a section {@code maps}.
 */
@NullMarked
package org.bpfz.loader;

import org.jspecify.annotations.NullMarked;
