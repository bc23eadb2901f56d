package org.bpfz.interpreter;

import org.bpfz.interpreter.memory.FaultSignal;
import org.bpfz.interpreter.memory.FlatMemory;

/**
 * The loop that reads a word of code and does what it says: all of the interpreter that runs for every instruction, in one method so that
 * HotSpot makes one table of it. What happens less often is in {@link Interpretation}.
 *
 * <p>The loop runs in slices of some thousand instructions, each a call of its own, so that HotSpot replaces it by compiled code at the next
 * slice, with the length of the register array known. Instructions are not counted one by one: every jump that is taken, every call and every
 * exit knows how far it leads back or ahead, and settles that with the fuel; where the fuel runs out, the slice ends.
 *
 * <p>An operation that stands for several instructions moves on to the last of them before that does anything that may fault or jump, so that
 * slot and fuel are those of the instruction itself.
 */
final class Loop {
    private static final long LOW = 0xffff_ffffL;
    private static final int SLICE = 1 << 13;

    private Loop() {
    }

    /**
     * Interprets until the frame exits that has no other to return to (true), or until the fuel of the slice is used up or other code is to run (false).
     *
     * <p>In the loop only the index and the fuel change, and the registers are an array of this method's own, whose length the compiler knows:
     * so no index of a register is checked, and little is moved from one instruction to the next.
     */
    @SuppressWarnings("LabelledBreakTarget") // Who jumps leaves the block; all others stay in one line.
    static boolean slice(Interpretation run) {
        long[] r = Frames.copy(run.registers());
        FlatMemory memory = run.memory();
        long[] code = run.code(r).words();
        int pc = run.start();
        int fuel = run.grant(SLICE);
        try {
            for (;;) {
                long word = code[pc];
                int dst = dst(word);
                int src = src(word);
                taken : {
                    switch ((int) word & 0xff) {
                        case Op.ADD64X -> r[dst] += r[src];
                        case Op.SUB64X -> r[dst] -= r[src];
                        case Op.MUL64X -> r[dst] *= r[src];
                        case Op.DIV64X -> r[dst] = Arithmetic.div(r[dst], r[src]);
                        case Op.SDIV64X -> r[dst] = Arithmetic.sdiv(r[dst], r[src]);
                        case Op.OR64X -> r[dst] |= r[src];
                        case Op.AND64X -> r[dst] &= r[src];
                        case Op.LSH64X -> r[dst] <<= r[src];
                        case Op.RSH64X -> r[dst] >>>= r[src];
                        case Op.MOD64X -> r[dst] = Arithmetic.mod(r[dst], r[src]);
                        case Op.SMOD64X -> r[dst] = Arithmetic.smod(r[dst], r[src]);
                        case Op.XOR64X -> r[dst] ^= r[src];
                        case Op.ARSH64X -> r[dst] >>= r[src];
                        case Op.ADD64K -> r[dst] += constant(word);
                        case Op.SUB64K -> r[dst] -= constant(word);
                        case Op.MUL64K -> r[dst] *= constant(word);
                        case Op.DIV64K -> r[dst] = Arithmetic.div(r[dst], constant(word));
                        case Op.SDIV64K -> r[dst] = Arithmetic.sdiv(r[dst], constant(word));
                        case Op.OR64K -> r[dst] |= constant(word);
                        case Op.AND64K -> r[dst] &= constant(word);
                        case Op.LSH64K -> r[dst] <<= constant(word);
                        case Op.RSH64K -> r[dst] >>>= constant(word);
                        case Op.MOD64K -> r[dst] = Arithmetic.mod(r[dst], constant(word));
                        case Op.SMOD64K -> r[dst] = Arithmetic.smod(r[dst], constant(word));
                        case Op.XOR64K -> r[dst] ^= constant(word);
                        case Op.ARSH64K -> r[dst] >>= constant(word);
                        case Op.ADD32X -> r[dst] = ((int) r[dst] + (int) r[src]) & LOW;
                        case Op.SUB32X -> r[dst] = ((int) r[dst] - (int) r[src]) & LOW;
                        case Op.MUL32X -> r[dst] = (r[dst] * r[src]) & LOW;
                        case Op.DIV32X -> r[dst] = Arithmetic.div((int) r[dst], (int) r[src]) & LOW;
                        case Op.SDIV32X -> r[dst] = Arithmetic.sdiv((int) r[dst], (int) r[src]) & LOW;
                        case Op.OR32X -> r[dst] = ((int) r[dst] | (int) r[src]) & LOW;
                        case Op.AND32X -> r[dst] = ((int) r[dst] & (int) r[src]) & LOW;
                        case Op.LSH32X -> r[dst] = ((int) r[dst] << (int) r[src]) & LOW;
                        case Op.RSH32X -> r[dst] = ((int) r[dst] >>> (int) r[src]) & LOW;
                        case Op.MOD32X -> r[dst] = Arithmetic.mod((int) r[dst], (int) r[src]) & LOW;
                        case Op.SMOD32X -> r[dst] = Arithmetic.smod((int) r[dst], (int) r[src]) & LOW;
                        case Op.XOR32X -> r[dst] = ((int) r[dst] ^ (int) r[src]) & LOW;
                        case Op.ARSH32X -> r[dst] = ((int) r[dst] >> (int) r[src]) & LOW;
                        case Op.ADD32K -> r[dst] = ((int) r[dst] + (int) constant(word)) & LOW;
                        case Op.SUB32K -> r[dst] = ((int) r[dst] - (int) constant(word)) & LOW;
                        case Op.MUL32K -> r[dst] = (r[dst] * constant(word)) & LOW;
                        case Op.DIV32K -> r[dst] = Arithmetic.div((int) r[dst], (int) constant(word)) & LOW;
                        case Op.SDIV32K -> r[dst] = Arithmetic.sdiv((int) r[dst], (int) constant(word)) & LOW;
                        case Op.OR32K -> r[dst] = ((int) r[dst] | (int) constant(word)) & LOW;
                        case Op.AND32K -> r[dst] = ((int) r[dst] & (int) constant(word)) & LOW;
                        case Op.LSH32K -> r[dst] = ((int) r[dst] << (int) constant(word)) & LOW;
                        case Op.RSH32K -> r[dst] = ((int) r[dst] >>> (int) constant(word)) & LOW;
                        case Op.MOD32K -> r[dst] = Arithmetic.mod((int) r[dst], (int) constant(word)) & LOW;
                        case Op.SMOD32K -> r[dst] = Arithmetic.smod((int) r[dst], (int) constant(word)) & LOW;
                        case Op.XOR32K -> r[dst] = ((int) r[dst] ^ (int) constant(word)) & LOW;
                        case Op.ARSH32K -> r[dst] = ((int) r[dst] >> (int) constant(word)) & LOW;
                        case Op.JEQ64X -> {
                            if (r[dst] == r[src]) {
                                break taken;
                            }
                        }
                        case Op.JGT64X -> {
                            if (Long.compareUnsigned(r[dst], r[src]) > 0) {
                                break taken;
                            }
                        }
                        case Op.JGE64X -> {
                            if (Long.compareUnsigned(r[dst], r[src]) >= 0) {
                                break taken;
                            }
                        }
                        case Op.JSET64X -> {
                            if ((r[dst] & r[src]) != 0) {
                                break taken;
                            }
                        }
                        case Op.JNE64X -> {
                            if (r[dst] != r[src]) {
                                break taken;
                            }
                        }
                        case Op.JSGT64X -> {
                            if (r[dst] > r[src]) {
                                break taken;
                            }
                        }
                        case Op.JSGE64X -> {
                            if (r[dst] >= r[src]) {
                                break taken;
                            }
                        }
                        case Op.JLT64X -> {
                            if (Long.compareUnsigned(r[dst], r[src]) < 0) {
                                break taken;
                            }
                        }
                        case Op.JLE64X -> {
                            if (Long.compareUnsigned(r[dst], r[src]) <= 0) {
                                break taken;
                            }
                        }
                        case Op.JSLT64X -> {
                            if (r[dst] < r[src]) {
                                break taken;
                            }
                        }
                        case Op.JSLE64X -> {
                            if (r[dst] <= r[src]) {
                                break taken;
                            }
                        }
                        case Op.JEQ64K -> {
                            if (r[dst] == jumpConstant(code[pc + 1])) {
                                break taken;
                            }
                        }
                        case Op.JGT64K -> {
                            if (Long.compareUnsigned(r[dst], jumpConstant(code[pc + 1])) > 0) {
                                break taken;
                            }
                        }
                        case Op.JGE64K -> {
                            if (Long.compareUnsigned(r[dst], jumpConstant(code[pc + 1])) >= 0) {
                                break taken;
                            }
                        }
                        case Op.JSET64K -> {
                            if ((r[dst] & jumpConstant(code[pc + 1])) != 0) {
                                break taken;
                            }
                        }
                        case Op.JNE64K -> {
                            if (r[dst] != jumpConstant(code[pc + 1])) {
                                break taken;
                            }
                        }
                        case Op.JSGT64K -> {
                            if (r[dst] > jumpConstant(code[pc + 1])) {
                                break taken;
                            }
                        }
                        case Op.JSGE64K -> {
                            if (r[dst] >= jumpConstant(code[pc + 1])) {
                                break taken;
                            }
                        }
                        case Op.JLT64K -> {
                            if (Long.compareUnsigned(r[dst], jumpConstant(code[pc + 1])) < 0) {
                                break taken;
                            }
                        }
                        case Op.JLE64K -> {
                            if (Long.compareUnsigned(r[dst], jumpConstant(code[pc + 1])) <= 0) {
                                break taken;
                            }
                        }
                        case Op.JSLT64K -> {
                            if (r[dst] < jumpConstant(code[pc + 1])) {
                                break taken;
                            }
                        }
                        case Op.JSLE64K -> {
                            if (r[dst] <= jumpConstant(code[pc + 1])) {
                                break taken;
                            }
                        }
                        case Op.JEQ32X -> {
                            if ((int) r[dst] == (int) r[src]) {
                                break taken;
                            }
                        }
                        case Op.JGT32X -> {
                            if (Integer.compareUnsigned((int) r[dst], (int) r[src]) > 0) {
                                break taken;
                            }
                        }
                        case Op.JGE32X -> {
                            if (Integer.compareUnsigned((int) r[dst], (int) r[src]) >= 0) {
                                break taken;
                            }
                        }
                        case Op.JSET32X -> {
                            if (((int) r[dst] & (int) r[src]) != 0) {
                                break taken;
                            }
                        }
                        case Op.JNE32X -> {
                            if ((int) r[dst] != (int) r[src]) {
                                break taken;
                            }
                        }
                        case Op.JSGT32X -> {
                            if ((int) r[dst] > (int) r[src]) {
                                break taken;
                            }
                        }
                        case Op.JSGE32X -> {
                            if ((int) r[dst] >= (int) r[src]) {
                                break taken;
                            }
                        }
                        case Op.JLT32X -> {
                            if (Integer.compareUnsigned((int) r[dst], (int) r[src]) < 0) {
                                break taken;
                            }
                        }
                        case Op.JLE32X -> {
                            if (Integer.compareUnsigned((int) r[dst], (int) r[src]) <= 0) {
                                break taken;
                            }
                        }
                        case Op.JSLT32X -> {
                            if ((int) r[dst] < (int) r[src]) {
                                break taken;
                            }
                        }
                        case Op.JSLE32X -> {
                            if ((int) r[dst] <= (int) r[src]) {
                                break taken;
                            }
                        }
                        case Op.JEQ32K -> {
                            if ((int) r[dst] == (int) code[pc + 1]) {
                                break taken;
                            }
                        }
                        case Op.JGT32K -> {
                            if (Integer.compareUnsigned((int) r[dst], (int) code[pc + 1]) > 0) {
                                break taken;
                            }
                        }
                        case Op.JGE32K -> {
                            if (Integer.compareUnsigned((int) r[dst], (int) code[pc + 1]) >= 0) {
                                break taken;
                            }
                        }
                        case Op.JSET32K -> {
                            if (((int) r[dst] & (int) code[pc + 1]) != 0) {
                                break taken;
                            }
                        }
                        case Op.JNE32K -> {
                            if ((int) r[dst] != (int) code[pc + 1]) {
                                break taken;
                            }
                        }
                        case Op.JSGT32K -> {
                            if ((int) r[dst] > (int) code[pc + 1]) {
                                break taken;
                            }
                        }
                        case Op.JSGE32K -> {
                            if ((int) r[dst] >= (int) code[pc + 1]) {
                                break taken;
                            }
                        }
                        case Op.JLT32K -> {
                            if (Integer.compareUnsigned((int) r[dst], (int) code[pc + 1]) < 0) {
                                break taken;
                            }
                        }
                        case Op.JLE32K -> {
                            if (Integer.compareUnsigned((int) r[dst], (int) code[pc + 1]) <= 0) {
                                break taken;
                            }
                        }
                        case Op.JSLT32K -> {
                            if ((int) r[dst] < (int) code[pc + 1]) {
                                break taken;
                            }
                        }
                        case Op.JSLE32K -> {
                            if ((int) r[dst] <= (int) code[pc + 1]) {
                                break taken;
                            }
                        }
                        case Op.MOV64X -> r[dst] = r[src];
                        case Op.MOV64K -> r[dst] = code[pc + 1];
                        case Op.MOV32X -> r[dst] = r[src] & LOW;
                        case Op.MOVSX8_64 -> r[dst] = (byte) r[src];
                        case Op.MOVSX16_64 -> r[dst] = (short) r[src];
                        case Op.MOVSX32_64 -> r[dst] = (int) r[src];
                        case Op.MOVSX8_32 -> r[dst] = (byte) r[src] & LOW;
                        case Op.MOVSX16_32 -> r[dst] = (short) r[src] & LOW;
                        case Op.NEG64 -> r[dst] = -r[dst];
                        case Op.NEG32 -> r[dst] = -r[dst] & LOW;
                        case Op.ZEXT16 -> r[dst] &= 0xffff;
                        case Op.SWAP16 -> r[dst] = Short.reverseBytes((short) r[dst]) & 0xffffL;
                        case Op.SWAP32 -> r[dst] = Integer.reverseBytes((int) r[dst]) & LOW;
                        case Op.SWAP64 -> r[dst] = Long.reverseBytes(r[dst]);
                        case Op.LDDW -> {
                            r[dst] = code[pc + 1];
                            pc += 2;
                        }
                        case Op.LDX8 -> r[dst] = memory.load8(r[src] + (word >> 32));
                        case Op.LDX16 -> r[dst] = memory.load16(r[src] + (word >> 32));
                        case Op.LDX32 -> r[dst] = memory.load32(r[src] + (word >> 32));
                        case Op.LDX64 -> r[dst] = memory.load64(r[src] + (word >> 32));
                        case Op.LDSX8 -> r[dst] = memory.loadSigned(r[src] + (word >> 32), 1);
                        case Op.LDSX16 -> r[dst] = memory.loadSigned(r[src] + (word >> 32), 2);
                        case Op.LDSX32 -> r[dst] = memory.loadSigned(r[src] + (word >> 32), 4);
                        case Op.STX8 -> memory.store8(r[dst] + (word >> 32), r[src]);
                        case Op.STX16 -> memory.store16(r[dst] + (word >> 32), r[src]);
                        case Op.STX32 -> memory.store32(r[dst] + (word >> 32), r[src]);
                        case Op.STX64 -> memory.store64(r[dst] + (word >> 32), r[src]);
                        case Op.ST8 -> memory.store8(r[dst] + (word >> 32), code[pc + 1]);
                        case Op.ST16 -> memory.store16(r[dst] + (word >> 32), code[pc + 1]);
                        case Op.ST32 -> memory.store32(r[dst] + (word >> 32), code[pc + 1]);
                        case Op.ST64 -> memory.store64(r[dst] + (word >> 32), code[pc + 1]);
                        case Op.ATOMIC -> Atomics.execute(memory, r, r[dst] + (word >> 32), src, (int) code[pc + 1]);
                        case Op.GOTO -> {
                            break taken;
                        }
                        case Op.MAY_GOTO -> {
                            if (!Frames.loops(r)) {
                                break taken;
                            }
                        }
                        case Op.CALL -> {
                            Frames.push(r, pc, memory);
                            break taken;
                        }
                        case Op.HELPER -> {
                            run.call((int) code[pc + 1], r, pc, fuel);
                        }
                        case Op.TAIL_CALL -> {
                            if (run.tailCall(r, pc)) {
                                fuel -= (int) (word >> 32);
                                return run.pauseAt(0, r, fuel);
                            }
                        }
                        case Op.EXIT -> {
                            fuel -= (int) (word >> 32);
                            if (Frames.isLast(r)) {
                                return run.finish(r[0], fuel);
                            }
                            int program = Frames.program(r);
                            pc = Frames.pop(r, memory);
                            if (Frames.program(r) != program) {
                                // The function had gone on in another program, by a tail call.
                                return run.pauseAt(pc + 2, r, fuel);
                            }
                            fuel += (int) code[pc + 1];
                        }
                        case Op.PACKET -> {
                            if (!run.packet.load(r, dst, (int) r[src] + (int) code[pc + 1])) {
                                // The exit that stands for it is behind the program.
                                pc = (int) (word >> 32) - 2;
                            }
                        }
                        case Op.TRAP -> {
                            memory.requireReadable(r[src] + (word >> 32), dst);
                            throw run.code(r).trap((int) code[pc + 1]);
                        }
                        case Op.ADD64K_ADD64K -> {
                            r[dst] += constant(word);
                            pc += 2;
                            word = code[pc];
                            r[dst(word)] += constant(word);
                        }
                        case Op.ADD64K_JNE64K -> {
                            long sum = r[dst] + constant(word);
                            r[dst] = sum;
                            pc += 2;
                            word = code[pc];
                            if (sum != jumpConstant(code[pc + 1])) {
                                break taken;
                            }
                        }
                        case Op.ADD64K_JNE64X -> {
                            long sum = r[dst] + constant(word);
                            r[dst] = sum;
                            pc += 2;
                            word = code[pc];
                            if (sum != r[src(word)]) {
                                break taken;
                            }
                        }
                        case Op.ADD64K_JLT64X -> {
                            long sum = r[dst] + constant(word);
                            r[dst] = sum;
                            pc += 2;
                            word = code[pc];
                            if (Long.compareUnsigned(sum, r[src(word)]) < 0) {
                                break taken;
                            }
                        }
                        case Op.ADD64K_GOTO -> {
                            r[dst] += constant(word);
                            pc += 2;
                            word = code[pc];
                            break taken;
                        }
                        case Op.ADD64K_ADD64K_JNE64K -> {
                            r[dst] += constant(word);
                            int counter = dst(code[pc + 2]);
                            long sum = r[counter] + constant(code[pc + 2]);
                            r[counter] = sum;
                            pc += 4;
                            word = code[pc];
                            if (sum != jumpConstant(code[pc + 1])) {
                                break taken;
                            }
                        }
                        case Op.ADD64K_ADD64K_ADD64K_JNE64K -> {
                            r[dst] += constant(word);
                            r[dst(code[pc + 2])] += constant(code[pc + 2]);
                            int counter = dst(code[pc + 4]);
                            long sum = r[counter] + constant(code[pc + 4]);
                            r[counter] = sum;
                            pc += 6;
                            word = code[pc];
                            if (sum != jumpConstant(code[pc + 1])) {
                                break taken;
                            }
                        }
                        case Op.MOV64X_MOV64X -> {
                            r[dst] = r[src];
                            pc += 2;
                            word = code[pc];
                            r[dst(word)] = r[src(word)];
                        }
                        case Op.MOV64X_ADD64X -> {
                            long moved = r[src];
                            r[dst] = moved;
                            pc += 2;
                            r[dst] = moved + r[src(code[pc])];
                        }
                        case Op.MOV64X_ADD64K -> {
                            r[dst] = r[src] + constant(code[pc + 2]);
                            pc += 2;
                        }
                        case Op.MOV64X_RSH64K_XOR64X -> {
                            long shifted = r[src] >>> constant(code[pc + 2]);
                            r[dst] = shifted;
                            pc += 4;
                            r[dst(code[pc])] ^= shifted;
                        }
                        case Op.XOR64X_MUL64K -> {
                            long mixed = (r[dst] ^ r[src]) * constant(code[pc + 2]);
                            r[dst] = mixed;
                            pc += 2;
                        }
                        case Op.LSH64K_RSH64K -> {
                            r[dst] = r[dst] << constant(word) >>> constant(code[pc + 2]);
                            pc += 2;
                        }
                        case Op.LSH64K_ARSH64K -> {
                            r[dst] = r[dst] << constant(word) >> constant(code[pc + 2]);
                            pc += 2;
                        }
                        case Op.ADD32X_MOD32K -> {
                            r[dst] = Arithmetic.mod((int) r[dst] + (int) r[src], (int) constant(code[pc + 2])) & LOW;
                            pc += 2;
                        }
                        case Op.LDX8_ADD64X -> {
                            long loaded = memory.load8(r[src] + (word >> 32));
                            r[dst] = loaded;
                            pc += 2;
                            r[dst(code[pc])] += loaded;
                        }
                        case Op.LDX16_ADD64X -> {
                            long loaded = memory.load16(r[src] + (word >> 32));
                            r[dst] = loaded;
                            pc += 2;
                            r[dst(code[pc])] += loaded;
                        }
                        case Op.LDX32_ADD64X -> {
                            long loaded = memory.load32(r[src] + (word >> 32));
                            r[dst] = loaded;
                            pc += 2;
                            r[dst(code[pc])] += loaded;
                        }
                        case Op.LDX64_ADD64X -> {
                            long loaded = memory.load64(r[src] + (word >> 32));
                            r[dst] = loaded;
                            pc += 2;
                            r[dst(code[pc])] += loaded;
                        }
                        case Op.LDX8_XOR64K -> {
                            r[dst] = memory.load8(r[src] + (word >> 32)) ^ constant(code[pc + 2]);
                            pc += 2;
                        }
                        case Op.LDX8_JEQ64K -> {
                            long loaded = memory.load8(r[src] + (word >> 32));
                            r[dst] = loaded;
                            pc += 2;
                            word = code[pc];
                            if (loaded == jumpConstant(code[pc + 1])) {
                                break taken;
                            }
                        }
                        case Op.LDX8_JNE64K -> {
                            long loaded = memory.load8(r[src] + (word >> 32));
                            r[dst] = loaded;
                            pc += 2;
                            word = code[pc];
                            if (loaded != jumpConstant(code[pc + 1])) {
                                break taken;
                            }
                        }
                        case Op.LDX64_LDX64 -> {
                            r[dst] = memory.load64(r[src] + (word >> 32));
                            pc += 2;
                            word = code[pc];
                            r[dst(word)] = memory.load64(r[src(word)] + (word >> 32));
                        }
                        case Op.STX64_STX64 -> {
                            memory.store64(r[dst] + (word >> 32), r[src]);
                            pc += 2;
                            word = code[pc];
                            memory.store64(r[dst(word)] + (word >> 32), r[src(word)]);
                        }
                        case Op.MUL64K_ADD64K_JNE64K -> {
                            r[dst] *= constant(word);
                            int counter = dst(code[pc + 2]);
                            long sum = r[counter] + constant(code[pc + 2]);
                            r[counter] = sum;
                            pc += 4;
                            word = code[pc];
                            if (sum != jumpConstant(code[pc + 1])) {
                                break taken;
                            }
                        }
                        default -> throw new IllegalStateException("operation " + (word & 0xff));
                    }
                    pc += 2;
                    continue;
                }
                fuel -= (int) (code[pc + 1] >> 32);
                pc = (int) (word >> 32);
                if (fuel < 0) {
                    return run.pauseAt(pc, r, fuel - run.code(r).ordinal(pc));
                }
            }
        } catch (FaultSignal signal) {
            throw signal.at(pc >> 1);
        }
    }

    private static int dst(long word) {
        return (int) word >>> 8 & 15;
    }

    private static int src(long word) {
        return (int) word >>> 12 & 15;
    }

    /** The constant of arithmetic. */
    private static long constant(long word) {
        return word >> 32;
    }

    /** A jump's constant, sign-extended. */
    private static long jumpConstant(long word) {
        return (int) word;
    }
}
