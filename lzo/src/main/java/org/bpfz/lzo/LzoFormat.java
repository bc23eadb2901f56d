package org.bpfz.lzo;

/**
 * The bit stream of LZO1X and of its extension LZO-RLE, in one place: what each instruction looks like and how far it
 * reaches.
 *
 * <p>A stream is a sequence of instructions; each appends bytes to the output. {@code L} are bits of a length,
 * {@code D} of a distance back into the output, and {@code S} says how many literal bytes (0 to 3) follow the
 * instruction itself, for free:
 *
 * <pre>
 * 0000LLLL                             literals: copy 3 + L bytes from the stream; only after S = 0
 * 0000DDSS DDDDDDDD                    copy 2 bytes, distance 1 + D; only after S = 1 to 3
 * 0000DDSS DDDDDDDD                    copy 3 bytes, distance 2049 + D; only after a run of 4 or more literals
 * 0001DLLL DDDDDDSS DDDDDDDD           copy 2 + L bytes, distance 16384 + D
 * 001LLLLL DDDDDDSS DDDDDDDD           copy 2 + L bytes, distance 1 + D
 * 01LDDDSS DDDDDDDD                    copy 3 + L bytes, distance 1 + D
 * 1LLDDDSS DDDDDDDD                    copy 5 + L bytes, distance 1 + D
 * 00010001 000000SS 00000000           end of the stream
 * 00011LLL 111111SS 11111111 LLLLLLLL  LZO-RLE only: append 4 + L zeros
 * </pre>
 *
 * <p>A length field of zeros (in the first, fourth and fifth row) is continued after the first byte: the length is then
 * the largest value of the field, plus 255 for each byte 0 that follows, plus the first byte that is not 0. Bits of a
 * distance that stand in the first byte are the lowest ones in the rows of two bytes and the highest one in the row of
 * three. At its start a stream may have one byte above 17 which copies 17 less than its value in literals; an LZO-RLE
 * stream begins with the two bytes 17, 1 before that.
 *
 * <p>Source: Documentation/staging/lzo.rst of Linux 6.12.
 */
final class LzoFormat {
    static final int MARK_FAR = 0b0001_0000;
    static final int MARK_MIDDLE = 0b0010_0000;
    static final int END_OF_STREAM = MARK_FAR | 1;
    static final int ZERO_RUN = 0b0001_1000;

    /** The first byte of a stream that names its version in the next, as LZO-RLE does. */
    static final int VERSION_FOLLOWS = 17;
    static final int VERSION_RLE = 1;

    /** What the first byte of a stream adds to the number of literals that it copies. */
    static final int FIRST_LITERALS = 17;
    static final int MAX_FIRST_LITERALS = 255 - FIRST_LITERALS;

    static final int NEAR_MAX_LENGTH = 8;
    static final int NEAR_MAX_DISTANCE = 0x800;
    static final int MIDDLE_MAX_LENGTH = 33;
    static final int MIDDLE_MAX_DISTANCE = 0x4000;
    static final int FAR_MAX_LENGTH = 9;
    static final int FAR_BASE_DISTANCE = 0x4000;

    /** The largest number of literals that ride on the instruction before them. */
    static final int MAX_COUNTED_LITERALS = 3;
    /** The largest number of literals of an instruction whose length is not continued. */
    static final int MAX_SHORT_LITERALS = 18;

    static final int MIN_ZERO_RUN = 4;
    static final int MAX_ZERO_RUN = MIN_ZERO_RUN + 2047;

    private LzoFormat() {
    }
}
