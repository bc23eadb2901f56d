package org.bpfz.verifier.access;

/**
 * One access to memory through a register.
 *
 * @param base   the register that holds the pointer
 * @param off    what the instruction adds to it
 * @param size   how many bytes
 * @param write  whether it stores
 * @param value  the register that is loaded or stored, or {@link #NO_REGISTER}
 * @param strict whether it must be aligned whatever the program's flags say: atomic operations
 * @param signed whether the loaded value is sign-extended
 */
public record Access(int base, int off, int size, boolean write, int value, boolean strict, boolean signed) {
    /** No register is loaded or stored: an immediate, a helper's access, or one that is only checked. */
    public static final int NO_REGISTER = -1;

    /** A store of nothing in particular, as helpers do. */
    public static Access store(int base, int off, int size) {
        return new Access(base, off, size, true, NO_REGISTER, false, false);
    }

    /** Whether a register is loaded or stored. */
    public boolean hasValue() {
        return value != NO_REGISTER;
    }

    /** Whether a register is loaded. */
    public boolean loads() {
        return !write && hasValue();
    }
}
