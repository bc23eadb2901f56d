package org.bpfz.spec.isa;

import org.bpfz.spec.isa.Instruction.AddrSpaceCast;
import org.bpfz.spec.isa.Instruction.Alu;
import org.bpfz.spec.isa.Instruction.Atomic;
import org.bpfz.spec.isa.Instruction.Call;
import org.bpfz.spec.isa.Instruction.CallTarget;
import org.bpfz.spec.isa.Instruction.End;
import org.bpfz.spec.isa.Instruction.Exit;
import org.bpfz.spec.isa.Instruction.Goto;
import org.bpfz.spec.isa.Instruction.Jump;
import org.bpfz.spec.isa.Instruction.LegacyPacketLoad;
import org.bpfz.spec.isa.Instruction.Load;
import org.bpfz.spec.isa.Instruction.LoadImm64;
import org.bpfz.spec.isa.Instruction.MayGoto;
import org.bpfz.spec.isa.Instruction.Mov;
import org.bpfz.spec.isa.Instruction.Neg;
import org.bpfz.spec.isa.Instruction.Store;

/**
 * Which field holds which operand: the one place that knows, read by {@link Decoder} and {@link Encoder} alike.
 *
 * <p>A field that holds no operand of the instruction is R0 or 0 here, whatever the {@link Encoding} puts into it.
 */
record Operands(Reg dst, Reg src, short offset, int imm, int nextImm) {
    /** What stands in a prototype for the operands. The offset is not 0: may_goto has none of 0. */
    static final Operands PLACEHOLDERS = new Operands(Reg.R0, Reg.R0, (short) 1, 0, 0);

    /** The operands of an instruction. */
    static Operands of(Instruction instruction) {
        return switch (instruction) {
            case Alu(Width _, AluOp _, Reg dst, Source src) -> of(dst, src, 0);
            case Mov(Width _, int _, Reg dst, Source src) -> of(dst, src, 0);
            case Neg(Width _, Reg dst) -> of(dst, Reg.R0, 0, 0);
            case End(Instruction.ByteOrder _, int _, Reg dst) -> of(dst, Reg.R0, 0, 0);
            case Load(MemSize _, boolean _, Reg dst, Reg base, short offset) -> of(dst, base, offset, 0);
            case Store(MemSize _, Reg base, short offset, Source src) -> of(base, src, offset);
            case Atomic(AtomicOp _, MemSize _, Reg base, short offset, Reg src) -> of(base, src, offset, 0);
            case Jump(Width _, Condition _, Reg left, Source right, short offset) -> of(left, right, offset);
            case Goto(boolean wide, int offset) -> wide ? ofImm(offset) : of(Reg.R0, Reg.R0, offset, 0);
            case MayGoto(short offset) -> of(Reg.R0, Reg.R0, offset, 0);
            case Call(CallTarget target) -> switch (target) {
                case CallTarget.Helper(int number) -> ofImm(number);
                case CallTarget.Local(int offset) -> ofImm(offset);
                case CallTarget.Kfunc(int btfId, short moduleIndex) -> of(Reg.R0, Reg.R0, moduleIndex, btfId);
            };
            case Exit() -> of(Reg.R0, Reg.R0, 0, 0);
            case LoadImm64(Instruction.ImmKind _, Reg dst, int imm, int nextImm) ->
                new Operands(dst, Reg.R0, (short) 0, imm, nextImm);
            case LegacyPacketLoad(Instruction.PacketMode _, MemSize _, Reg src, int imm) -> of(Reg.R0, src, 0, imm);
            case AddrSpaceCast(Reg dst, Reg src, int _, int _) -> of(dst, src, 0, 0);
        };
    }

    /** The instruction of the prototype's kind that has these operands. */
    Instruction into(Instruction prototype) {
        return switch (prototype) {
            case Alu p -> new Alu(p.width(), p.op(), dst, source(p.src()));
            case Mov p -> new Mov(p.width(), p.signExtendFrom(), dst, source(p.src()));
            case Neg p -> new Neg(p.width(), dst);
            case End p -> new End(p.order(), p.bits(), dst);
            case Load p -> new Load(p.size(), p.signed(), dst, src, offset);
            case Store p -> new Store(p.size(), dst, offset, source(p.src()));
            case Atomic p -> new Atomic(p.op(), p.size(), dst, offset, src);
            case Jump p -> new Jump(p.width(), p.condition(), dst, source(p.right()), offset);
            case Goto p -> new Goto(p.wide(), p.wide() ? imm : offset);
            case MayGoto _ -> new MayGoto(offset);
            case Call p -> new Call(switch (p.target()) {
                case CallTarget.Helper _ -> new CallTarget.Helper(imm);
                case CallTarget.Local _ -> new CallTarget.Local(imm);
                case CallTarget.Kfunc _ -> new CallTarget.Kfunc(imm, offset);
            });
            case Exit p -> p;
            case LoadImm64 p -> new LoadImm64(p.kind(), dst, imm, nextImm);
            case LegacyPacketLoad p -> new LegacyPacketLoad(p.mode(), p.size(), src, imm);
            case AddrSpaceCast p -> new AddrSpaceCast(dst, src, p.toSpace(), p.fromSpace());
        };
    }

    private Source source(Source prototype) {
        return switch (prototype) {
            case Source.Register _ -> Source.of(src);
            case Source.Imm _ -> Source.of(imm);
        };
    }

    private static Operands of(Reg dst, Source src, int offset) {
        return switch (src) {
            case Source.Register(Reg reg) -> of(dst, reg, offset, 0);
            case Source.Imm(int value) -> of(dst, Reg.R0, offset, value);
        };
    }

    private static Operands ofImm(int imm) {
        return of(Reg.R0, Reg.R0, 0, imm);
    }

    private static Operands of(Reg dst, Reg src, int offset, int imm) {
        return new Operands(dst, src, (short) offset, imm, 0);
    }
}
