/**
 * ELF as far as BPF objects need it: relocatable 64-bit files of either byte order, read without trusting a single number in them
 * (System V gABI, chapters 4 and 5; the BPF relocation types of LLVM's docs and Documentation/bpf/llvm_reloc.rst).
 *
 * <p>{@link org.bpfz.loader.elf.ElfFile} is a whole file whose sections, symbols and relocations have been checked; what they mean
 * for BPF is the business of {@link org.bpfz.loader}.
 */
@NullMarked
package org.bpfz.loader.elf;

import org.jspecify.annotations.NullMarked;
