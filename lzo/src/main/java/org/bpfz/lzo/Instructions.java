package org.bpfz.lzo;

import static org.bpfz.lzo.Bytes.INT;
import static org.bpfz.lzo.Bytes.LONG;
import static org.bpfz.lzo.LzoFormat.*;

/** Writes the instructions of {@link LzoFormat}; each method returns where the next one goes. */
final class Instructions {
    private Instructions() {
    }

    /**
     * Writes literals that are followed by a match: up to 16 of them with whatever stands behind them in the input, which the match
     * overwrites.
     *
     * @param countByte where up to three of them are counted
     */
    static int literals(byte[] src, int from, int count, byte[] dst, int op, int countByte) {
        if (count <= MAX_COUNTED_LITERALS) {
            dst[countByte] |= (byte) count;
            INT.set(dst, op, (int) INT.get(src, from));
            return op + count;
        }
        if (count > 16) {
            return anyLiterals(src, from, count, dst, op, countByte);
        }
        dst[op] = (byte) (count - 3);
        LONG.set(dst, op + 1, (long) LONG.get(src, from));
        LONG.set(dst, op + 9, (long) LONG.get(src, from + 8));
        return op + 1 + count;
    }

    /** Writes any number of literals, and not a byte more. */
    static int anyLiterals(byte[] src, int from, int count, byte[] dst, int start, int countByte) {
        int op = start;
        if (count == 0) {
            return op;
        }
        if (count <= MAX_COUNTED_LITERALS) {
            dst[countByte] |= (byte) count;
        } else if (count <= MAX_SHORT_LITERALS) {
            dst[op++] = (byte) (count - 3);
        } else {
            dst[op++] = 0;
            op = continuedLength(dst, op, count - MAX_SHORT_LITERALS);
        }
        System.arraycopy(src, from, dst, op, count);
        return op + count;
    }

    private static int continuedLength(byte[] dst, int start, int length) {
        int op = start;
        int rest = length;
        while (rest > 255) {
            dst[op++] = 0;
            rest -= 255;
        }
        dst[op++] = (byte) rest;
        return op;
    }

    /**
     * Writes a match, whose last byte but one counts the literals that follow it. Near and middle ones come in an order that no processor
     * foretells: both instructions are made, and one is chosen without a branch.
     */
    static int match(byte[] dst, int op, int length, int distance) {
        if (length > MIDDLE_MAX_LENGTH || distance > MIDDLE_MAX_DISTANCE) {
            if (length > FAR_MAX_LENGTH) {
                return longer(dst, op, length, distance);
            }
            int field = distance - FAR_BASE_DISTANCE;
            INT.set(dst, op, MARK_FAR + farBit(field) + (length - 2) + (field << 10));
            return op + 3;
        }
        int field = distance - 1;
        int near = ((length - 1) << 5) + ((field << 5) & ~0xff) + ((field & 7) << 2);
        int middle = MARK_MIDDLE + (length - 2) + (field << 10);
        int notNear = ((NEAR_MAX_LENGTH - length) | (NEAR_MAX_DISTANCE - distance)) >> 31;
        INT.set(dst, op, near ^ ((near ^ middle) & notNear));
        return op + 2 - notNear;
    }

    /** A match whose length is continued. */
    private static int longer(byte[] dst, int start, int length, int distance) {
        boolean far = distance > MIDDLE_MAX_DISTANCE;
        int field = far ? distance - FAR_BASE_DISTANCE : distance - 1;
        dst[start] = (byte) (far ? MARK_FAR + farBit(field) : MARK_MIDDLE);
        int op = continuedLength(dst, start + 1, length - (far ? FAR_MAX_LENGTH : MIDDLE_MAX_LENGTH));
        dst[op] = (byte) (field << 2);
        dst[op + 1] = (byte) (field >> 6);
        return op + 2;
    }

    /** The highest bit of a far distance stands in the first byte. */
    private static int farBit(int field) {
        return (field >> 11) & 8;
    }

    /** A run of zeros, of LZO-RLE. */
    static int zeroRun(byte[] dst, int op, int run) {
        int field = run - MIN_ZERO_RUN;
        INT.set(dst, op, ZERO_RUN | (field & 7) | (0xfffc << 8) | ((field >> 3) << 24));
        return op + 4;
    }
}
