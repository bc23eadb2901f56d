package org.bpfz.interpreter;

import org.bpfz.interpreter.memory.FaultSignal;
import org.bpfz.interpreter.memory.FlatMemory;
import org.bpfz.spec.engine.Fault;
import org.bpfz.spec.isa.AtomicOp;
import org.bpfz.spec.isa.MemSize;

/** The atomic operations (RFC 9669, section 5.3). An environment is for one thread, so nothing comes between load and store. */
final class Atomics {
    private static final AtomicOp[] OPS = AtomicOp.values();
    private static final int WIDE = 0x100;

    private Atomics() {
    }

    /** An operation as a constant of the code. */
    static int encode(AtomicOp op, MemSize size) {
        return op.ordinal() | (size == MemSize.DW ? WIDE : 0);
    }

    static void execute(FlatMemory memory, long[] r, long address, int src, int encoded) {
        boolean wide = (encoded & WIDE) != 0;
        AtomicOp op = OPS[encoded & 0xff];
        memory.requireAtomic(address, wide ? 8 : 4);
        long old = wide ? memory.load64(address) : memory.load32(address);
        long stored = switch (op) {
            case ADD, FETCH_ADD -> old + r[src];
            case OR, FETCH_OR -> old | r[src];
            case AND, FETCH_AND -> old & r[src];
            case XOR, FETCH_XOR -> old ^ r[src];
            case XCHG -> r[src];
            case CMPXCHG -> old == (wide ? r[0] : r[0] & 0xffff_ffffL) ? r[src] : old;
        };
        if (wide) {
            memory.store64(address, stored);
        } else {
            memory.store32(address, stored);
        }
        if (op == AtomicOp.CMPXCHG) {
            r[0] = old;
        } else if (op.fetches()) {
            if (src == 10) {
                throw new FaultSignal(Fault.FramePointerWritten::new);
            }
            r[src] = old;
        }
    }
}
