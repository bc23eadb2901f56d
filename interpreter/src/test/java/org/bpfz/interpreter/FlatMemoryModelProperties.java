package org.bpfz.interpreter;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.bpfz.interpreter.memory.ContextRules;
import org.bpfz.interpreter.memory.FaultSignal;
import org.bpfz.interpreter.memory.FlatMemory;
import org.bpfz.spec.engine.Fault;
import org.bpfz.spec.memory.Access;
import org.bpfz.spec.memory.Layout;
import org.bpfz.spec.memory.Region;
import org.bpfz.spec.memory.RegionKind;
import org.bpfz.spec.memory.Violation;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.function.Executable;

/** The memory of tags and one array is one of regions with rights, byte by byte: what is refused, why, and what is left behind. */
class FlatMemoryModelProperties {
    private static final int AREA = 2_048;
    private static final int ACCESSES = 60;
    private static final long END = Layout.MAPS + AREA;

    /** A region that programs may read and write, or not. */
    private record Part(long base, int size, boolean readable, boolean writable) {
        boolean has(long address) {
            return address - base >= 0 && address - base < size;
        }

        boolean has(long address, long length) {
            return has(address) && length <= size - (address - base);
        }

        boolean allows(Access access) {
            return access == Access.READ ? readable : writable;
        }
    }

    private FlatMemory memory = new FlatMemory();
    private final byte[] model = new byte[(int) (END - Layout.BASE)];
    private final List<Part> parts = new ArrayList<>();
    private int depth = 1;

    @Property(tries = 300, shrinking = ShrinkingMode.OFF)
    void refusesAndKeepsWhatRegionsWould(@ForAll long seed) {
        Random random = new Random(seed);
        // All tries are made with one object.
        memory = new FlatMemory();
        Arrays.fill(model, (byte) 0);
        parts.clear();
        begin(1 + random.nextInt(Layout.MAX_FRAMES));
        define(random);
        for (int i = 0; i < ACCESSES; i++) {
            access(random);
        }
        assertArrayEquals(model, Arrays.copyOf(memory.bytes(), model.length));
        memory.begin(ContextRules.PLAIN);
        depth = 0;
        byte[] stack = new byte[Layout.MAX_FRAMES * Layout.FRAME_SIZE];
        assertArrayEquals(stack, Arrays.copyOf(memory.bytes(), stack.length));
        for (int i = 0; i < ACCESSES; i++) {
            long address = address(random);
            int size = 1 + random.nextInt(9);
            check(Access.READ, address, size, () -> memory.requireReadable(address, size));
        }
    }

    private void begin(int frames) {
        memory.reserve(END);
        memory.begin(ContextRules.PLAIN);
        memory.setDepth(frames);
        depth = frames;
    }

    private void define(Random random) {
        for (int i = 0; i < Layout.MAX_FRAMES; i++) {
            parts.add(new Part(Layout.BASE + (long) i * Layout.FRAME_SIZE, Layout.FRAME_SIZE, true, true));
        }
        long at = Layout.MAPS;
        while (at < END - 200) {
            int size = random.nextInt(4) == 0 ? 64 + random.nextInt(130) : 1 + random.nextInt(24);
            Part part = new Part(at, size, random.nextInt(4) > 0, random.nextInt(4) > 0);
            memory.define(part.base, size, part.readable, part.writable);
            if (random.nextInt(5) == 0) {
                memory.clear(part.base, size);
            } else {
                parts.add(part);
            }
            at += ((size + 7L) & -8L) + 8L * (random.nextInt(3) / 2);
        }
    }

    private long address(Random random) {
        if (random.nextInt(20) == 0) {
            // Far off, and where only the lower half is that of an address.
            return random.nextBoolean()
                    ? random.nextLong()
                    : ((long) random.nextInt(1 << 20) << 32) | random.nextInt(AREA);
        }
        Part part = parts.get(random.nextInt(parts.size()));
        return part.base + (random.nextBoolean() ? random.nextInt(-9, 10) : part.size + random.nextInt(-9, 10));
    }

    private void access(Random random) {
        long address = address(random);
        long value = random.nextLong();
        int size = 1 << random.nextInt(4);
        switch (random.nextInt(8)) {
            case 0 -> check(Access.READ, address, size, () -> {
                long loaded = load(address, size);
                assertEquals(expected(address, size, false), loaded);
            });
            case 1 -> check(Access.READ, address, Math.min(size, 4), () -> {
                long loaded = memory.loadSigned(address, Math.min(size, 4));
                assertEquals(expected(address, Math.min(size, 4), true), loaded);
            });
            case 2, 3 -> {
                if (check(Access.WRITE, address, size, () -> store(address, size, value)) == null) {
                    for (int i = 0; i < size; i++) {
                        model[FlatMemory.offset(address) + i] = (byte) (value >> (8 * i));
                    }
                }
            }
            case 4 -> {
                int length = 1 + random.nextInt(200);
                check(Access.READ, address, length, () -> {
                    byte[] read = memory.read(address, length);
                    int at = FlatMemory.offset(address);
                    assertArrayEquals(Arrays.copyOfRange(model, at, at + length), read);
                });
            }
            case 5 -> {
                byte[] source = new byte[1 + random.nextInt(200)];
                random.nextBytes(source);
                if (check(Access.WRITE, address, source.length, () -> memory.write(address, source)) == null) {
                    System.arraycopy(source, 0, model, FlatMemory.offset(address), source.length);
                }
            }
            case 6 -> {
                Violation write = violation(Access.WRITE, address, size);
                Violation first = write == null ? violation(Access.READ, address, size) : write;
                check(first, () -> memory.requireAtomic(address, size));
            }
            default -> {
                Access access = random.nextBoolean() ? Access.READ : Access.WRITE;
                int length = random.nextInt(200);
                assertEquals(length > 0 && violation(access, address, length) == null,
                        memory.permits(access, address, length));
            }
        }
    }

