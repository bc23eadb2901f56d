package org.bpfz.jit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.bpfz.spec.memory.Layout;
import org.junit.jupiter.api.Test;

/** Where compiled code finds spans of a raw run's memory. */
class AnyPlaceTest {
    private static final int LONGEST = 24;

    @Test
    void aSpanHasAPlaceOnlyWhereAllOfItIs() {
        for (int bytes = 0; bytes <= LONGEST; bytes++) {
            // What JitRun.home says; memory of fewer than eight bytes, and a run that is not raw, have none.
            long home = Math.max(0, bytes - (Long.BYTES - 1));
            for (int length = 1; length <= LONGEST; length++) {
                for (int offset = -1; offset <= LONGEST; offset++) {
                    boolean inside = home > 0 && offset >= 0 && offset + length <= bytes;
                    int place = (int) (Layout.CONTEXT - Layout.BASE) + offset;
                    assertEquals(inside ? place : -1,
                            AnyPlace.place(home, Layout.CONTEXT, Layout.CONTEXT + offset, length),
                            length + " bytes at " + offset + " of " + bytes);
                }
            }
        }
    }
}
