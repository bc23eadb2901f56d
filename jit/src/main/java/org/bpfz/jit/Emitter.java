package org.bpfz.jit;

import java.lang.classfile.CodeBuilder;
import org.bpfz.spec.isa.Reg;
import org.bpfz.spec.isa.Source;

/** Where templates write to: a method's code, with words for registers and constants. */
class Emitter {
    private static final long LOW = 0xffff_ffffL;

    private final CodeBuilder code;

    Emitter(CodeBuilder code) {
        this.code = code;
    }

    /** The code itself. */
    final CodeBuilder code() {
        return code;
    }

    /** Pushes a register. */
    void load(Reg reg) {
        code.lload(Locals.of(reg));
    }

    /** Pushes the low half of a register, an int. */
    final void loadLow(Reg reg) {
        load(reg);
        code.l2i();
    }

    /** Pops a long into a register. */
    final void store(Reg reg) {
        code.lstore(Locals.of(reg));
    }

    /** Pops an int into a register, whose upper half becomes zero. */
    final void storeLow(Reg reg) {
        zeroExtend();
        store(reg);
    }

    /** Makes an unsigned int a long. */
    final void zeroExtend() {
        code.i2l().loadConstant(LOW).land();
    }

    /** Pushes a second operand. */
    final void load(Source source) {
        switch (source) {
            case Source.Imm(int value) -> code.loadConstant((long) value);
            case Source.Register(Reg reg) -> load(reg);
        }
    }

    /** Pushes the low half of a second operand, an int. */
    final void loadLow(Source source) {
        switch (source) {
            case Source.Imm(int value) -> code.loadConstant(value);
            case Source.Register(Reg reg) -> loadLow(reg);
        }
    }

    /** Pushes where in the bytes an access is whose place was checked beforehand: only loops and chunks do that. */
    void index(Reg base, int offset) {
        throw new IllegalStateException("nothing was checked at " + base);
    }
}
