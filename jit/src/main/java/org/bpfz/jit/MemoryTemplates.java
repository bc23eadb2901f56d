package org.bpfz.jit;

import static java.lang.constant.ConstantDescs.CD_byte;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_short;
import static java.lang.constant.ConstantDescs.CD_void;

import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import org.bpfz.interpreter.memory.FlatMemory;
import org.bpfz.spec.isa.Instruction.Load;
import org.bpfz.spec.isa.Instruction.Store;
import org.bpfz.spec.isa.MemSize;
import org.bpfz.spec.isa.Reg;
import org.bpfz.spec.memory.Layout;

/**
 * Loads and stores (RFC 9669, sections 5.1 and 5.2), each in four ways: of the own frame at a constant offset, which is always there; of a place
 * that a verifier has proved or that was checked before a loop, looked at by the array alone; and of any place ({@link AnyPlace}).
 */
final class MemoryTemplates {
    static final ClassDesc MEMORY = FlatMemory.class.describeConstable().orElseThrow();

    private static final ClassDesc VIEWS = Views.class.describeConstable().orElseThrow();
    private static final ClassDesc HANDLE = ClassDesc.of("java.lang.invoke.VarHandle");
    private static final ClassDesc BYTES = CD_byte.arrayType();
    private static final ClassDesc ANY_PLACE = AnyPlace.class.describeConstable().orElseThrow();
    private static final MethodTypeDesc LOAD = MethodTypeDesc.of(CD_long, MEMORY, BYTES, CD_long, CD_long, CD_long);
    private static final MethodTypeDesc STORE = MethodTypeDesc.of(CD_void, MEMORY, BYTES, CD_long, CD_long, CD_long,
            CD_long);

    private MemoryTemplates() {
    }

    /** How an access finds its bytes. */
    enum Way {
        FRAME, PROVED, CHECKED, ANY
    }

    /** The way of an access. */
    static Way way(Reg base, int offset, MemSize size, boolean proved) {
        if (base == Reg.R10 && offset >= -Layout.FRAME_SIZE && offset + size.bytes() <= 0) {
            return Way.FRAME;
        }
        return proved ? Way.PROVED : Way.ANY;
    }

    /** Loads; the register is the caller's affair where it is R10. */
    static void load(Load load, Way way, Emitter out) {
        CodeBuilder code = out.code();
        if (way == Way.ANY) {
            anyPlace(load.base(), load.offset(), out);
            code.invokestatic(ANY_PLACE, (load.signed() ? "loadSigned" : "load") + load.size().bits(), LOAD);
        } else {
            place(load.size(), load.base(), load.offset(), way, out);
            get(load.size(), load.signed(), code);
        }
        if (load.dst() == Reg.R10) {
            code.pop2();
        } else {
            out.store(load.dst());
        }
    }

    static void store(Store store, Way way, Emitter out) {
        CodeBuilder code = out.code();
        if (way == Way.ANY) {
            anyPlace(store.base(), store.offset(), out);
            out.load(store.src());
            code.invokestatic(ANY_PLACE, "store" + store.size().bits(), STORE);
            return;
        }
        place(store.size(), store.base(), store.offset(), way, out);
        value(store, out);
        put(store.size(), code);
    }

    private static void value(Store store, Emitter out) {
        if (store.size() == MemSize.DW) {
            out.load(store.src());
        } else {
            out.loadLow(store.src());
        }
    }

    /** Pushes what the methods of {@link AnyPlace} begin with. */
    private static void anyPlace(Reg base, int offset, Emitter out) {
        out.code().aload(Locals.MEMORY).aload(Locals.BYTES).lload(Locals.HOME).lload(Locals.ORIGIN);
        address(base, offset, out);
    }

    /** Pushes an address. */
    static void address(Reg base, int offset, Emitter out) {
        out.load(base);
        if (offset != 0) {
            out.code().loadConstant((long) offset).ladd();
        }
    }

    /** Pushes what {@link #get} and {@link #put} take: the view, the bytes and the index. */
    static void place(MemSize size, Reg base, int offset, Way way, Emitter out) {
        CodeBuilder code = out.code();
        view(size, code);
        code.aload(Locals.BYTES);
        if (way == Way.FRAME) {
            code.iload(Locals.FRAME).loadConstant(offset).iadd();
        } else if (way == Way.CHECKED) {
            out.index(base, offset);
        } else {
            address(base, offset, out);
            proved(code);
        }
    }

    /**
     * From an address that a verifier has proved to an index of the bytes, for the array to check. What does not fit an int is an
     * ArithmeticException: were the proof wrong, the access would be refused and never be one of another place.
     */
    static void proved(CodeBuilder code) {
        code.dup2().lstore(Locals.ADDRESS).loadConstant(Layout.BASE).lsub().invokestatic(LoopWriter.MATH, "toIntExact",
                MethodTypeDesc.of(CD_int, CD_long));
    }

    /** Pushes the view of the bytes as such numbers; nothing for single bytes, which the array itself has. */
    static void view(MemSize size, CodeBuilder code) {
        switch (size) {
            case B -> {
                // The array's own instructions.
            }
            case H -> code.getstatic(VIEWS, "SHORT", HANDLE);
            case W -> code.getstatic(VIEWS, "INT", HANDLE);
            case DW -> code.getstatic(VIEWS, "LONG", HANDLE);
        }
    }

    /** From view, bytes and index to a register's value. */
    static void get(MemSize size, boolean signed, CodeBuilder code) {
        switch (size) {
            case B -> {
                code.baload();
                if (!signed) {
                    code.loadConstant(0xff).iand();
                }
                code.i2l();
            }
            case H -> {
                code.invokevirtual(HANDLE, "get", MethodTypeDesc.of(CD_short, BYTES, CD_int));
                if (!signed) {
                    code.loadConstant(0xffff).iand();
                }
                code.i2l();
            }
            case W -> {
                code.invokevirtual(HANDLE, "get", MethodTypeDesc.of(CD_int, BYTES, CD_int)).i2l();
                if (!signed) {
                    code.loadConstant(0xffff_ffffL).land();
                }
            }
            case DW -> code.invokevirtual(HANDLE, "get", MethodTypeDesc.of(CD_long, BYTES, CD_int));
        }
    }

    /** From view, bytes, index and value (a long for 8 bytes, else an int) to nothing. */
    static void put(MemSize size, CodeBuilder code) {
        switch (size) {
            case B -> code.i2b().bastore();
            case H -> code.i2s().invokevirtual(HANDLE, "set", MethodTypeDesc.of(CD_void, BYTES, CD_int, CD_short));
            case W -> code.invokevirtual(HANDLE, "set", MethodTypeDesc.of(CD_void, BYTES, CD_int, CD_int));
            case DW -> code.invokevirtual(HANDLE, "set", MethodTypeDesc.of(CD_void, BYTES, CD_int, CD_long));
        }
    }
}
