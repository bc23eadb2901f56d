package org.bpfz.interpreter.memory;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * What programs may do with each eight bytes of an arena, a byte for every granule: how many of its bytes are there, and what is denied.
 *
 * <p>All regions begin at multiples of eight (org.bpfz.spec.memory.Layout and MapArea), so a granule belongs to one region. An access within a
 * granule is decided by its tag alone; one that crosses into the next granule is inside its region if no region begins there.
 */
final class Tags {
    /** The number of bytes, from the first one on, that are there: 0 to 8. */
    static final int LENGTH = 0b0000_1111;

    /** Programs may not read. */
    static final int NO_READ = 0b0001_0000;

    /** Programs may not write. */
    static final int NO_WRITE = 0b0010_0000;

    /** A region begins here. */
    static final int BEGINS = 0b0100_0000;

    /** Part of a context whose fields have rules of their own. */
    static final int CONTEXT = 0b1000_0000;

    /** Eight tags at a time. */
    private static final VarHandle EIGHT = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    /** Times a byte: the byte in all eight places of a long. */
    private static final long SAME = 0x0101_0101_0101_0101L;

    private byte[] tags = new byte[0];
    private byte[] access = new byte[0];

    /** Makes room for an arena of so many bytes, a multiple of 8. */
    void reserve(int bytes) {
        tags = Arrays.copyOf(tags, bytes / 8);
        access = Arrays.copyOf(access, bytes / 8);
    }

    /**
     * The same in one byte for each granule, for who only wants to know whether an access may go on: bits 0-3 say how many bytes programs may
     * load, bits 4-7 how many they may store, from the first one on. Both are 0 where fields have rules of their own. Another array after
     * {@link #reserve}.
     */
    byte[] access() {
        return access;
    }

    /** The tag of the granule that the byte at the offset is in. */
    int at(int offset) {
        return tags[offset >>> 3];
    }

    /** Makes a region. */
    void define(int offset, int size, int rights) {
        if (size == 0) {
            return;
        }
        int first = offset >>> 3;
        int last = first + ((size - 1) >>> 3);
        Arrays.fill(tags, first, last, (byte) (8 | rights));
        tags[last] = (byte) (((size - 1) & 7) + 1 | rights);
        tags[first] |= BEGINS;
        for (int granule = first; granule <= last; granule++) {
            access[granule] = access(tags[granule]);
        }
    }

    private static byte access(int tag) {
        if ((tag & CONTEXT) != 0) {
            return 0;
        }
        int length = tag & LENGTH;
        return (byte) (((tag & NO_READ) == 0 ? length : 0) | ((tag & NO_WRITE) == 0 ? length << 4 : 0));
    }

    /** Takes a region away. */
    void clear(int offset, int size) {
        Arrays.fill(tags, offset >>> 3, (offset + size + 7) >>> 3, (byte) 0);
        Arrays.fill(access, offset >>> 3, (offset + size + 7) >>> 3, (byte) 0);
    }

    /** Whether all bytes are there, in one region, and nothing that {@code denied} names is denied. */
    boolean permit(int offset, int size, int denied) {
        int position = offset;
        int end = offset + size;
        // What granules inside of a region must be like, eight at a time.
        long mask = SAME * (LENGTH | BEGINS | denied);
        while (position < end) {
            if ((position & 7) == 0 && position != offset && end - position >= 64
                    && ((long) EIGHT.get(tags, position >>> 3) & mask) == SAME * 8) {
                position += 64;
                continue;
            }
            if (position >>> 3 >= tags.length) {
                return false;
            }
            int tag = at(position);
            int next = (position | 7) + 1;
            boolean other = position != offset && (tag & BEGINS) != 0;
            if (other || (tag & denied) != 0 || (tag & LENGTH) < Math.min(end, next) - (position & -8)) {
                return false;
            }
            position = next;
        }
        return true;
    }

    /** Where the region begins that the byte is in. */
    int begin(int offset) {
        int granule = offset >>> 3;
        while (granule > 0 && (tags[granule] & BEGINS) == 0) {
            granule--;
        }
        return granule << 3;
    }

    /** How many bytes the region has that begins at the offset. */
    int size(int begin) {
        int granule = begin >>> 3;
        int size = tags[granule] & LENGTH;
        while (size % 8 == 0 && ++granule < tags.length && (tags[granule] & BEGINS) == 0
                && (tags[granule] & LENGTH) != 0) {
            size += tags[granule] & LENGTH;
        }
        return size;
    }
}
