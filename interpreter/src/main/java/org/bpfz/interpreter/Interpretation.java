package org.bpfz.interpreter;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bpfz.interpreter.helper.Bindings;
import org.bpfz.interpreter.helper.ControlBindings;
import org.bpfz.interpreter.helper.Run;
import org.bpfz.interpreter.map.FlatMap;
import org.bpfz.interpreter.memory.FaultSignal;
import org.bpfz.interpreter.memory.FlatMemory;
import org.bpfz.spec.engine.Event;
import org.bpfz.spec.engine.Fault;
import org.bpfz.spec.engine.Invocation;
import org.bpfz.spec.engine.Services;
import org.bpfz.spec.memory.Access;
import org.bpfz.spec.memory.Layout;
import org.jspecify.annotations.Nullable;

/**
 * One run: the loop that reads a word of code and does what it says.
 *
 * <p>The loop runs in slices of some thousand instructions, each a call of its own, so that HotSpot replaces it by compiled code at the next
 * slice, with the length of the register array known. Instructions are not counted one by one: every jump that is taken, every call and every
 * exit knows how far it leads back or ahead, and settles that with the fuel; where the fuel runs out, the slice ends.
 */
final class Interpretation implements Run, FlatProgram.FlatRun {
    private static final long LOW = 0xffff_ffffL;
    private static final int REGISTERS = 16;
    private static final int SLICE = 1 << 13;

    private final FlatEnvironment environment;
    private final Invocation invocation;
    private final FlatMemory memory;
    private final Packet packet;
    private final Frames frames;
    private final List<Event> events = new ArrayList<>();
    private final long[] registers = new long[REGISTERS];
    private int start;
    private int floor = 1;
    private int tailCalls;
    private long left;
    private long result;

    Interpretation(FlatEnvironment environment, Code code, Invocation invocation) {
        this.environment = environment;
        this.invocation = invocation;
        memory = environment.memory();
        packet = new Packet(memory, invocation);
        frames = new Frames(memory, code);
        left = invocation.budget();
        enterProgram(registers);
    }

    @Override
    public long run() {
        execute();
        return result;
    }

    @Override
    public List<Event> events() {
        return events;
    }

    /** What a program begins with: R1, in a raw run R2, and R10. */
    private void enterProgram(long[] r) {
        Arrays.fill(r, 0);
        r[1] = Layout.CONTEXT;
        r[2] = invocation.isRaw() ? invocation.context().length : 0;
        r[10] = Layout.framePointer(frames.depth() - 1);
    }

    /** Runs from {@link #start} until the frame at the floor exits. */
    private void execute() {
        do {
            if (left < 0) {
                throw new FaultSignal(slot -> new Fault.OutOfBudget(slot, invocation.budget())).at(start >> 1);
            }
        } while (!slice(Arrays.copyOf(registers, REGISTERS)));
    }

