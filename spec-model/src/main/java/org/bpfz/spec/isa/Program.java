package org.bpfz.spec.isa;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A program as the kernel indexes it: by 8-byte slot, where a 64-bit immediate takes two and the second is no instruction.
 *
 * <p>Says where jumps and calls lead; whether a target exists is the verifier's question and the machine's fault.
 */
public final class Program {
    private final List<@Nullable Instruction> slots;
    private final List<Instruction> instructions;

    private Program(List<Instruction> instructions) {
        this.instructions = List.copyOf(instructions);
        slots = new ArrayList<>();
        for (Instruction instruction : instructions) {
            slots.add(instruction);
            for (int i = 1; i < instruction.slots(); i++) {
                slots.add(null);
            }
        }
    }

    /** The program with these instructions one behind the other. */
    public static Program of(List<Instruction> instructions) {
        return new Program(instructions);
    }

    /** The program with these instructions one behind the other. */
    public static Program of(Instruction... instructions) {
        return new Program(List.of(instructions));
    }

    /** The instructions in order, without the second halves. */
    public List<Instruction> instructions() {
        return instructions;
    }

    /** How many 8-byte slots the encoding has. */
    public int slotCount() {
        return slots.size();
    }

    /** Whether an instruction begins at the slot: false outside of the program and for the second half of a 64-bit immediate. */
    public boolean isInstruction(int slot) {
        return slot >= 0 && slot < slots.size() && slots.get(slot) != null;
    }

    /**
     * The instruction that begins at the slot.
     *
     * @throws IndexOutOfBoundsException where {@link #isInstruction} is false
     */
    public Instruction at(int slot) {
        Instruction instruction = slots.get(slot);
        if (instruction == null) {
            throw new IndexOutOfBoundsException("slot " + slot + " is the second half of a 64-bit immediate");
        }
        return instruction;
    }

    /** The slot that follows the instruction at the slot. */
    public int next(int slot) {
        return slot + at(slot).slots();
    }

    /**
     * The slot that an offset of the instruction at the slot leads to. Offsets count from the slot behind, also for LDDW of
     * kind FUNC, where that is the second half (verifier.c, add_subprog_and_kfunc).
     */
    public int target(int slot, int offset) {
        return slot + 1 + offset;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Program program && instructions.equals(program.instructions);
    }

    @Override
    public int hashCode() {
        return instructions.hashCode();
    }

    @Override
    public String toString() {
        return "Program" + instructions;
    }
}
