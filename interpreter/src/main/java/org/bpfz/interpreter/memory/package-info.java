/**
 * Flat memory: one array for all that a program can reach, and a tag for every eight bytes of it.
 *
 * <p>Interpreter and JIT share it. It knows the layout of {@link org.bpfz.spec.memory.Layout} and nothing of the specification's memory.
 */
@NullMarked
package org.bpfz.interpreter.memory;

import org.jspecify.annotations.NullMarked;
