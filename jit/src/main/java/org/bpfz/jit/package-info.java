/**
 * The JIT: programs become hidden classes.
 *
 * <p>{@link org.bpfz.jit.ProgramCompiler} makes a class of a program. A function of the program is a static method whose local variables are
 * the registers ({@link org.bpfz.jit.Locals}); one that is too long for HotSpot to compile is cut into {@link org.bpfz.jit.Chunks}, which hand
 * the registers on in an array and check once what they access by registers that they do not write ({@link org.bpfz.jit.Anchors}). {@link org.bpfz.jit.BodyWriter} goes through the instructions; what one becomes is said by the template of its
 * kind: {@link org.bpfz.jit.AluTemplates}, {@link org.bpfz.jit.JumpTemplates}, {@link org.bpfz.jit.MemoryTemplates},
 * {@link org.bpfz.jit.AtomicTemplates}, {@link org.bpfz.jit.CallTemplates}. Loops that count ({@link org.bpfz.jit.LoopShape}) are written twice:
 * in front of the plain form stands one that HotSpot optimises ({@link org.bpfz.jit.LoopWriter}), and in front of that, where rounds are alike
 * ({@link org.bpfz.jit.LaneShape}), one that does several rounds at a time ({@link org.bpfz.jit.LaneWriter}).
 *
 * <p>{@link org.bpfz.jit.JitRun} is what the code meets of its surroundings while it runs. Memory, maps and helpers are those of the
 * interpreter, which also takes over where the JVM does not accept a class.
 */
@NullMarked
package org.bpfz.jit;

import org.jspecify.annotations.NullMarked;
