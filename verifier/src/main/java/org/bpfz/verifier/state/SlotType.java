package org.bpfz.verifier.state;

/** What one byte of the stack holds (enum bpf_stack_slot_type), with its letter in the log; eight of them are packed in a long. */
public enum SlotType {
    /** Never written. */
    INVALID('?'),
    /** Part of a spilled register. */
    SPILL('r'),
    /** Written, with something. */
    MISC('m'),
    /** Written with 0. */
    ZERO('0'),
    /** Part of a dynptr. */
    DYNPTR('d'),
    /** Part of an iterator. */
    ITER('i');

    private static final SlotType[] ALL = values();
    private static final long EVERY_BYTE = 0x0101_0101_0101_0101L;

    private final char letter;

    SlotType(char letter) {
        this.letter = letter;
    }

    /** The letter in the log. */
    public char letter() {
        return letter;
    }

    /** The type of byte 0 to 7 in packed types. */
    public static SlotType at(long packed, int index) {
        return ALL[(int) (packed >>> (index * 8)) & 0xff];
    }

    /** Packed types with byte 0 to 7 replaced. */
    public static long with(long packed, int index, SlotType type) {
        return (packed & ~(0xffL << (index * 8))) | (long) type.ordinal() << (index * 8);
    }

    /** All eight bytes of this type. */
    public long everywhere() {
        return EVERY_BYTE * ordinal();
    }
}
