package org.bpfz.oracle.fuzz;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.bpfz.spec.map.BpfMap;
import org.bpfz.spec.program.MapType;

/** What user space sees in a map, as text that can be compared. */
final class MapContents {
    private static final HexFormat HEX = HexFormat.of();

    private MapContents() {
    }

    /** The elements by key, or in the order in which they are taken out, which they are then; nothing of ring buffers. */
    static String of(BpfMap map) {
        MapType type = map.spec().type();
        return map.spec().name() + switch (type) {
            case QUEUE, STACK -> popped(map);
            case RINGBUF -> "";
            default -> elements(map);
        };
    }

    private static List<String> popped(BpfMap map) {
        List<String> values = new ArrayList<>();
        byte[] value = new byte[map.userValueSize()];
        while (map.lookupAndDelete(new byte[0], value, 0) == 0) {
            values.add(HEX.formatHex(value));
        }
        return values;
    }

    private static List<String> elements(BpfMap map) {
        byte[] key = null;
        byte[] next = new byte[map.spec().keySize()];
        byte[] value = new byte[map.userValueSize()];
        List<String> entries = new ArrayList<>();
        while (map.nextKey(key, next) == 0) {
            if (map.lookup(next, value, 0) == 0) {
                entries.add(HEX.formatHex(next) + "=" + value(map, value));
            }
            key = next.clone();
        }
        entries.sort(String::compareTo);
        return entries;
    }

    /** The values of all CPUs in an order of their own, since which CPU a program runs on is the kernel's choice. */
    private static String value(BpfMap map, byte[] value) {
        int size = map.spec().valueSize();
        if (value.length == size) {
            return HEX.formatHex(value);
        }
        int step = (size + Long.BYTES - 1) / Long.BYTES * Long.BYTES;
        List<String> each = new ArrayList<>();
        for (int at = 0; at < value.length; at += step) {
            each.add(HEX.formatHex(Arrays.copyOfRange(value, at, at + size)));
        }
        each.sort(String::compareTo);
        return each.toString();
    }
}
