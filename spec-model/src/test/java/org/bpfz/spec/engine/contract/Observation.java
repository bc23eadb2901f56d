package org.bpfz.spec.engine.contract;

import java.util.ArrayList;
import java.util.List;
import org.bpfz.spec.Bytes;
import org.bpfz.spec.engine.Result;
import org.bpfz.spec.map.BpfMap;
import org.bpfz.spec.map.BpfRingBuffer;
import org.bpfz.spec.program.MapType;
import org.jspecify.annotations.Nullable;

/**
 * All that can be seen of a run: its result, every map afterwards, and what it has printed.
 *
 * @param maps  in order of creation
 * @param trace what has been printed, with task and CPU in front
 */
public record Observation(Result result, List<Contents> maps, List<String> trace) {
    public Observation {
        maps = List.copyOf(maps);
        trace = List.copyOf(trace);
    }

    /** A key and its value as user space reads it; of a queue, stack or ring buffer the key is empty. */
    public record Entry(Bytes key, Bytes value) {}

    /** What is in a map, in the map's order. */
    public record Contents(String map, List<Entry> entries) {
        public Contents {
            entries = List.copyOf(entries);
        }

        /** Reads a map out: by iteration where it has keys, otherwise by emptying it. */
        public static Contents of(BpfMap map) {
            List<Entry> entries = new ArrayList<>();
            if (map instanceof BpfRingBuffer ring) {
                ring.consume().forEach(record -> entries.add(new Entry(Bytes.of(), record)));
            } else if (map.spec().type() == MapType.QUEUE || map.spec().type() == MapType.STACK) {
                byte[] value = new byte[map.userValueSize()];
                while (map.lookupAndDelete(new byte[0], value, 0) == 0) {
                    entries.add(new Entry(Bytes.of(), Bytes.of(value)));
                }
            } else {
                readAll(map, entries);
            }
            return new Contents(map.spec().name(), entries);
        }

        private static void readAll(BpfMap map, List<Entry> entries) {
            byte[] next = new byte[map.spec().keySize()];
            byte @Nullable [] key = null;
            while (map.nextKey(key, next) == 0) {
                key = next.clone();
                byte[] value = new byte[map.userValueSize()];
                if (map.lookup(key, value, 0) == 0) {
                    entries.add(new Entry(Bytes.of(key), Bytes.of(value)));
                }
            }
        }

        /** The value of a key, or null. */
        public @Nullable Bytes get(byte... key) {
            return entries.stream().filter(entry -> entry.key.equals(Bytes.of(key))).map(Entry::value).findFirst()
                    .orElse(null);
        }
    }
}