    /** Interprets until the frame at the floor exits (true) or the fuel of the slice is used up (false). */
    private boolean slice(long[] r) {
        Code current = frames.code();
        long[] code = current.words();
        int pc = start;
        int granted = (int) Math.min(left, SLICE);
        long reserve = left - granted;
        int fuel = granted + current.ordinal(pc);
        try {
            for (;; pc += 2) {
                long word = code[pc];
                int dst = (int) word >>> 8 & 15;
                int src = (int) word >>> 12 & 15;
                switch ((int) word & 0xff) {
                    case Op.ADD64X -> {
                        r[dst] += r[src];
                        continue;
                    }
                    case Op.SUB64X -> {
                        r[dst] -= r[src];
                        continue;
                    }
                    case Op.MUL64X -> {
                        r[dst] *= r[src];
                        continue;
                    }
                    case Op.DIV64X -> {
                        r[dst] = Arithmetic.div(r[dst], r[src]);
                        continue;
                    }
                    case Op.SDIV64X -> {
                        r[dst] = Arithmetic.sdiv(r[dst], r[src]);
                        continue;
                    }
                    case Op.OR64X -> {
                        r[dst] |= r[src];
                        continue;
                    }
                    case Op.AND64X -> {
                        r[dst] &= r[src];
                        continue;
                    }
                    case Op.LSH64X -> {
                        r[dst] <<= r[src];
                        continue;
                    }
                    case Op.RSH64X -> {
                        r[dst] >>>= r[src];
                        continue;
                    }
                    case Op.MOD64X -> {
                        r[dst] = Arithmetic.mod(r[dst], r[src]);
                        continue;
                    }
                    case Op.SMOD64X -> {
                        r[dst] = Arithmetic.smod(r[dst], r[src]);
                        continue;
                    }
                    case Op.XOR64X -> {
                        r[dst] ^= r[src];
                        continue;
                    }
                    case Op.ARSH64X -> {
                        r[dst] >>= r[src];
                        continue;
                    }
                    case Op.ADD64K -> {
                        r[dst] += code[pc + 1];
                        continue;
                    }
                    case Op.SUB64K -> {
                        r[dst] -= code[pc + 1];
                        continue;
                    }
                    case Op.MUL64K -> {
                        r[dst] *= code[pc + 1];
                        continue;
                    }
                    case Op.DIV64K -> {
                        r[dst] = Arithmetic.div(r[dst], code[pc + 1]);
                        continue;
                    }
                    case Op.SDIV64K -> {
                        r[dst] = Arithmetic.sdiv(r[dst], code[pc + 1]);
                        continue;
                    }
                    case Op.OR64K -> {
                        r[dst] |= code[pc + 1];
                        continue;
                    }
                    case Op.AND64K -> {
                        r[dst] &= code[pc + 1];
                        continue;
                    }
                    case Op.LSH64K -> {
                        r[dst] <<= code[pc + 1];
                        continue;
                    }
                    case Op.RSH64K -> {
                        r[dst] >>>= code[pc + 1];
                        continue;
                    }
                    case Op.MOD64K -> {
                        r[dst] = Arithmetic.mod(r[dst], code[pc + 1]);
                        continue;
                    }
                    case Op.SMOD64K -> {
                        r[dst] = Arithmetic.smod(r[dst], code[pc + 1]);
                        continue;
                    }
                    case Op.XOR64K -> {
                        r[dst] ^= code[pc + 1];
                        continue;
                    }
                    case Op.ARSH64K -> {
                        r[dst] >>= code[pc + 1];
                        continue;
                    }
                    case Op.ADD32X -> {
                        r[dst] = ((int) r[dst] + (int) r[src]) & LOW;
                        continue;
                    }
                    case Op.SUB32X -> {
                        r[dst] = ((int) r[dst] - (int) r[src]) & LOW;
                        continue;
                    }
                    case Op.MUL32X -> {
                        r[dst] = (r[dst] * r[src]) & LOW;
                        continue;
                    }
                    case Op.DIV32X -> {
                        r[dst] = Arithmetic.div((int) r[dst], (int) r[src]) & LOW;
                        continue;
                    }
                    case Op.SDIV32X -> {
                        r[dst] = Arithmetic.sdiv((int) r[dst], (int) r[src]) & LOW;
                        continue;
                    }
                    case Op.OR32X -> {
                        r[dst] = ((int) r[dst] | (int) r[src]) & LOW;
                        continue;
                    }
                    case Op.AND32X -> {
                        r[dst] = ((int) r[dst] & (int) r[src]) & LOW;
                        continue;
                    }
                    case Op.LSH32X -> {
                        r[dst] = ((int) r[dst] << (int) r[src]) & LOW;
                        continue;
                    }
                    case Op.RSH32X -> {
                        r[dst] = ((int) r[dst] >>> (int) r[src]) & LOW;
                        continue;
                    }
                    case Op.MOD32X -> {
                        r[dst] = Arithmetic.mod((int) r[dst], (int) r[src]) & LOW;
                        continue;
                    }
                    case Op.SMOD32X -> {
                        r[dst] = Arithmetic.smod((int) r[dst], (int) r[src]) & LOW;
                        continue;
                    }
                    case Op.XOR32X -> {
                        r[dst] = ((int) r[dst] ^ (int) r[src]) & LOW;
                        continue;
                    }
                    case Op.ARSH32X -> {
                        r[dst] = ((int) r[dst] >> (int) r[src]) & LOW;
                        continue;
                    }
                    case Op.ADD32K -> {
                        r[dst] = ((int) r[dst] + (int) code[pc + 1]) & LOW;
                        continue;
                    }
                    case Op.SUB32K -> {
                        r[dst] = ((int) r[dst] - (int) code[pc + 1]) & LOW;
                        continue;
                    }
                    case Op.MUL32K -> {
                        r[dst] = (r[dst] * code[pc + 1]) & LOW;
                        continue;
                    }
                    case Op.DIV32K -> {
                        r[dst] = Arithmetic.div((int) r[dst], (int) code[pc + 1]) & LOW;
                        continue;
                    }
                    case Op.SDIV32K -> {
                        r[dst] = Arithmetic.sdiv((int) r[dst], (int) code[pc + 1]) & LOW;
                        continue;
                    }
                    case Op.OR32K -> {
                        r[dst] = ((int) r[dst] | (int) code[pc + 1]) & LOW;
                        continue;
                    }
                    case Op.AND32K -> {
                        r[dst] = ((int) r[dst] & (int) code[pc + 1]) & LOW;
                        continue;
                    }
                    case Op.LSH32K -> {
                        r[dst] = ((int) r[dst] << (int) code[pc + 1]) & LOW;
                        continue;
                    }
                    case Op.RSH32K -> {
                        r[dst] = ((int) r[dst] >>> (int) code[pc + 1]) & LOW;
                        continue;
                    }
                    case Op.MOD32K -> {
                        r[dst] = Arithmetic.mod((int) r[dst], (int) code[pc + 1]) & LOW;
                        continue;
                    }
                    case Op.SMOD32K -> {
                        r[dst] = Arithmetic.smod((int) r[dst], (int) code[pc + 1]) & LOW;
                        continue;
                    }
                    case Op.XOR32K -> {
                        r[dst] = ((int) r[dst] ^ (int) code[pc + 1]) & LOW;
                        continue;
                    }
                    case Op.ARSH32K -> {
                        r[dst] = ((int) r[dst] >> (int) code[pc + 1]) & LOW;
                        continue;
                    }
                    case Op.JEQ64X -> {
                        if (r[dst] != r[src]) {
                            continue;
                        }
                    }
                    case Op.JGT64X -> {
                        if (Long.compareUnsigned(r[dst], r[src]) <= 0) {
                            continue;
                        }
                    }
                    case Op.JGE64X -> {
                        if (Long.compareUnsigned(r[dst], r[src]) < 0) {
                            continue;
                        }
                    }
                    case Op.JSET64X -> {
                        if ((r[dst] & r[src]) == 0) {
                            continue;
                        }
                    }
                    case Op.JNE64X -> {
                        if (r[dst] == r[src]) {
                            continue;
                        }
                    }
                    case Op.JSGT64X -> {
                        if (r[dst] <= r[src]) {
                            continue;
                        }
                    }
                    case Op.JSGE64X -> {
                        if (r[dst] < r[src]) {
                            continue;
                        }
                    }
                    case Op.JLT64X -> {
                        if (Long.compareUnsigned(r[dst], r[src]) >= 0) {
                            continue;
                        }
                    }
                    case Op.JLE64X -> {
                        if (Long.compareUnsigned(r[dst], r[src]) > 0) {
                            continue;
                        }
                    }
                    case Op.JSLT64X -> {
                        if (r[dst] >= r[src]) {
                            continue;
                        }
                    }
                    case Op.JSLE64X -> {
                        if (r[dst] > r[src]) {
                            continue;
                        }
                    }
                    case Op.JEQ64K -> {
                        if (r[dst] != jumpConstant(code[pc + 1])) {
                            continue;
                        }
                    }
                    case Op.JGT64K -> {
                        if (Long.compareUnsigned(r[dst], jumpConstant(code[pc + 1])) <= 0) {
                            continue;
                        }
                    }
                    case Op.JGE64K -> {
                        if (Long.compareUnsigned(r[dst], jumpConstant(code[pc + 1])) < 0) {
                            continue;
                        }
                    }
                    case Op.JSET64K -> {
                        if ((r[dst] & jumpConstant(code[pc + 1])) == 0) {
                            continue;
                        }
                    }
                    case Op.JNE64K -> {
                        if (r[dst] == jumpConstant(code[pc + 1])) {
                            continue;
                        }
                    }
                    case Op.JSGT64K -> {
                        if (r[dst] <= jumpConstant(code[pc + 1])) {
                            continue;
                        }
                    }
                    case Op.JSGE64K -> {
                        if (r[dst] < jumpConstant(code[pc + 1])) {
                            continue;
                        }
                    }
                    case Op.JLT64K -> {
                        if (Long.compareUnsigned(r[dst], jumpConstant(code[pc + 1])) >= 0) {
                            continue;
                        }
                    }
                    case Op.JLE64K -> {
                        if (Long.compareUnsigned(r[dst], jumpConstant(code[pc + 1])) > 0) {
                            continue;
                        }
                    }
                    case Op.JSLT64K -> {
                        if (r[dst] >= jumpConstant(code[pc + 1])) {
                            continue;
                        }
                    }
                    case Op.JSLE64K -> {
                        if (r[dst] > jumpConstant(code[pc + 1])) {
                            continue;
                        }
                    }
                    case Op.JEQ32X -> {
                        if ((int) r[dst] != (int) r[src]) {
                            continue;
                        }
                    }
                    case Op.JGT32X -> {
                        if (Integer.compareUnsigned((int) r[dst], (int) r[src]) <= 0) {
                            continue;
                        }
                    }
                    case Op.JGE32X -> {
                        if (Integer.compareUnsigned((int) r[dst], (int) r[src]) < 0) {
                            continue;
                        }
                    }
                    case Op.JSET32X -> {
                        if (((int) r[dst] & (int) r[src]) == 0) {
                            continue;
                        }
                    }
                    case Op.JNE32X -> {
                        if ((int) r[dst] == (int) r[src]) {
                            continue;
                        }
                    }
                    case Op.JSGT32X -> {
                        if ((int) r[dst] <= (int) r[src]) {
                            continue;
                        }
                    }
                    case Op.JSGE32X -> {
                        if ((int) r[dst] < (int) r[src]) {
                            continue;
                        }
                    }
                    case Op.JLT32X -> {
                        if (Integer.compareUnsigned((int) r[dst], (int) r[src]) >= 0) {
                            continue;
                        }
                    }
                    case Op.JLE32X -> {
                        if (Integer.compareUnsigned((int) r[dst], (int) r[src]) > 0) {
                            continue;
                        }
                    }
                    case Op.JSLT32X -> {
                        if ((int) r[dst] >= (int) r[src]) {
                            continue;
                        }
                    }
                    case Op.JSLE32X -> {
                        if ((int) r[dst] > (int) r[src]) {
                            continue;
                        }
                    }
                    case Op.JEQ32K -> {
                        if ((int) r[dst] != (int) code[pc + 1]) {
                            continue;
                        }
                    }
                    case Op.JGT32K -> {
                        if (Integer.compareUnsigned((int) r[dst], (int) code[pc + 1]) <= 0) {
                            continue;
                        }
                    }
                    case Op.JGE32K -> {
                        if (Integer.compareUnsigned((int) r[dst], (int) code[pc + 1]) < 0) {
                            continue;
                        }
                    }
                    case Op.JSET32K -> {
                        if (((int) r[dst] & (int) code[pc + 1]) == 0) {
                            continue;
                        }
                    }
                    case Op.JNE32K -> {
                        if ((int) r[dst] == (int) code[pc + 1]) {
                            continue;
                        }
                    }
                    case Op.JSGT32K -> {
                        if ((int) r[dst] <= (int) code[pc + 1]) {
                            continue;
                        }
                    }
                    case Op.JSGE32K -> {
                        if ((int) r[dst] < (int) code[pc + 1]) {
                            continue;
                        }
                    }
                    case Op.JLT32K -> {
                        if (Integer.compareUnsigned((int) r[dst], (int) code[pc + 1]) >= 0) {
                            continue;
                        }
                    }
                    case Op.JLE32K -> {
                        if (Integer.compareUnsigned((int) r[dst], (int) code[pc + 1]) > 0) {
                            continue;
                        }
                    }
                    case Op.JSLT32K -> {
                        if ((int) r[dst] >= (int) code[pc + 1]) {
                            continue;
                        }
                    }
                    case Op.JSLE32K -> {
                        if ((int) r[dst] > (int) code[pc + 1]) {
                            continue;
                        }
                    }
                    case Op.MOV64X -> {
                        r[dst] = r[src];
                        continue;
                    }
                    case Op.MOV64K -> {
                        r[dst] = code[pc + 1];
                        continue;
                    }
                    case Op.MOV32X -> {
                        r[dst] = r[src] & LOW;
                        continue;
                    }
                    case Op.MOVSX8_64 -> {
                        r[dst] = (byte) r[src];
                        continue;
                    }
                    case Op.MOVSX16_64 -> {
                        r[dst] = (short) r[src];
                        continue;
                    }
                    case Op.MOVSX32_64 -> {
                        r[dst] = (int) r[src];
                        continue;
                    }
                    case Op.MOVSX8_32 -> {
                        r[dst] = (byte) r[src] & LOW;
                        continue;
                    }
                    case Op.MOVSX16_32 -> {
                        r[dst] = (short) r[src] & LOW;
                        continue;
                    }
                    case Op.NEG64 -> {
                        r[dst] = -r[dst];
                        continue;
                    }
                    case Op.NEG32 -> {
                        r[dst] = -r[dst] & LOW;
                        continue;
                    }
                    case Op.ZEXT16 -> {
                        r[dst] &= 0xffff;
                        continue;
                    }
                    case Op.SWAP16 -> {
                        r[dst] = Short.reverseBytes((short) r[dst]) & 0xffffL;
                        continue;
                    }
                    case Op.SWAP32 -> {
                        r[dst] = Integer.reverseBytes((int) r[dst]) & LOW;
                        continue;
                    }
                    case Op.SWAP64 -> {
                        r[dst] = Long.reverseBytes(r[dst]);
                        continue;
                    }
                    case Op.LDDW -> {
                        r[dst] = code[pc + 1];
                        pc += 2;
                        continue;
                    }
                    case Op.LDX8 -> {
                        r[dst] = memory.load8(r[src] + (word >> 32));
                        continue;
                    }
                    case Op.LDX16 -> {
                        r[dst] = memory.load16(r[src] + (word >> 32));
                        continue;
                    }
                    case Op.LDX32 -> {
                        r[dst] = memory.load32(r[src] + (word >> 32));
                        continue;
                    }
                    case Op.LDX64 -> {
                        r[dst] = memory.load64(r[src] + (word >> 32));
                        continue;
                    }
                    case Op.LDSX8 -> {
                        r[dst] = memory.loadSigned(r[src] + (word >> 32), 1);
                        continue;
                    }
                    case Op.LDSX16 -> {
                        r[dst] = memory.loadSigned(r[src] + (word >> 32), 2);
                        continue;
                    }
                    case Op.LDSX32 -> {
                        r[dst] = memory.loadSigned(r[src] + (word >> 32), 4);
                        continue;
                    }
                    case Op.STX8 -> {
                        memory.store8(r[dst] + (word >> 32), r[src]);
                        continue;
                    }
                    case Op.STX16 -> {
                        memory.store16(r[dst] + (word >> 32), r[src]);
                        continue;
                    }
                    case Op.STX32 -> {
                        memory.store32(r[dst] + (word >> 32), r[src]);
                        continue;
                    }
                    case Op.STX64 -> {
                        memory.store64(r[dst] + (word >> 32), r[src]);
                        continue;
                    }
                    case Op.ST8 -> {
                        memory.store8(r[dst] + (word >> 32), code[pc + 1]);
                        continue;
                    }
                    case Op.ST16 -> {
                        memory.store16(r[dst] + (word >> 32), code[pc + 1]);
                        continue;
                    }
                    case Op.ST32 -> {
                        memory.store32(r[dst] + (word >> 32), code[pc + 1]);
                        continue;
                    }
                    case Op.ST64 -> {
                        memory.store64(r[dst] + (word >> 32), code[pc + 1]);
                        continue;
                    }
                    case Op.ATOMIC -> {
                        Atomics.execute(memory, r, r[dst] + (word >> 32), src, (int) code[pc + 1]);
                        continue;
                    }
                    case Op.GOTO -> {
                        // Always jumps.
                    }
                    case Op.MAY_GOTO -> {
                        if (frames.loops()) {
                            continue;
                        }
                    }
                    case Op.CALL -> {
                        frames.push(pc, r);
                    }
                    case Op.HELPER -> {
                        left = reserve + fuel - current.ordinal(pc) - 1;
                        call((int) code[pc + 1], r, pc);
                        reserve = left - fuel + current.ordinal(pc) + 1;
                        continue;
                    }
                    case Op.TAIL_CALL -> {
                        if (!tailCall(r, pc)) {
                            continue;
                        }
                        fuel -= current.ordinal(pc) + 1;
                        current = frames.code();
                        code = current.words();
                        pc = -2;
                        continue;
                    }
                    case Op.PACKET -> {
                        if (!packet.load(r, dst, (int) r[src] + (int) code[pc + 1])) {
                            // The exit that stands for it is behind the program.
                            pc = (int) (word >> 32) - 2;
                        }
                        continue;
                    }
                    case Op.EXIT -> {
                        if (frames.depth() == floor) {
                            left = reserve + fuel - current.ordinal(pc) - 1;
                            result = r[0];
                            return true;
                        }
                        fuel -= (int) (word >> 32);
                        pc = frames.pop(r);
                        current = frames.code();
                        code = current.words();
                        fuel += (int) code[pc + 1];
                        continue;
                    }
                    case Op.TRAP -> throw current.trap((int) code[pc + 1]);
                    default -> throw new IllegalStateException("operation " + (word & 0xff));
                }
                // Here is only who jumps.
                fuel -= (int) (code[pc + 1] >> 32);
                pc = (int) (word >> 32);
                if (fuel < 0) {
                    left = reserve + fuel - current.ordinal(pc);
                    start = pc;
                    System.arraycopy(r, 0, registers, 0, REGISTERS);
                    return false;
                }
                pc -= 2;
            }
        } catch (FaultSignal signal) {
            throw signal.at(pc >> 1);
        } catch (IndexOutOfBoundsException e) {
            // Unguarded code: the array itself refuses what is outside of it.
            long word = code[pc];
            int base = (int) word >>> (current.isStore(pc) ? 8 : 12) & 15;
            Access access = current.isStore(pc) ? Access.WRITE : Access.READ;
            throw FlatMemory.outside(access, r[base] + (word >> 32), 1).at(pc >> 1);
        }
    }

