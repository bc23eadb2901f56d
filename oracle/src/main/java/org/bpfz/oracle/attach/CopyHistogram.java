package org.bpfz.oracle.attach;

import org.bpfz.spec.map.BpfMap;
import org.bpfz.spec.memory.LittleEndian;

/**
 * The table of learn-bpf's memcpy_stat: how many copies there were of each size, from a hash whose keys are sizes rounded up to 64. A size's
 * first copy stores 0, so that each row is one less than it was; that is the program's doing, and is shown as it is.
 */
public final class CopyHistogram {
    private static final int STEP = 64;
    private static final int LAST = 1024;

    private CopyHistogram() {
    }

    /** The table as memcpy_stat prints it. */
    public static String print(BpfMap map) {
        StringBuilder table = new StringBuilder("\tSize\t\tCount\n");
        for (int size = 0; size <= LAST; size += STEP) {
            byte[] value = new byte[map.userValueSize()];
            long count = map.lookup(LittleEndian.bytes(size, map.spec().keySize()), value, BpfMap.ANY) == 0
                    ? LittleEndian.get(value, 0, Math.min(value.length, Integer.BYTES))
                    : 0;
            table.append(size == 0
                    ? "   0\t\t\t"
                    : String.format("%4d - %4d%s\t\t", size - STEP + 1, size, size == LAST ? "*" : "")).append(count)
                    .append('\n');
        }
        return table.append("* Size > 1024 have been counted in this interval\n").toString();
    }
}
