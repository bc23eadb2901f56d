package org.bpfz.interpreter.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** The short form says at once what plain accesses may do: were it wrong on the safe side, the long way would be taken and no result differ. */
class TagsTest {
    private final Tags tags = new Tags();

    private static int bits(int loadable, int storable) {
        return (byte) (loadable | storable << 4);
    }

    @Test
    void saysHowManyBytesMayBeLoadedAndStored() {
        tags.reserve(128);
        assertEquals(16, tags.access().length);
        tags.define(8, 21, 0);
        tags.define(32, 3, Tags.NO_READ);
        tags.define(40, 16, Tags.NO_WRITE);
        tags.define(56, 8, Tags.NO_READ | Tags.NO_WRITE);
        tags.define(64, 8, Tags.CONTEXT);
        int[] expected = {0, bits(8, 8), bits(8, 8), bits(5, 5), bits(0, 3), bits(8, 0), bits(8, 0), 0, 0, 0};
        for (int granule = 0; granule < expected.length; granule++) {
            assertEquals(expected[granule], tags.access()[granule], "granule " + granule);
        }
        tags.clear(8, 21);
        assertEquals(0, tags.access()[3]);
        assertEquals(bits(0, 3), tags.access()[4]);
    }

    @Test
    void permitsNothingBehindTheLastGranule() {
        tags.reserve(64);
        tags.define(56, 8, 0);
        assertTrue(tags.permit(56, 8, Tags.NO_READ));
        assertFalse(tags.permit(56, 9, Tags.NO_READ));
        assertEquals(8, tags.size(56));
    }
}
