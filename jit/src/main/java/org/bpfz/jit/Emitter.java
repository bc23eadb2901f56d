package org.bpfz.jit;

import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import org.bpfz.spec.isa.Reg;
import org.bpfz.spec.isa.Source;

/** Where templates write to: a method's code, with words for registers and constants. */
final class Emitter {
    private static final long LOW = 0xffff_ffffL;

    private final CodeBuilder code;

    Emitter(CodeBuilder code) {
        this.code = code;
    }

    /** The code itself. */
    CodeBuilder code() {
        return code;
    }

    /** Pushes a register. */
    void load(Reg reg) {
        code.lload(Locals.of(reg));
    }

    /** Pushes the low half of a register, an int. */
    void loadLow(Reg reg) {
        code.lload(Locals.of(reg)).l2i();
    }

    /** Pops a long into a register. */
    void store(Reg reg) {
        code.lstore(Locals.of(reg));
    }

    /** Pops an int into a register, whose upper half becomes zero. */
    void storeLow(Reg reg) {
        zeroExtend();
        store(reg);
    }

    /** Makes an unsigned int a long. */
    void zeroExtend() {
        code.i2l().loadConstant(LOW).land();
    }

    /** Pushes a second operand. */
    void load(Source source) {
        switch (source) {
            case Source.Imm(int value) -> code.loadConstant((long) value);
            case Source.Register(Reg reg) -> load(reg);
        }
    }

    /** Pushes the low half of a second operand, an int. */
    void loadLow(Source source) {
        switch (source) {
            case Source.Imm(int value) -> code.loadConstant(value);
            case Source.Register(Reg reg) -> loadLow(reg);
        }
    }

    /** Calls a static method of the runtime. */
    void call(ClassDesc owner, String name, MethodTypeDesc type) {
        code.invokestatic(owner, name, type);
    }
}
