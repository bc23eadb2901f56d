/**
 * BTF, the type information that travels with BPF objects and kernels (Documentation/bpf/btf.rst).
 *
 * <p>{@link org.bpfz.spec.btf.Btf} is a table of {@link org.bpfz.spec.btf.BtfType types} by id, read from bytes by
 * {@link org.bpfz.spec.btf.Btf#read} and held to one of the {@link org.bpfz.spec.btf.BtfRules}: what a compiler writes is not
 * yet what a kernel takes. {@link org.bpfz.spec.btf.BtfExt} is the companion section of an object file that ties functions,
 * source lines and field accesses to instructions. Whatever is wrong with either ends in one
 * {@link org.bpfz.spec.btf.MalformedBtf} that says where.
 */
@NullMarked
package org.bpfz.spec.btf;

import org.jspecify.annotations.NullMarked;
