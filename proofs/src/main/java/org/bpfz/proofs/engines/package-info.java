/**
 * Theorem group 5: the interpreter's handlers and the JIT's templates do what the specification says, for every form of an instruction, with
 * registers, immediate, offset and memory as variables.
 */
@NullMarked
package org.bpfz.proofs.engines;

import org.jspecify.annotations.NullMarked;
