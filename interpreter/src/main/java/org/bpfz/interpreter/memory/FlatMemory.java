package org.bpfz.interpreter.memory;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.Locale;
import org.bpfz.spec.engine.Fault;
import org.bpfz.spec.memory.Access;
import org.bpfz.spec.memory.Layout;
import org.bpfz.spec.memory.Region;
import org.bpfz.spec.memory.RegionKind;
import org.bpfz.spec.memory.Violation;

/**
 * The arena of one environment in one array, so that an address is checked by {@code address - BASE} alone.
 *
 * <p>Offsets stay 64 bits wide up to the check: two addresses that differ above bit 31 are never taken for one another. Each access asks the
 * tag of its granule, so that an access outside of every region, across two of them or against their protection is a fault. What needs
 * provenance does not show: a pointer that strays from one region wholly into another, and the read of a byte that nothing was written to.
 *
 * <p>An access has a short way, which is to be compiled into the code that makes it, and a long one for all that is not plain.
 */
public final class FlatMemory {
    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, LITTLE_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, LITTLE_ENDIAN);

    private static final int STACK_BYTES = Layout.MAX_FRAMES * Layout.FRAME_SIZE;

    private final Tags tags = new Tags();
    private byte[] bytes = new byte[0];
    private byte[] access = tags.access();
    private long limit;
    /** The address of the innermost frame, the lowest that is in reach. */
    private long lowest;
    /** Bytes from {@link #lowest} to the end of the arena. */
    private long span;
    private ContextRules context = ContextRules.PLAIN;

    /** A memory with a stack and nothing else. */
    public FlatMemory() {
        reserve(Layout.MAPS);
        for (int offset = 0; offset < STACK_BYTES; offset += Layout.FRAME_SIZE) {
            tags.define(offset, Layout.FRAME_SIZE, 0);
        }
    }

    /** Makes the array reach up to the address, which {@link Layout#end} has given. */
    public void reserve(long end) {
        int size = Math.toIntExact((end - Layout.BASE + 7) & -8);
        if (size > bytes.length) {
            bytes = Arrays.copyOf(bytes, size);
            tags.reserve(size);
            access = tags.access();
            limit = size;
            span = Layout.BASE + limit - lowest;
        }
    }

    /** Begins a run: no active frame, a stack of zeroes, and these rules for the context. */
    public void begin(ContextRules rules) {
        Arrays.fill(bytes, 0, STACK_BYTES, (byte) 0);
        context = rules;
        setDepth(0);
    }

    /** So many frames are active; what is below them is out of reach. */
    public void setDepth(int frames) {
        lowest = Layout.BASE + STACK_BYTES - (long) frames * Layout.FRAME_SIZE;
        span = Layout.BASE + limit - lowest;
    }

    /** Makes a region that programs may read and write unless told otherwise. */
    public void define(long address, int size, boolean readable, boolean writable) {
        tags.define(offset(address), size, (readable ? 0 : Tags.NO_READ) | (writable ? 0 : Tags.NO_WRITE));
    }

    /** Makes the region of a run's context, which helpers may write if programs may write any field of it. */
    public void defineContext(int size, ContextRules rules) {
        int fields = rules.layout() == null ? 0 : Tags.CONTEXT;
        tags.define(offset(Layout.CONTEXT), size, rules.writable() ? fields : fields | Tags.NO_WRITE);
    }

    /** Takes a region away. */
    public void clear(long address, int size) {
        tags.clear(offset(address), size);
    }

    /** The array; another one after {@link #reserve}. */
    public byte[] bytes() {
        return bytes;
    }

    /** Where the byte at an address of the arena is in {@link #bytes}. */
    public static int offset(long address) {
        return (int) (address - Layout.BASE);
    }

    /** Loads 1 byte, zero-extended. */
    public long load8(long address) {
        int at = offset(address);
        return mayLoad(address, 1) ? bytes[at] & 0xffL : loadWithRules(address, 1, false);
    }

    /** Loads 2 bytes, zero-extended. */
    public long load16(long address) {
        int at = offset(address);
        return mayLoad(address, 2) ? (short) SHORT.get(bytes, at) & 0xffffL : loadWithRules(address, 2, false);
    }

    /** Loads 4 bytes, zero-extended. */
    public long load32(long address) {
        int at = offset(address);
        return mayLoad(address, 4) ? (int) INT.get(bytes, at) & 0xffff_ffffL : loadWithRules(address, 4, false);
    }

    /** Loads 8 bytes. */
    public long load64(long address) {
        int at = offset(address);
        return mayLoad(address, 8) ? (long) LONG.get(bytes, at) : loadWithRules(address, 8, false);
    }

    /** Loads 1, 2 or 4 bytes, sign-extended. */
    public long loadSigned(long address, int size) {
        int at = offset(address);
        if (!mayLoad(address, size)) {
            return loadWithRules(address, size, true);
        }
        return switch (size) {
            case 1 -> bytes[at];
            case 2 -> (short) SHORT.get(bytes, at);
            default -> (int) INT.get(bytes, at);
        };
    }

    /** Stores 1 byte. */
    public void store8(long address, long value) {
        int at = offset(address);
        if (!mayStore(address, 1)) {
            requireStore(address, 1, false);
        }
        bytes[at] = (byte) value;
    }

    /** Stores 2 bytes. */
    public void store16(long address, long value) {
        int at = offset(address);
        if (!mayStore(address, 2)) {
            requireStore(address, 2, false);
        }
        SHORT.set(bytes, at, (short) value);
    }

    /** Stores 4 bytes. */
    public void store32(long address, long value) {
        int at = offset(address);
        if (!mayStore(address, 4)) {
            requireStore(address, 4, false);
        }
        INT.set(bytes, at, (int) value);
    }

    /** Stores 8 bytes. */
    public void store64(long address, long value) {
        int at = offset(address);
        if (!mayStore(address, 8)) {
            requireStore(address, 8, false);
        }
        LONG.set(bytes, at, value);
    }

    /** Requires that an atomic operation may happen, which reads and writes. */
    public void requireAtomic(long address, int size) {
        requireStore(address, size, true);
        require(Access.READ, address, size);
    }

    /** Requires that a helper may read so many bytes, of one region. */
    public void requireReadable(long address, int size) {
        if (size != 0) {
            require(Access.READ, address, size);
        }
    }

    /** Requires that a helper may write so many bytes, of one region. */
    public void requireWritable(long address, int size) {
        if (size != 0) {
            require(Access.WRITE, address, size);
        }
    }

    /** Whether programs may access all these bytes, which are of one region and have no rules of their own. */
    public boolean permits(Access access, long address, long size) {
        long at = address - Layout.BASE;
        int denied = access == Access.READ ? Tags.NO_READ : Tags.NO_WRITE;
        return at >= lowest - Layout.BASE && at < limit && size > 0 && size <= limit - at
                && tags.permit((int) at, (int) size, denied | Tags.CONTEXT);
    }

    /** Reads for a helper. */
    public byte[] read(long address, int size) {
        requireReadable(address, size);
        return size == 0 ? new byte[0] : Arrays.copyOfRange(bytes, offset(address), offset(address) + size);
    }

    /** Writes for a helper. */
    public void write(long address, byte[] source) {
        requireWritable(address, source.length);
        if (source.length != 0) {
            System.arraycopy(source, 0, bytes, offset(address), source.length);
        }
    }

    /** Reads what is in the arena, whatever region it is of; false where a byte of it is nowhere. */
    public boolean peek(long address, byte[] target) {
        long at = address - Layout.BASE;
        if (at < 0 || at > limit - target.length) {
            return false;
        }
        for (int i = 0; i < target.length; i++) {
            int offset = (int) at + i;
            int length = tags.at(offset) & Tags.LENGTH;
            boolean padding = length > 0 && address >= Layout.MAPS;
            if ((offset & 7) >= length && !padding) {
                return false;
            }
        }
        System.arraycopy(bytes, (int) at, target, 0, target.length);
        return true;
    }

    /** The fault of an access outside of the arena. */
    public static FaultSignal outside(Access access, long address, int size) {
        return refused(new Violation.Unmapped(access, address, size));
    }

    /** Whether the tag of the first byte's granule allows a load by itself. */
    private boolean mayLoad(long address, int size) {
        int at = offset(address);
        return Long.compareUnsigned(address - lowest, span) < 0 && (at & 7) + size <= (access[at >>> 3] & 15);
    }

    /** Whether the tag of the first byte's granule allows a store by itself. */
    private boolean mayStore(long address, int size) {
        int at = offset(address);
        return Long.compareUnsigned(address - lowest, span) < 0 && (at & 7) + size <= (access[at >>> 3] >>> 4 & 15);
    }

    private long loadWithRules(long address, int size, boolean signed) {
        require(Access.READ, address, size);
        int offset = offset(address);
        if ((tags.at(offset) & Tags.CONTEXT) != 0) {
            long pointer = context.pointer(offset(address) - offset(Layout.CONTEXT), size, signed);
            if (pointer != 0) {
                return pointer;
            }
        }
        long value = 0;
        for (int i = size - 1; i >= 0; i--) {
            value = value << 8 | (bytes[offset + i] & 0xff);
        }
        int unused = Long.SIZE - 8 * size;
        return signed ? value << unused >> unused : value;
    }

    private void requireStore(long address, int size, boolean atomic) {
        require(Access.WRITE, address, size);
        int offset = offset(address);
        if ((tags.at(offset) & Tags.CONTEXT) != 0
                && (atomic || !context.isWritable(offset - offset(Layout.CONTEXT), size))) {
            throw refused(new Violation.Forbidden(Access.WRITE, region(offset), offset - tags.begin(offset), size));
        }
    }

    private void require(Access access, long address, int size) {
        long at = address - Layout.BASE;
        boolean inside = at >= lowest - Layout.BASE && at < limit && (tags.at((int) at) & Tags.LENGTH) > ((int) at & 7);
        if (!inside) {
            throw refused(new Violation.Unmapped(access, address, size));
        }
        int offset = (int) at;
        int denied = access == Access.READ ? Tags.NO_READ : Tags.NO_WRITE;
        if (size > limit - at || !tags.permit(offset, size, denied)) {
            Region region = region(offset);
            long from = address - region.base();
            throw refused(region.contains(address, size)
                    ? new Violation.Forbidden(access, region, from, size)
                    : new Violation.OutOfBounds(access, region, from, size));
        }
    }

    private Region region(int offset) {
        int begin = tags.begin(offset);
        long base = Layout.BASE + begin;
        RegionKind kind = kind(base, tags.at(begin));
        return new Region(kind, kind.name().toLowerCase(Locale.ROOT).replace('_', ' '), base,
                tags.size(begin));
    }

    private static RegionKind kind(long base, int tag) {
        if (base < Layout.STACK_TOP) {
            return RegionKind.STACK;
        }
        if (base == Layout.CONTEXT) {
            return (tag & Tags.CONTEXT) != 0 ? RegionKind.CONTEXT : RegionKind.RAW_MEMORY;
        }
        if (base == Layout.PACKET) {
            return RegionKind.PACKET;
        }
        return base < Layout.MAPS ? RegionKind.MAP_KEY : RegionKind.MAP_VALUE;
    }

    private static FaultSignal refused(Violation violation) {
        return new FaultSignal(slot -> new Fault.Memory(slot, violation));
    }
}
