package org.bpfz.jit;

import java.util.Objects;
import org.bpfz.interpreter.memory.FlatMemory;
import org.bpfz.spec.memory.Layout;

/**
 * Accesses of any place, as compiled code calls them: a raw run's memory comes first, with one comparison, and everything else goes through
 * {@link FlatMemory}, which knows regions and rules. Each is small enough for HotSpot to inline it.
 *
 * <p>{@code home} is {@link JitRun#home}. {@code origin} is where that memory begins, {@link Layout#CONTEXT}: a parameter, since HotSpot adds
 * constants up, and what several accesses by one register have in common would be lost.
 */
final class AnyPlace {
    private static final long LOW = 0xffff_ffffL;

    private static final int FIRST = (int) (Layout.CONTEXT - Layout.BASE);

    private AnyPlace() {
    }

    /**
     * Where an offset into a raw run's memory is in the bytes. That it is below {@code home} is known, but only so does HotSpot learn that the
     * index is one of the array, which it need not compare once more then.
     */
    private static int index(long at, long home) {
        return (int) Objects.checkIndex(at, home) + FIRST;
    }

    /** Where in the bytes a span of a raw run's memory begins; -1 where it is not wholly there. */
    static int place(long home, long origin, long address, int length) {
        long at = address - origin;
        // Home counts the places of eight bytes; where there are none, nothing is known of fewer.
        long places = home - (length - Long.BYTES);
        return home > 0 && places > 0 && Long.compareUnsigned(at, places) < 0 ? index(at, places) : -1;
    }

    static long load8(FlatMemory memory, byte[] bytes, long home, long origin, long address) {
        long at = address - origin;
        return Long.compareUnsigned(at, home) < 0 ? bytes[index(at, home)] & 0xff : memory.load8(address);
    }

    static long load16(FlatMemory memory, byte[] bytes, long home, long origin, long address) {
        long at = address - origin;
        return Long.compareUnsigned(at, home) < 0
                ? (short) Views.SHORT.get(bytes, index(at, home)) & 0xffff
                : memory.load16(address);
    }

    static long load32(FlatMemory memory, byte[] bytes, long home, long origin, long address) {
        long at = address - origin;
        return Long.compareUnsigned(at, home) < 0
                ? (int) Views.INT.get(bytes, index(at, home)) & LOW
                : memory.load32(address);
    }

    static long load64(FlatMemory memory, byte[] bytes, long home, long origin, long address) {
        long at = address - origin;
        return Long.compareUnsigned(at, home) < 0
                ? (long) Views.LONG.get(bytes, index(at, home))
                : memory.load64(address);
    }

    static long loadSigned8(FlatMemory memory, byte[] bytes, long home, long origin, long address) {
        long at = address - origin;
        return Long.compareUnsigned(at, home) < 0 ? bytes[index(at, home)] : memory.loadSigned(address, 1);
    }

    static long loadSigned16(FlatMemory memory, byte[] bytes, long home, long origin, long address) {
        long at = address - origin;
        return Long.compareUnsigned(at, home) < 0
                ? (short) Views.SHORT.get(bytes, index(at, home))
                : memory.loadSigned(address, 2);
    }

    static long loadSigned32(FlatMemory memory, byte[] bytes, long home, long origin, long address) {
        long at = address - origin;
        return Long.compareUnsigned(at, home) < 0
                ? (int) Views.INT.get(bytes, index(at, home))
                : memory.loadSigned(address, 4);
    }

    static void store8(FlatMemory memory, byte[] bytes, long home, long origin, long address,
            long value) {
        long at = address - origin;
        if (Long.compareUnsigned(at, home) < 0) {
            bytes[index(at, home)] = (byte) value;
        } else {
            memory.store8(address, value);
        }
    }

    static void store16(FlatMemory memory, byte[] bytes, long home, long origin, long address,
            long value) {
        long at = address - origin;
        if (Long.compareUnsigned(at, home) < 0) {
            Views.SHORT.set(bytes, index(at, home), (short) value);
        } else {
            memory.store16(address, value);
        }
    }

    static void store32(FlatMemory memory, byte[] bytes, long home, long origin, long address,
            long value) {
        long at = address - origin;
        if (Long.compareUnsigned(at, home) < 0) {
            Views.INT.set(bytes, index(at, home), (int) value);
        } else {
            memory.store32(address, value);
        }
    }

    static void store64(FlatMemory memory, byte[] bytes, long home, long origin, long address,
            long value) {
        long at = address - origin;
        if (Long.compareUnsigned(at, home) < 0) {
            Views.LONG.set(bytes, index(at, home), value);
        } else {
            memory.store64(address, value);
        }
    }
}
