package org.bpfz.spec.memory;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.bpfz.spec.isa.MemSize;
import org.bpfz.spec.memory.Block.Protection;
import org.junit.jupiter.api.Test;

/** Memory holds each access to its region, and knows of each byte of stack whether it was written. */
class MemoryTest {
    private static final long HERE = Layout.CONTEXT;

    private final Memory memory = new Memory(Memory.Rules.DEFAULT);

    private Block add(long base, int size, Protection protection) {
        byte[] bytes = new byte[size];
        for (int i = 0; i < size; i++) {
            bytes[i] = (byte) (i + 1);
        }
        Block block = Block.of(new Region(RegionKind.CONTEXT, "block", base, size), protection, bytes);
        memory.add(block);
        return block;
    }

    private Violation refused(Access access, Word address, int size) {
        return assertThrows(ViolationException.class, () -> {
            if (access == Access.READ) {
                memory.read(address, size);
            } else {
                memory.write(address, new byte[size]);
            }
        }).violation();
    }

    @Property
    void loadsWhatWasStored(@ForAll MemSize size, @ForAll @IntRange(min = 0, max = 24) int offset, @ForAll long value)
            throws ViolationException {
        Memory fresh = new Memory(Memory.Rules.STRICT);
        Block block = Block.of(new Region(RegionKind.RAW_MEMORY, "m", HERE, 32), Protection.READ_WRITE, new byte[32]);
        fresh.add(block);
        Word address = Word.pointer(block.region()).plus(offset);
        fresh.store(address, size, Word.number(value));
        long mask = size == MemSize.DW ? -1 : (1L << size.bits()) - 1;
        assertEquals(value & mask, fresh.load(address, size).bits());
        assertArrayEquals(LittleEndian.bytes(value, size.bytes()), fresh.read(address, size.bytes()));
        byte[] rest = block.bytes().clone();
        Arrays.fill(rest, offset, offset + size.bytes(), (byte) 0);
        assertArrayEquals(new byte[32], rest, "no other byte has changed");
    }

    @Property
    void refusesEveryAccessThatLeavesTheRegion(@ForAll @IntRange(min = 1, max = 40) int size,
            @ForAll @IntRange(min = -20, max = 60) int offset, @ForAll @IntRange(min = 1, max = 30) int length)
            throws ViolationException {
        Memory fresh = new Memory(Memory.Rules.STRICT);
        Block block = Block.of(new Region(RegionKind.RAW_MEMORY, "m", HERE, size), Protection.READ_WRITE,
                new byte[size]);
        fresh.add(block);
        Word address = Word.pointer(block.region()).plus(offset);
        if (offset >= 0 && offset + length <= size) {
            fresh.write(address, new byte[length]);
            assertEquals(length, fresh.read(address, length).length);
        } else {
            assertEquals(new Violation.OutOfBounds(Access.WRITE, block.region(), offset, length), assertThrows(
                    ViolationException.class, () -> fresh.requireWritable(address, length)).violation());
            assertEquals(new Violation.OutOfBounds(Access.READ, block.region(), offset, length),
                    assertThrows(ViolationException.class, () -> fresh.read(address, length)).violation());
        }
    }

    @Test
    void findsTheRegionOfANumber() throws ViolationException {
        add(HERE, 8, Protection.READ_WRITE);
        assertEquals(0x0807060504030201L, memory.load(Word.number(HERE), MemSize.DW).bits());
        assertInstanceOf(Violation.OutOfBounds.class, refused(Access.READ, Word.number(HERE + 1), 8));
        assertInstanceOf(Violation.Unmapped.class, refused(Access.READ, Word.number(HERE + 8), 1));
        assertInstanceOf(Violation.Unmapped.class, refused(Access.READ, Word.number(HERE - 1), 8));
        assertInstanceOf(Violation.Unmapped.class, refused(Access.WRITE, Word.number(0), 1));
        assertInstanceOf(Violation.Unmapped.class, refused(Access.WRITE, Word.number(-1), 1));
    }

    @Test
    void refusesANumberUnderStrictRules() {
        Memory strict = new Memory(Memory.Rules.STRICT);
        strict.add(add(HERE, 8, Protection.READ_WRITE));
        assertInstanceOf(Violation.ForgedPointer.class,
                assertThrows(ViolationException.class, () -> strict.load(Word.number(HERE), MemSize.B)).violation());
    }

    @Test
    void heedsProtection() throws ViolationException {
        Block readOnly = add(HERE, 8, Protection.READ_ONLY);
        Block writeOnly = add(HERE + 64, 8, Protection.WRITE_ONLY);
        memory.read(Word.pointer(readOnly.region()), 8);
        assertEquals(new Violation.Forbidden(Access.WRITE, readOnly.region(), 2, 4),
                refused(Access.WRITE, Word.pointer(readOnly.region()).plus(2), 4));
        memory.write(Word.pointer(writeOnly.region()), new byte[8]);
        assertEquals(new Violation.Forbidden(Access.READ, writeOnly.region(), 0, 1),
                refused(Access.READ, Word.pointer(writeOnly.region()), 1));
    }

