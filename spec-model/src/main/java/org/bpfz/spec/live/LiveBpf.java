package org.bpfz.spec.live;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.TreeMap;
import org.bpfz.spec.bpf.BpfSystemCall;
import org.bpfz.spec.bpf.UserMemory;
import org.jspecify.annotations.Nullable;

/** bpf(2) of the kernel of this machine, called with this process's memory. Buffers live until it is closed; descriptors are the caller's to close. */
public final class LiveBpf implements BpfSystemCall, AutoCloseable {
    private final Buffers memory = new Buffers();

    @Override
    public int bpf(int command, byte[] attr) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment there = arena.allocate(Math.max(attr.length, 1), Long.BYTES).asSlice(0, attr.length);
            MemorySegment.copy(attr, 0, there, ValueLayout.JAVA_BYTE, 0, attr.length);
            int result = BpfCall.bpf(command, there);
            MemorySegment.copy(there, ValueLayout.JAVA_BYTE, 0, attr, 0, attr.length);
            return result;
        }
    }

    @Override
    public UserMemory memory() {
        return memory;
    }

    @Override
    public void close(int fd) {
        BpfCall.close(fd);
    }

    @Override
    public int possibleCpus() {
        return LiveMap.possibleCpus();
    }

    @Override
    public void close() {
        memory.clear();
    }

    /** Buffers outside of the heap, by their addresses. */
    private static final class Buffers implements UserMemory {
        private final TreeMap<Long, MemorySegment> segments = new TreeMap<>();
        private Arena arena = Arena.ofConfined();

        @Override
        public long put(byte... bytes) {
            MemorySegment segment = LiveKernel.copy(arena, bytes);
            segments.put(segment.address(), segment);
            return segment.address();
        }

        private @Nullable MemorySegment at(long address, long length) {
            var entry = segments.floorEntry(address);
            boolean inside = entry != null && length <= entry.getValue().byteSize() - (address - entry.getKey());
            return inside ? entry.getValue().asSlice(address - entry.getKey(), length) : null;
        }

        @Override
        public byte @Nullable [] read(long address, long length) {
            MemorySegment segment = at(address, length);
            return segment == null ? null : segment.toArray(ValueLayout.JAVA_BYTE);
        }

        @Override
        public boolean write(long address, byte[] bytes) {
            MemorySegment segment = at(address, bytes.length);
            if (segment != null) {
                MemorySegment.copy(bytes, 0, segment, ValueLayout.JAVA_BYTE, 0, bytes.length);
            }
            return segment != null;
        }

        @Override
        public void clear() {
            segments.clear();
            arena.close();
            arena = Arena.ofConfined();
        }
    }
}
