package org.bpfz.verifier.structure;

import java.util.List;
import org.bpfz.spec.isa.RawInstruction;

/** A program's encoded slots, as BPF_PROG_LOAD gets them; legal or not. */
public final class Code {
    private final RawInstruction[] slots;

    public Code(List<RawInstruction> slots) {
        this.slots = slots.toArray(RawInstruction[]::new);
    }

    public int length() {
        return slots.length;
    }

    public RawInstruction at(int slot) {
        return slots[slot];
    }

    /** How many slots the instruction takes: 2 for LDDW, else 1. */
    public int width(int slot) {
        return Opcodes.isLoadImm64(slots[slot]) ? 2 : 1;
    }

    /** The 64-bit immediate of the LDDW at a slot. */
    public long imm64(int slot) {
        long high = slot + 1 < slots.length ? slots[slot + 1].imm() : 0;
        return high << 32 | Integer.toUnsignedLong(slots[slot].imm());
    }

    /** The slot that a local call or a function's address names. */
    public int function(int slot) {
        return slot + slots[slot].imm() + 1;
    }

    /** The slot that a jump leads to. */
    public int target(int slot) {
        RawInstruction insn = slots[slot];
        return slot + (Opcodes.isWideGoto(insn) ? insn.imm() : insn.offset()) + 1;
    }
}