    @Test
    void lendsNothingOfAnOpaqueRegion() {
        Region handle = new Region(RegionKind.MAP_HANDLE, "map", Layout.mapHandle(1), Layout.MAP_HANDLE_STRIDE);
        Violation seen = refused(Access.READ, Word.pointer(handle).plus(4), 4);
        assertEquals(new Violation.Forbidden(Access.READ, handle, 4, 4), seen);
        assertTrue(seen.isFlat());
    }

    @Test
    void makesNoAccessOfNoBytes() throws ViolationException {
        assertEquals(0, memory.read(Word.ZERO, 0).length);
        memory.write(Word.ZERO, new byte[0]);
        memory.requireWritable(Word.ZERO, 0);
    }

    @Test
    void keepsAPointerInAnAlignedSlotOfTheStack() throws ViolationException {
        Stack stack = new Stack();
        memory.add(stack);
        Word frame = stack.push();
        Word pointer = Word.pointer(add(HERE, 8, Protection.READ_WRITE).region()).plus(3);
        memory.store(frame.plus(-8), MemSize.DW, pointer);
        assertEquals(pointer, memory.load(frame.plus(-8), MemSize.DW));
        assertNull(memory.load(frame.plus(-8), MemSize.W).origin(), "half a pointer is a number");
        memory.store(frame.plus(-12), MemSize.DW, Word.number(0));
        assertNull(memory.load(frame.plus(-8), MemSize.DW).origin(), "overwritten in part");
        memory.store(frame.plus(-20), MemSize.DW, pointer);
        assertNull(memory.load(frame.plus(-20), MemSize.DW).origin(), "not aligned");
        memory.store(frame.plus(-8), MemSize.DW, pointer);
        memory.write(frame.plus(-5), new byte[1]);
        assertNull(memory.load(frame.plus(-8), MemSize.DW).origin(), "overwritten by a helper");
    }

    @Test
    void keepsNoPointerElsewhere() throws ViolationException {
        Word pointer = Word.pointer(add(HERE, 8, Protection.READ_WRITE).region());
        memory.store(pointer, MemSize.DW, pointer);
        assertEquals(Word.number(pointer.bits()), memory.load(pointer, MemSize.DW));
    }

    @Test
    void knowsEachUnwrittenByteOfTheStack() throws ViolationException {
        Stack stack = new Stack();
        memory.add(stack);
        Word frame = stack.push();
        memory.write(frame.plus(-8), new byte[]{1, 2, 3});
        assertArrayEquals(new byte[]{1, 2, 3}, memory.read(frame.plus(-8), 3));
        Violation.Uninitialised seen = assertInstanceOf(Violation.Uninitialised.class,
                refused(Access.READ, frame.plus(-8), 4));
        assertEquals(Layout.FRAME_SIZE - 5, seen.offset());
    }

    @Test
    void hasFramesOnlyWhereTheyAreActive() throws ViolationException {
        Stack stack = new Stack();
        memory.add(stack);
        assertEquals(Layout.framePointer(0), stack.push().bits());
        Word inner = stack.push();
        assertEquals(Layout.framePointer(1), inner.bits());
        memory.write(inner.plus(-1), new byte[]{7});
        stack.pop();
        assertInstanceOf(Violation.Unmapped.class, refused(Access.READ, inner.plus(-1), 1));
        stack.push();
        assertInstanceOf(Violation.Uninitialised.class, refused(Access.READ, inner.plus(-1), 1));
        assertEquals(2, stack.depth());
    }

    @Test
    void peeksAtWhateverAnAreaHolds() {
        memory.add(new Stack());
        add(HERE, 8, Protection.WRITE_ONLY);
        byte[] target = new byte[4];
        assertEquals(4, memory.peek(HERE + 2, target));
        assertArrayEquals(new byte[]{3, 4, 5, 6}, target);
        assertEquals(2, memory.peek(HERE + 6, target), "up to the area's end");
        assertEquals(0, memory.peek(HERE + 8, target));
        assertEquals(0, memory.peek(HERE - 1, target));
        assertEquals(4, memory.peek(Layout.BASE, target), "no frame is active");
        assertEquals(1, memory.peek(Layout.STACK_TOP - 1, target));
        assertEquals(0, memory.peek(0, target));
    }

    @Test
    void takesAnAreaOutAgain() {
        add(HERE, 8, Protection.READ_WRITE);
        memory.remove(HERE);
        assertInstanceOf(Violation.Unmapped.class, refused(Access.READ, Word.number(HERE), 1));
    }
}
