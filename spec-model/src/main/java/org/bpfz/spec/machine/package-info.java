/**
 * The specification's machine: one instruction at a time, on words that know where they came from.
 *
 * <p>{@link org.bpfz.spec.machine.Machine} is the evaluator; what an instruction does to values is {@link org.bpfz.spec.semantics.Semantics}',
 * what memory allows is {@link org.bpfz.spec.memory.Memory}'s, what a helper does is {@link org.bpfz.spec.helper}'s.
 * {@link org.bpfz.spec.machine.SpecificationEngine} puts it behind the interface of engines. It favours the reader; nothing here is fast.
 */
@NullMarked
package org.bpfz.spec.machine;

import org.jspecify.annotations.NullMarked;
