package org.bpfz.interpreter.helper;

import org.bpfz.spec.engine.HelperReading;
import org.jspecify.annotations.Nullable;

/** The data of a write, as far as programs can see it. */
public final class WrittenData {
    private WrittenData() {
    }

    /**
     * What bpf_copy_from_buffer does once its context and its target are found good (clause HELP-3).
     *
     * @param reading the open choices
     * @param data    what is written; null where nothing is
     * @param offset  into it, any number
     * @param bytes   the arena's
     * @param target  where in the bytes the target begins
     * @param size    of the target, not negative
     * @return 0, or an error number with its sign
     */
    public static long copy(HelperReading reading, byte @Nullable [] data, long offset, byte[] bytes, int target,
            long size) {
        if (data == null) {
            return reading.noData().negative();
        }
        long available = offset >= 0 && offset <= data.length ? Math.min(size, data.length - offset) : 0;
        if (available < size && reading.pastEnd() == HelperReading.PastEnd.ERROR) {
            return reading.pastEndError().negative();
        }
        if (available > 0) {
            System.arraycopy(data, (int) offset, bytes, target, (int) available);
        }
        return 0;
    }
}
