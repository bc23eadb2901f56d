package org.bpfz.jit;

import org.bpfz.interpreter.memory.FlatMemory;
import org.bpfz.spec.memory.Layout;

/**
 * Accesses of any place, as compiled code calls them: a raw run's memory comes first, with one comparison, and everything else goes through
 * {@link FlatMemory}, which knows regions and rules. Each is small enough for HotSpot to inline it.
 *
 * <p>{@code home} is {@link JitRun#home}.
 */
final class AnyPlace {
    private static final long LOW = 0xffff_ffffL;

    private static final int FIRST = (int) (Layout.CONTEXT - Layout.BASE);

    private AnyPlace() {
    }

    /** Where an offset into a raw run's memory is in the bytes. */
    private static int index(long at) {
        return (int) at + FIRST;
    }

    static long load8(FlatMemory memory, byte[] bytes, long home, long address) {
        long at = address - Layout.CONTEXT;
        return Long.compareUnsigned(at, home) < 0 ? bytes[index(at)] & 0xff : memory.load8(address);
    }

    static long load16(FlatMemory memory, byte[] bytes, long home, long address) {
        long at = address - Layout.CONTEXT;
        return Long.compareUnsigned(at, home) < 0
                ? (short) Views.SHORT.get(bytes, index(at)) & 0xffff
                : memory.load16(address);
    }

    static long load32(FlatMemory memory, byte[] bytes, long home, long address) {
        long at = address - Layout.CONTEXT;
        return Long.compareUnsigned(at, home) < 0
                ? (int) Views.INT.get(bytes, index(at)) & LOW
                : memory.load32(address);
    }

    static long load64(FlatMemory memory, byte[] bytes, long home, long address) {
        long at = address - Layout.CONTEXT;
        return Long.compareUnsigned(at, home) < 0 ? (long) Views.LONG.get(bytes, index(at)) : memory.load64(address);
    }

    static long loadSigned8(FlatMemory memory, byte[] bytes, long home, long address) {
        long at = address - Layout.CONTEXT;
        return Long.compareUnsigned(at, home) < 0 ? bytes[index(at)] : memory.loadSigned(address, 1);
    }

    static long loadSigned16(FlatMemory memory, byte[] bytes, long home, long address) {
        long at = address - Layout.CONTEXT;
        return Long.compareUnsigned(at, home) < 0
                ? (short) Views.SHORT.get(bytes, index(at))
                : memory.loadSigned(address, 2);
    }

    static long loadSigned32(FlatMemory memory, byte[] bytes, long home, long address) {
        long at = address - Layout.CONTEXT;
        return Long.compareUnsigned(at, home) < 0
                ? (int) Views.INT.get(bytes, index(at))
                : memory.loadSigned(address, 4);
    }

    static void store8(FlatMemory memory, byte[] bytes, long home, long address, long value) {
        long at = address - Layout.CONTEXT;
        if (Long.compareUnsigned(at, home) < 0) {
            bytes[index(at)] = (byte) value;
        } else {
            memory.store8(address, value);
        }
    }

    static void store16(FlatMemory memory, byte[] bytes, long home, long address, long value) {
        long at = address - Layout.CONTEXT;
        if (Long.compareUnsigned(at, home) < 0) {
            Views.SHORT.set(bytes, index(at), (short) value);
        } else {
            memory.store16(address, value);
        }
    }

    static void store32(FlatMemory memory, byte[] bytes, long home, long address, long value) {
        long at = address - Layout.CONTEXT;
        if (Long.compareUnsigned(at, home) < 0) {
            Views.INT.set(bytes, index(at), (int) value);
        } else {
            memory.store32(address, value);
        }
    }

    static void store64(FlatMemory memory, byte[] bytes, long home, long address, long value) {
        long at = address - Layout.CONTEXT;
        if (Long.compareUnsigned(at, home) < 0) {
            Views.LONG.set(bytes, index(at), value);
        } else {
            memory.store64(address, value);
        }
    }
}
