/**
 * What it means to run programs: the interface behind which the specification's machine, the interpreter and the JIT stand, and the values
 * on which they are compared.
 *
 * <p>{@link org.bpfz.spec.engine.Engine} opens an {@link org.bpfz.spec.engine.Environment} (address space, maps, loaded programs) over some
 * {@link org.bpfz.spec.engine.Services} (clock, random numbers, trace pipe, LZO). An environment loads a program image into an
 * {@link org.bpfz.spec.engine.Executable}, which turns an {@link org.bpfz.spec.engine.Invocation} into a
 * {@link org.bpfz.spec.engine.Result}. Two engines agree when equal steps give equal results, equal maps and equal trace output.
 */
@NullMarked
package org.bpfz.spec.engine;

import org.jspecify.annotations.NullMarked;
