package org.bpfz.spec.helper;

import org.bpfz.spec.map.RingBuffer;
import org.bpfz.spec.memory.Region;
import org.bpfz.spec.memory.ViolationException;

/** The helpers that work on ring buffers (kernel/bpf/ringbuf.c). */
final class RingBufferHelpers {
    private RingBufferHelpers() {
    }

    /** {@code long bpf_ringbuf_output(map, const void *data, u64 size, u64 flags)}. */
    static Outcome output(HelperCall call) throws ViolationException, ArgumentException {
        RingBuffer ring = call.map(1, RingBuffer.class);
        return Outcome.of(ring.output(call.read(2, call.size(3, Long.SIZE)), call.u64(4)));
    }

    /** {@code void *bpf_ringbuf_reserve(map, u64 size, u64 flags)}: a record to fill, or NULL. */
    static Outcome reserve(HelperCall call) throws ArgumentException {
        Region record = call.map(1, RingBuffer.class).reserve(call.u64(2), call.u64(3));
        return record == null ? Outcome.of(0) : Outcome.pointer(record);
    }

    /** {@code void bpf_ringbuf_submit(void *record, u64 flags)}. */
    static Outcome submit(HelperCall call) throws ArgumentException {
        return commit(call, false);
    }

    /** {@code void bpf_ringbuf_discard(void *record, u64 flags)}. */
    static Outcome discard(HelperCall call) throws ArgumentException {
        return commit(call, true);
    }

    private static Outcome commit(HelperCall call, boolean discard) throws ArgumentException {
        long address = call.u64(1);
        for (RingBuffer ring : call.machinery().maps(RingBuffer.class)) {
            if (ring.commit(address, discard)) {
                return Outcome.of(0);
            }
        }
        throw new ArgumentException(1, "not a reserved record");
    }

    /** {@code u64 bpf_ringbuf_query(map, u64 flags)}. */
    static Outcome query(HelperCall call) throws ArgumentException {
        return Outcome.of(call.map(1, RingBuffer.class).query(call.u64(2)));
    }
}
