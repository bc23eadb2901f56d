package org.bpfz.spec.semantics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

/** What the algebra leaves undefined does not pass by silently. */
class LongBitsTest {
    private static final BitVectors<Long, Boolean> LONGS = LongBits.INSTANCE.v64();
    private static final BitVectors<Integer, Boolean> INTS = LongBits.INSTANCE.v32();

    @Test
    void divisionByZeroThrows() {
        assertThrows(ArithmeticException.class, () -> LONGS.udiv(1L, 0L));
        assertThrows(ArithmeticException.class, () -> LONGS.srem(1L, 0L));
        assertThrows(ArithmeticException.class, () -> INTS.sdiv(1, 0));
        assertThrows(ArithmeticException.class, () -> INTS.urem(1, 0));
    }

    @Test
    void aShiftByTheWidthThrows() {
        assertThrows(ArithmeticException.class, () -> LONGS.shl(1L, 64L));
        assertThrows(ArithmeticException.class, () -> LONGS.ashr(1L, -1L));
        assertThrows(ArithmeticException.class, () -> INTS.lshr(1, 32));
    }

    @Test
    void aSideThatIsNotChosenIsNotComputed() {
        assertEquals(7L, LONGS.ite(true, () -> 7L, () -> LONGS.udiv(7L, 0L)));
        assertEquals(7, INTS.ite(false, () -> INTS.udiv(7, 0), () -> 7));
    }
}
