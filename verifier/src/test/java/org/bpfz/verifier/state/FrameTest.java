package org.bpfz.verifier.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Copies of a frame share what they have in common, and nobody notices. */
class FrameTest {
    private static final int R1 = 1;
    private static final int R6 = 6;

    private final Frame frame = new Frame(Frame.NO_CALLER, 0, 0);

    @Test
    void copiesChangeApart() {
        frame.growStack(16);
        frame.register(R6).set(Value.constant(1));
        frame.slot(1).setType(7, SlotType.MISC);
        Frame copy = frame.copy();
        copy.register(R6).set(Value.constant(2), true);
        copy.register(R6).markWritten();
        copy.slot(1).setType(7, SlotType.ZERO);
        frame.slot(0).spilled().set(Value.constant(3));
        frame.slot(0).spilled().setPrecise(true);

        assertEquals(Value.constant(1), frame.register(R6).value());
        assertEquals(Value.constant(2), copy.register(R6).value());
        assertFalse(frame.register(R6).isPrecise());
        assertFalse(frame.register(R6).isLive(Register.WRITTEN));
        assertTrue(copy.register(R6).isPrecise());
        assertEquals(SlotType.MISC, frame.slot(1).type(7));
        assertEquals(SlotType.ZERO, copy.slot(1).type(7));
        assertEquals(Value.NOTHING, copy.slot(0).spilled().value());
        assertFalse(copy.slot(0).spilled().isPrecise());
    }

    @Test
    void stackThatGrowsInACopyDoesNotInTheOther() {
        frame.growStack(8);
        frame.slot(0).spilled().set(Value.constant(1));
        Frame copy = frame.copy();
        copy.growStack(24);
        copy.slot(2).spilled().set(Value.constant(5));
        assertEquals(1, frame.slots());
        assertEquals(3, copy.slots());
        assertEquals(Value.constant(1), copy.slot(0).spilled().value());
        assertEquals(Value.NOTHING, copy.slot(1).spilled().value());
    }

    @Test
    void readsGoOnToTheSavedFrame() {
        frame.growStack(8);
        frame.register(R6).markWritten();
        frame.register(R6).setPrecise(true);
        assertNull(frame.register(R6).parent());
        Frame saved = frame.copy();
        frame.adopt(saved, true);
        assertEquals(saved.register(R6), frame.register(R6).parent());
        assertEquals(saved.slot(0).spilled(), frame.slot(0).spilled().parent());
        assertFalse(frame.register(R6).isLive(Register.WRITTEN));
        assertTrue(frame.register(R6).isPrecise());
        assertTrue(saved.register(R6).isLive(Register.WRITTEN));
        assertNull(frame.register(10).parent());
        frame.growStack(16);
        assertNull(frame.slot(1).spilled().parent());
    }

    /** A callback's caller comes back to the call with the scratch registers that it left it with. */
    @Test
    void scratchRegistersOfACallerKeepTheirParents() {
        Frame first = frame.copy();
        frame.adopt(first, true);
        Frame second = frame.copy();
        frame.adopt(second, false);
        assertEquals(first.register(R1), frame.register(R1).parent());
        assertEquals(second.register(R6), frame.register(R6).parent());
    }

    /** An argument is still read from where the caller's register is read from. */
    @Test
    void aCopiedRegisterBringsItsParent() {
        Frame saved = frame.copy();
        frame.adopt(saved, true);
        Frame callee = new Frame(3, 1, 1);
        callee.register(R1).copyAll(frame.register(R6));
        Frame copy = callee.copy();
        assertEquals(saved.register(R6), callee.register(R1).parent());
        callee.register(R1).copyAll(frame.register(10));
        assertNull(callee.register(R1).parent());
        assertEquals(saved.register(R6), copy.register(R1).parent());
        Frame savedCallee = callee.copy();
        callee.adopt(savedCallee, true);
        assertEquals(savedCallee.register(R1), callee.register(R1).parent());
    }
}
