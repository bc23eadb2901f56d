/**
 * The JIT: programs become hidden classes.
 *
 * <p>{@link org.bpfz.jit.ProgramCompiler} makes a class of a program. A function of the program is a static method whose local variables are
 * the registers ({@link org.bpfz.jit.Locals}); one that is too long for HotSpot to compile is cut into {@link org.bpfz.jit.Chunks}, which hand
 * the registers on in an array. What an instruction becomes is said by its template ({@link org.bpfz.jit.Templates}, and behind it
 * {@link org.bpfz.jit.AluTemplates}, {@link org.bpfz.jit.JumpTemplates}, {@link org.bpfz.jit.MemoryTemplates},
 * {@link org.bpfz.jit.AtomicTemplates} and {@link org.bpfz.jit.CallTemplates}). {@link org.bpfz.jit.JitRun} is what the code meets of its
 * surroundings while it runs. Memory, maps and helpers are those of the interpreter.
 */
@NullMarked
package org.bpfz.jit;

import org.jspecify.annotations.NullMarked;