    private long load(long address, int size) {
        return switch (size) {
            case 1 -> memory.load8(address);
            case 2 -> memory.load16(address);
            case 4 -> memory.load32(address);
            default -> memory.load64(address);
        };
    }

    private void store(long address, int size, long value) {
        switch (size) {
            case 1 -> memory.store8(address, value);
            case 2 -> memory.store16(address, value);
            case 4 -> memory.store32(address, value);
            default -> memory.store64(address, value);
        }
    }

    private long expected(long address, int size, boolean signed) {
        long value = 0;
        for (int i = 0; i < size; i++) {
            value |= (model[FlatMemory.offset(address) + i] & 0xffL) << (8 * i);
        }
        int unused = Long.SIZE - 8 * size;
        return signed ? (value << unused) >> unused : value;
    }

    private @Nullable Violation check(Access access, long address, int size, Executable action) {
        Violation violation = violation(access, address, size);
        check(violation, action);
        return violation;
    }

    private static void check(@Nullable Violation violation, Executable action) {
        if (violation == null) {
            assertDoesNotThrow(action);
        } else {
            FaultSignal signal = assertThrows(FaultSignal.class, action);
            assertEquals(violation, assertInstanceOf(Fault.Memory.class, signal.fault()).violation());
        }
    }

    /** What forbids it; null if nothing does. */
    private @Nullable Violation violation(Access access, long address, long size) {
        for (Part part : parts) {
            boolean active = part.base >= Layout.STACK_TOP
                    || part.base >= Layout.STACK_TOP - (long) depth * Layout.FRAME_SIZE;
            if (active && part.has(address)) {
                RegionKind kind = part.base < Layout.STACK_TOP ? RegionKind.STACK : RegionKind.MAP_VALUE;
                Region region = new Region(kind,
                        kind == RegionKind.STACK ? "stack" : "map value", part.base, part.size);
                if (!part.has(address, size)) {
                    return new Violation.OutOfBounds(access, region, address - part.base, size);
                }
                return part.allows(access) ? null : new Violation.Forbidden(access, region, address - part.base, size);
            }
        }
        return new Violation.Unmapped(access, address, size);
    }

    @Example
    void namesRegionsByTheirPlace() {
        begin(1);
        memory.define(Layout.CONTEXT, 10, true, false);
        memory.define(Layout.ITERATION_KEYS, 4, true, true);
        memory.define(Layout.PACKET, 3, true, true);
        memory.define(Layout.MAPS, 5, true, true);
        assertEquals(RegionKind.RAW_MEMORY, kindOf(Layout.CONTEXT));
        assertEquals(RegionKind.MAP_KEY, kindOf(Layout.ITERATION_KEYS));
        assertEquals(RegionKind.PACKET, kindOf(Layout.PACKET));
        assertEquals(RegionKind.MAP_VALUE, kindOf(Layout.MAPS));
        assertEquals(RegionKind.STACK, kindOf(Layout.STACK_TOP - Layout.FRAME_SIZE));
        FaultSignal signal = assertThrows(FaultSignal.class, () -> memory.store8(Layout.CONTEXT + 9, 1));
        assertInstanceOf(Violation.Forbidden.class, ((Fault.Memory) signal.fault()).violation());
        Fault outside = FlatMemory.outside(Access.READ, 7, 3).fault();
        assertEquals(new Violation.Unmapped(Access.READ, 7, 3), ((Fault.Memory) outside).violation());
    }

    private RegionKind kindOf(long base) {
        FaultSignal signal = assertThrows(FaultSignal.class, () -> memory.requireReadable(base, 1_000));
        Violation violation = ((Fault.Memory) signal.fault()).violation();
        return assertInstanceOf(Violation.OutOfBounds.class, violation).region().kind();
    }

    /** A probe reads whatever region it is of, the padding of map values too, but nothing that is nowhere. */
    @Example
    void isPeekedAtByTheByte() {
        begin(1);
        memory.define(Layout.CONTEXT, 12, false, true);
        memory.define(Layout.MAPS, 5, true, true);
        memory.define(Layout.MAPS + 8, 8, true, true);
        memory.store64(Layout.MAPS + 8, 0x1122_3344_5566_7788L);
        byte[] two = new byte[2];
        assertTrue(memory.peek(Layout.MAPS + 8, two));
        assertArrayEquals(new byte[]{(byte) 0x88, 0x77}, two);
        assertTrue(memory.peek(Layout.MAPS + 6, new byte[4]));
        assertTrue(memory.peek(Layout.CONTEXT + 10, two));
        assertFalse(memory.peek(Layout.CONTEXT + 11, two));
        assertFalse(memory.peek(Layout.MAPS + 15, two));
        assertFalse(memory.peek(Layout.BASE - 1, two));
        assertFalse(memory.peek(END - 1, two));
        assertTrue(memory.peek(Layout.BASE, two));
        memory.define(END - 8, 8, true, true);
        assertTrue(memory.peek(END - 2, two));
    }

    @Example
    void grantsNothingForNoBytes() {
        memory.reserve(END);
        memory.requireReadable(1, 0);
        memory.requireWritable(1, 0);
        assertArrayEquals(new byte[0], memory.read(1, 0));
        assertFalse(memory.permits(Access.READ, Layout.STACK_TOP - 8, 0));
    }
}
