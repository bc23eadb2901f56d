package org.bpfz.interpreter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.bpfz.interpreter.memory.FaultSignal;
import org.bpfz.interpreter.memory.FlatMemory;
import org.bpfz.spec.engine.Fault;
import org.bpfz.spec.memory.Layout;
import org.junit.jupiter.api.Test;

/** Functions that call each other find R6 to R9 again, return to where they were called, and have a frame each. */
class FramesTest {
    private static final int LOOPS = 8 << 20;

    private final FlatMemory memory = new FlatMemory();

    @Test
    void comesBackThroughAllOfThem() {
        long[] r = Frames.begin(0, 3, memory);
        assertEquals(Layout.framePointer(0), r[10]);
        assertTrue(Frames.isLast(r));
        for (int depth = 1; depth < Layout.MAX_FRAMES; depth++) {
            for (int i = 6; i < 10; i++) {
                r[i] = 100L * depth + i;
            }
            Frames.push(r, 2 * depth, memory);
            Frames.replace(r, 3 + depth);
            assertEquals(depth, Frames.depth(r));
            assertFalse(Frames.isLast(r));
            assertEquals(Layout.framePointer(depth), r[10]);
            memory.store64(r[10] - 8, depth);
        }
        FaultSignal signal = assertThrows(FaultSignal.class, () -> Frames.push(r, 0, memory));
        assertInstanceOf(Fault.TooManyFrames.class, signal.fault());
        assertThrows(FaultSignal.class, () -> Frames.begin(Layout.MAX_FRAMES, 0, memory));
        long[] copied = Frames.copy(r);
        for (int depth = Layout.MAX_FRAMES - 1; depth > 0; depth--) {
            long below = copied[10] - 8;
            assertEquals(3 + depth, Frames.program(copied));
            assertEquals(2 * depth, Frames.pop(copied, memory));
            for (int i = 6; i < 10; i++) {
                assertEquals(100L * depth + i, copied[i]);
            }
            assertEquals(Layout.framePointer(depth - 1), copied[10]);
            assertEquals(depth - 1, Frames.depth(copied));
            assertThrows(FaultSignal.class, () -> memory.load64(below));
        }
        assertEquals(3, Frames.program(copied));
        assertTrue(Frames.isLast(copied));
    }

    @Test
    void countsTheLoopsOfEach() {
        long[] r = Frames.begin(1, 0, memory);
        assertEquals(Layout.framePointer(1), r[10]);
        use(r, 5);
        Frames.push(r, 0, memory);
        use(r, LOOPS);
        assertFalse(Frames.loops(r));
        Frames.replace(r, 1);
        use(r, LOOPS);
        assertFalse(Frames.loops(r));
        Frames.pop(r, memory);
        use(r, LOOPS - 5);
        assertFalse(Frames.loops(r));
        assertFalse(Frames.loops(r));
    }

    private static void use(long[] r, int times) {
        for (int i = 0; i < times; i++) {
            if (!Frames.loops(r)) {
                throw new AssertionError("ends after " + i);
            }
        }
    }
}
