/**
 * The loader: ELF objects for BPF, opened as libbpf opens them.
 */
@NullMarked
package org.bpfz.loader;

import org.jspecify.annotations.NullMarked;
