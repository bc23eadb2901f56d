/**
 * CO-RE: what an instruction that was compiled against one kernel's types must say on another kernel.
 *
 * <p>{@link org.bpfz.loader.core.CoreSpec} is a path through types; {@link org.bpfz.loader.core.CoreMatcher} follows the same path by names in the
 * types of the target; {@link org.bpfz.loader.core.CoreAnswer} turns a path into the number that a relocation asks for;
 * {@link org.bpfz.loader.core.CorePatcher} puts the number into the instruction. {@link org.bpfz.loader.core.CoreResolver} does one after the other.
 *
 * <p>The rules are those of libbpf 1.5 (tools/lib/bpf/relo_core.c of Linux 6.12).
 */
@NullMarked
package org.bpfz.loader.core;

import org.jspecify.annotations.NullMarked;
