package org.bpfz.spec.memory;

import org.jspecify.annotations.Nullable;

/**
 * A 64-bit value that remembers which region it points into: what the specification keeps in a register and in an aligned stack slot.
 *
 * @param bits   the value, all that a program sees
 * @param origin the region whose address it was made from, or null for a number; it says nothing about whether {@code bits} is inside
 */
public record Word(long bits, @Nullable Region origin) {
    /** The number 0, also known as NULL. */
    public static final Word ZERO = new Word(0, null);

    /** A number. */
    public static Word number(long bits) {
        return new Word(bits, null);
    }

    /** The address of a region's first byte. */
    public static Word pointer(Region region) {
        return new Word(region.base(), region);
    }

    /** The word with a number added to it, which stays a pointer if it is one. */
    public Word plus(long offset) {
        return new Word(bits + offset, origin);
    }

    /** Whether it was made from an address. */
    public boolean isPointer() {
        return origin != null;
    }
}
