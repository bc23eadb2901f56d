package org.bpfz.spec.live;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bpfz.spec.live.LiveKernel.Descriptor;
import org.bpfz.spec.map.BpfMap;
import org.bpfz.spec.program.MapSpec;
import org.bpfz.spec.program.MapType;
import org.jspecify.annotations.Nullable;

/**
 * A map in the kernel of this machine, behind the interface that modelled maps have, so that the two can be compared.
 *
 * <p>Ids are the kernel's file descriptors here; iteration is in the kernel's own order.
 */
public final class LiveMap implements BpfMap, AutoCloseable {
    private static final int ATTR_BYTES = 152;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
    private static final Path POSSIBLE_CPUS = Path.of("/sys/devices/system/cpu/possible");

    private final MapSpec spec;
    private final Descriptor descriptor;
    private boolean frozen;

    private LiveMap(MapSpec spec, Descriptor descriptor) {
        this.spec = spec;
        this.descriptor = descriptor;
    }

    /**
     * BPF_MAP_CREATE, then the initial value and freeze that the specification of the map asks for.
     *
     * @param inner the inner map of a map of maps, else null
     * @throws IOException if the kernel refuses
     */
    public static LiveMap create(MapSpec spec, @Nullable LiveMap inner) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment attr = arena.allocate(ATTR_BYTES, Long.BYTES);
            attr.set(INT, 0, spec.type().number());
            attr.set(INT, 4, spec.keySize());
            attr.set(INT, 8, spec.valueSize());
            attr.set(INT, 12, spec.maxEntries());
            attr.set(INT, 16, spec.flags());
            attr.set(INT, 20, inner == null ? 0 : inner.id());
            attr.set(LONG, 64, spec.mapExtra());
            LiveMap map = new LiveMap(spec,
                    LiveKernel.describe("BPF_MAP_CREATE", BpfCall.bpf(BpfCall.MAP_CREATE, attr)));
            if (spec.initial() != null) {
                map.update(new byte[spec.keySize()], spec.initial().toArray(), ANY);
            }
            if (spec.frozen()) {
                map.freeze();
            }
            return map;
        }
    }

    /** How many values a per-CPU map has for each key. */
    public static int possibleCpus() {
        try {
            String last = Files.readString(POSSIBLE_CPUS).strip().replaceAll(".*[-,]", "");
            return Integer.parseInt(last) + 1;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The map's descriptor. */
    public Descriptor descriptor() {
        return descriptor;
    }

    @Override
    public int id() {
        return descriptor.fd();
    }

    @Override
    public MapSpec spec() {
        return spec;
    }

    @Override
    public int userValueSize() {
        MapType type = spec.type();
        boolean perCpu = type == MapType.PERCPU_ARRAY || type == MapType.PERCPU_HASH || type == MapType.LRU_PERCPU_HASH;
        return perCpu ? (spec.valueSize() + 7) / 8 * 8 * possibleCpus() : spec.valueSize();
    }

    @Override
    public int lookup(byte[] key, byte[] value, long flags) {
        return call(BpfCall.MAP_LOOKUP_ELEM, key, value, flags);
    }

    @Override
    public int update(byte[] key, byte[] value, long flags) {
        return call(BpfCall.MAP_UPDATE_ELEM, key, value, flags);
    }

    @Override
    public int delete(byte[] key) {
        return call(BpfCall.MAP_DELETE_ELEM, key, new byte[0], 0);
    }

    @Override
    public int lookupAndDelete(byte[] key, byte[] value, long flags) {
        return call(BpfCall.MAP_LOOKUP_AND_DELETE_ELEM, key, value, flags);
    }

    @Override
    public int nextKey(byte @Nullable [] key, byte[] next) {
        return call(BpfCall.MAP_GET_NEXT_KEY, key, next, 0);
    }

    @Override
    public int freeze() {
        int result = call(BpfCall.MAP_FREEZE, null, new byte[0], 0);
        frozen |= result == 0;
        return result;
    }

    @Override
    public boolean isFrozen() {
        return frozen;
    }

    @Override
    public void close() {
        descriptor.close();
    }

    /** One of the commands on elements; the value is copied back where the call succeeds. */
    private int call(int command, byte @Nullable [] key, byte[] value, long flags) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment attr = arena.allocate(ATTR_BYTES, Long.BYTES);
            MemorySegment there = LiveKernel.copy(arena, value);
            attr.set(INT, 0, descriptor.fd());
            attr.set(LONG, 8, key == null || key.length == 0 ? 0 : LiveKernel.copy(arena, key).address());
            attr.set(LONG, 16, value.length == 0 ? 0 : there.address());
            attr.set(LONG, 24, flags);
            int result = BpfCall.bpf(command, attr);
            if (result == 0) {
                MemorySegment.copy(there, ValueLayout.JAVA_BYTE, 0, value, 0, value.length);
            }
            return result;
        }
    }
}
