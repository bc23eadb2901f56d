package org.bpfz.spec.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import org.junit.jupiter.api.Test;

/** A rope gives away the array that it was made of, and only where that is all of it. */
class RopeSharingTest {
    private final byte[] array = {1, 2, 3, 4};

    @Test
    void aWrappedArrayIsHandedOutAsItIs() {
        assertSame(array, Rope.wrap(array).shared());
    }

    @Test
    void aPartOfItIsCopied() {
        assertArrayEquals(new byte[]{1, 2}, Rope.wrap(array).prefix(2).shared());
        assertArrayEquals(new byte[]{3, 4}, Rope.wrap(array).slice(2, 4).shared());
    }

    @Test
    void whatIsJoinedOrMadeUpIsCopied() {
        byte[] joined = Rope.wrap(array).concat(Rope.zeros(2000)).prefix(6).shared();
        assertArrayEquals(new byte[]{1, 2, 3, 4, 0, 0}, joined);
        assertNotSame(array, Rope.of(array).shared());
        assertArrayEquals(new byte[0], Rope.empty().shared());
    }
}
