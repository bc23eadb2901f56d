package org.bpfz.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;

class ErrnoTest {
    @Test
    void isFoundByItsPositiveNumber() {
        assertEquals(Errno.EINVAL, Errno.of(22));
        assertEquals(Errno.ENOTSUPP, Errno.of(524));
        assertEquals(-22, Errno.EINVAL.negative());
        for (Errno errno : Errno.values()) {
            assertEquals(errno, Errno.of(errno.number()));
        }
    }

    @Test
    void isNullForNumbersThatNoErrorHas() {
        for (int number : new int[]{Integer.MIN_VALUE, -22, 0, 41, 58, 134, 523, 525, Integer.MAX_VALUE}) {
            assertNull(Errno.of(number), () -> "number " + number);
        }
    }
}
