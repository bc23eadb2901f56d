package org.bpfz.jit;

import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.MethodTypeDesc;
import org.bpfz.spec.isa.AtomicOp;
import org.bpfz.spec.isa.Instruction.Atomic;
import org.bpfz.spec.isa.MemSize;
import org.bpfz.spec.isa.Reg;

/** Atomic operations (RFC 9669, section 5.3). An environment is for one thread, so a load and a store do. */
final class AtomicTemplates {
    private AtomicTemplates() {
    }

    /** The old value comes to the register that fetches it; where that is R10, the fault is the caller's affair. */
    static void atomic(Atomic atomic, MemoryTemplates.Way way, Emitter out) {
        CodeBuilder code = out.code();
        boolean wide = atomic.size() == MemSize.DW;
        index(atomic, way, out);
        load(atomic.size(), out);
        code.lstore(Locals.SCRATCH);
        if (atomic.op() == AtomicOp.CMPXCHG) {
            compareAndExchange(atomic, wide, out);
        } else {
            stored(atomic, out);
            store(atomic.size(), out);
        }
        Reg fetched = atomic.op() == AtomicOp.CMPXCHG ? Reg.R0 : atomic.src();
        if (atomic.op().fetches() && fetched != Reg.R10) {
            code.lload(Locals.SCRATCH);
            out.store(fetched);
        }
    }

    /** Where in the bytes it is, in {@link Locals#INDEX}. */
    private static void index(Atomic atomic, MemoryTemplates.Way way, Emitter out) {
        CodeBuilder code = out.code();
        if (way == MemoryTemplates.Way.FRAME) {
            code.iload(Locals.FRAME).loadConstant((int) atomic.offset()).iadd();
        } else {
            if (way == MemoryTemplates.Way.ANY) {
                code.aload(Locals.MEMORY);
                MemoryTemplates.address(atomic.base(), atomic.offset(), out);
                code.loadConstant(atomic.size().bytes()).invokevirtual(MemoryTemplates.MEMORY, "requireAtomic",
                        MethodTypeDesc.of(CD_void, CD_long, CD_int));
            }
            MemoryTemplates.address(atomic.base(), atomic.offset(), out);
            MemoryTemplates.proved(code);
        }
        code.istore(Locals.INDEX);
    }

    private static void load(MemSize size, Emitter out) {
        CodeBuilder code = out.code();
        MemoryTemplates.view(size, code);
        code.aload(Locals.BYTES).iload(Locals.INDEX);
        MemoryTemplates.get(size, false, code);
    }

    /** From a long to nothing. */
    private static void store(MemSize size, Emitter out) {
        CodeBuilder code = out.code();
        // The value is on the stack already, where the view has to be below it.
        code.lstore(Locals.FREE);
        MemoryTemplates.view(size, code);
        code.aload(Locals.BYTES).iload(Locals.INDEX).lload(Locals.FREE);
        if (size != MemSize.DW) {
            code.l2i();
        }
        MemoryTemplates.put(size, code);
    }

    /** Pushes the new value. */
    private static void stored(Atomic atomic, Emitter out) {
        CodeBuilder code = out.code();
        if (atomic.op() != AtomicOp.XCHG) {
            code.lload(Locals.SCRATCH);
        }
        out.load(atomic.src());
        switch (atomic.op()) {
            case ADD, FETCH_ADD -> code.ladd();
            case OR, FETCH_OR -> code.lor();
            case AND, FETCH_AND -> code.land();
            case XOR, FETCH_XOR -> code.lxor();
            case XCHG -> {
                // The operand itself.
            }
            case CMPXCHG -> throw new IllegalArgumentException("compares");
        }
    }

    private static void compareAndExchange(Atomic atomic, boolean wide, Emitter out) {
        CodeBuilder code = out.code();
        Label different = code.newLabel();
        code.lload(Locals.SCRATCH);
        if (wide) {
            out.load(Reg.R0);
        } else {
            out.loadLow(Reg.R0);
            out.zeroExtend();
        }
        code.lcmp().ifne(different);
        out.load(atomic.src());
        store(atomic.size(), out);
        code.labelBinding(different);
    }
}