    /** A jump's constant, sign-extended. */
    private static long jumpConstant(long word) {
        return (int) word;
    }

    private void call(int number, long[] r, int pc) {
        Code.HelperCall call = frames.code().call(number);
        long r1 = r[1];
        long r2 = r[2];
        long r3 = r[3];
        long r4 = r[4];
        long r5 = r[5];
        r[0] = call.helper().call(this, r1, r2, r3, r4, r5);
        if (invocation.recordsEvents()) {
            List<Long> arguments = List.of(r1, r2, r3, r4, r5).subList(0, call.prototype().arguments().size());
            events.add(new Event.HelperCall(pc >> 1, call.prototype().name(), arguments, r[0]));
        }
    }

    /** Whether another program now runs in place of the current one. */
    private boolean tailCall(long[] r, int pc) {
        int target = ControlBindings.tailCallTarget(this, r[1], r[2], r[3]);
        if (target == 0) {
            if (invocation.recordsEvents()) {
                events.add(new Event.HelperCall(pc >> 1, Bindings.TAIL_CALL, List.of(r[1], r[2], r[3]), 0));
            }
            r[0] = 0;
            return false;
        }
        tailCalls++;
        if (invocation.recordsEvents()) {
            events.add(new Event.TailCall(pc >> 1, target));
        }
        frames.replace(environment.program(target).code());
        enterProgram(r);
        return true;
    }

    @Override
    public long callBack(int slot, long r1, long r2, long r3, long r4) {
        int outerFloor = floor;
        frames.push(0, registers);
        floor = frames.depth();
        Arrays.fill(registers, 0);
        registers[1] = r1;
        registers[2] = r2;
        registers[3] = r3;
        registers[4] = r4;
        registers[10] = Layout.framePointer(floor - 1);
        start = 2 * slot;
        execute();
        floor = outerFloor;
        frames.pop(registers);
        return result;
    }

    @Override
    public FlatMemory memory() {
        return memory;
    }

    @Override
    public Services services() {
        return environment.services();
    }

    @Override
    public Invocation invocation() {
        return invocation;
    }

    @Override
    public @Nullable FlatMap map(int id) {
        return environment.map(id);
    }

    @Override
    public Iterable<FlatMap> maps() {
        return environment.flatMaps();
    }

    @Override
    public boolean isInstruction(int slot) {
        return frames.code().isInstruction(slot);
    }

    @Override
    public int tailCalls() {
        return tailCalls;
    }

    @Override
    public int depth() {
        return frames.depth();
    }
}
