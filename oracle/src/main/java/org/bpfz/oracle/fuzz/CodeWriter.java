package org.bpfz.oracle.fuzz;

import java.util.ArrayList;
import java.util.List;
import org.bpfz.spec.isa.Encoder;
import org.bpfz.spec.isa.Instruction;
import org.bpfz.spec.isa.RawInstruction;

/** Code under construction: instructions one behind the other, and jumps whose targets are not known yet. */
final class CodeWriter {
    private final List<RawInstruction> slots = new ArrayList<>();

    /** The slot that comes next. */
    int here() {
        return slots.size();
    }

    void emit(Instruction instruction) {
        slots.addAll(Encoder.encode(instruction));
    }

    /** Emits a jump whose offset {@link #land} fills in; returns where it is. */
    int jump(Instruction instruction) {
        emit(instruction);
        return here() - 1;
    }

    /** Lets the jump, or the call of a local function, at a slot go to the slot that comes next. */
    void land(int jump) {
        aim(jump, here());
    }

    /** Lets the jump, or the call of a local function, at a slot go to another slot. */
    void aim(int jump, int target) {
        RawInstruction old = slots.get(jump);
        int distance = target - jump - 1;
        boolean byImmediate = old.opcode() == 0x85 || old.opcode() == 0x06;
        slots.set(jump,
                byImmediate
                        ? new RawInstruction(old.opcode(), old.dst(), old.src(), old.offset(), distance)
                        : new RawInstruction(old.opcode(), old.dst(), old.src(), (short) distance, old.imm()));
    }

    /** Lets the 64-bit immediate at a slot be the address of the function at another. */
    void refer(int immediate, int function) {
        RawInstruction old = slots.get(immediate);
        slots.set(immediate,
                new RawInstruction(old.opcode(), old.dst(), old.src(), old.offset(), function - immediate - 1));
    }

    List<RawInstruction> slots() {
        return List.copyOf(slots);
    }
}
