package org.bpfz.verifier.state;

import org.bpfz.spec.isa.Reg;

/**
 * Eight bytes of stack: the type of each byte and, where they are a spill, dynptr or iterator, the register (struct bpf_stack_state). An object of
 * this class is a view of them.
 */
public final class StackSlot {
    /** How many bytes a slot has. */
    public static final int BYTES = 8;

    private final Places places;
    private final int index;

    StackSlot(Places places, int index) {
        this.places = places;
        this.index = index;
    }

    /** The register; meaningful where the last byte is SPILL, DYNPTR or ITER. Its liveness is the whole slot's. */
    public Register spilled() {
        return new Register(places, Reg.COUNT + index);
    }

    /** All eight types, packed as {@link SlotType} says. */
    public long types() {
        return places.types(index);
    }

    /** Replaces all eight types. */
    public void setTypes(long newTypes) {
        places.setTypes(index, newTypes);
    }

    /** The type of one byte, counted downwards: index 0 is the one at the highest address, 7 the one at the slot's offset. */
    public SlotType type(int byteIndex) {
        return SlotType.at(types(), byteIndex);
    }

    /** Replaces the type of one byte. */
    public void setType(int byteIndex, SlotType type) {
        setTypes(SlotType.with(types(), byteIndex, type));
    }

    /** The type of the byte that decides what the slot is. */
    public SlotType kind() {
        return type(BYTES - 1);
    }

    /** Whether a register is spilled here, whole or in part (is_spilled_reg). */
    public boolean isSpill() {
        return kind() == SlotType.SPILL;
    }

    /** Whether a number is spilled here, whole or in part (is_spilled_scalar_reg). */
    public boolean isScalarSpill() {
        return isSpill() && spilled().value().isScalar();
    }

    /** Whether a number is spilled here with all 64 bits (is_spilled_scalar_reg64). */
    public boolean isWholeScalarSpill() {
        return type(0) == SlotType.SPILL && spilled().value().isScalar();
    }

    /** Bytes that were something become MISC, unwritten ones stay unwritten (scrub_spilled_slot). */
    public void scrub() {
        for (int i = 0; i < BYTES; i++) {
            if (type(i) != SlotType.INVALID) {
                setType(i, SlotType.MISC);
            }
        }
    }
}
