package org.bpfz.oracle.fuzz;

import org.bpfz.spec.isa.AluOp;
import org.bpfz.spec.isa.Instruction;
import org.bpfz.spec.isa.Instruction.Alu;
import org.bpfz.spec.isa.Instruction.Atomic;
import org.bpfz.spec.isa.Instruction.Exit;
import org.bpfz.spec.isa.Instruction.ImmKind;
import org.bpfz.spec.isa.Instruction.Load;
import org.bpfz.spec.isa.Instruction.LoadImm64;
import org.bpfz.spec.isa.Instruction.Mov;
import org.bpfz.spec.isa.Instruction.Store;
import org.bpfz.spec.isa.MemSize;
import org.bpfz.spec.isa.Reg;
import org.bpfz.spec.isa.Source;
import org.bpfz.spec.isa.Width;
import org.bpfz.spec.program.AttachType;
import org.bpfz.spec.program.ProgramImage;
import org.bpfz.spec.program.ProgramType;

/** Writes a program on bare memory about one instruction: its operands come from the memory or are any number, and all of them come out. */
final class EdgeWriter {
    private static final int MIDDLE = ProgramWriter.RAW_BYTES / 2 - 8;
    private static final int RESULT = ProgramWriter.RAW_BYTES - 8;

    private final Dice dice;
    private final CodeWriter code = new CodeWriter();

    EdgeWriter(Dice dice) {
        this.dice = dice;
    }

    ProgramImage write(Edges.Cell cell) {
        Instruction prototype = cell.row().prototype();
        code.emit(new Mov(Width.W64, 0, Reg.R6, Source.of(Reg.R1)));
        operand(Reg.R0, 16);
        operand(Reg.R3, 0);
        operand(Reg.R4, 8);
        operand(Reg.R5, 24);
        Reg dst = Reg.R3;
        Reg src = Reg.R4;
        switch (prototype) {
            case Load _ -> src = address(cell.offset());
            case Store _,Atomic _ -> dst = address(cell.offset());
            default -> {
                // All operands are numbers.
            }
        }
        if (cell.aliased()) {
            dst = prototype instanceof Load ? src : dst;
            src = dst;
        }
        code.emit(cell.row().instruction(dst, src, cell.offset(), cell.imm(), dice.immediate()));
        // What a jump over one slot leaves out.
        code.emit(new Alu(Width.W64, AluOp.XOR, Reg.R5, Source.of(1)));
        code.emit(new Alu(Width.W64, AluOp.ADD, Reg.R0, Source.of(Reg.R3)));
        code.emit(new Alu(Width.W64, AluOp.XOR, Reg.R0, Source.of(Reg.R4)));
        code.emit(new Alu(Width.W64, AluOp.ADD, Reg.R0, Source.of(Reg.R5)));
        code.emit(new Store(MemSize.DW, Reg.R6, (short) RESULT, Source.of(dst)));
        code.emit(new Exit());
        return ProgramImage.builder("generated", ProgramType.COMPRESSOR).attachType(AttachType.COMPRESSOR)
                .code(code.slots()).maps(Surface.MAPS).build();
    }

    private void operand(Reg register, int offset) {
        if (dice.oneIn(3)) {
            long value = dice.anyLong();
            code.emit(new LoadImm64(ImmKind.VALUE, register, (int) value, (int) (value >>> 32)));
        } else {
            code.emit(new Load(MemSize.DW, false, register, Reg.R6, (short) offset));
        }
    }

    /** A register with an address; most often one that leads into the memory with the offset. */
    private Reg address(int offset) {
        code.emit(new Mov(Width.W64, 0, Reg.R7, Source.of(Reg.R6)));
        code.emit(new Alu(Width.W64, AluOp.ADD, Reg.R7, Source.of(dice.oneIn(6) ? MIDDLE : MIDDLE - offset)));
        return Reg.R7;
    }
}
