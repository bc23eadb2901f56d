package org.bpfz.interpreter.map;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.bpfz.interpreter.memory.FlatMemory;
import org.bpfz.spec.Bytes;
import org.bpfz.spec.Errno;
import org.bpfz.spec.map.BpfRingBuffer;
import org.bpfz.spec.memory.MapArea;
import org.bpfz.spec.program.MapSpec;
import org.jspecify.annotations.Nullable;

/** BPF_MAP_TYPE_RINGBUF (kernel/bpf/ringbuf.c): records behind headers of 8 bytes; a program reaches one until it commits it. */
public final class FlatRing extends FlatMap implements BpfRingBuffer {
    /** BPF_RB_NO_WAKEUP and BPF_RB_FORCE_WAKEUP. */
    private static final long WAKEUP_FLAGS = 3;

    /** RINGBUF_MAX_RECORD_SZ. */
    private static final long MAX_RECORD = 0xffff_ffffL / 4;

    private static final int HEADER = 8;

    /** A record; its bytes are kept once it is committed. */
    private static final class Entry {
        final long address;
        final int size;
        final long end;
        boolean committed;
        @Nullable
        Bytes submitted;

        Entry(long address, int size, long end) {
            this.address = address;
            this.size = size;
            this.end = end;
        }
    }

    private final MapArea area;
    private final FlatMemory memory;
    private final long capacity;
    private final Deque<Entry> entries = new ArrayDeque<>();
    private long produced;
    private long consumed;

    /** A new, empty one. */
    public FlatRing(int id, MapSpec spec, MapArea area, FlatMemory memory) {
        super(id, spec);
        this.area = area;
        this.memory = memory;
        capacity = Integer.toUnsignedLong(spec.maxEntries());
    }

    /** The address of a new record of zeroes, or 0. */
    public long reserve(long size, long flags) {
        Entry entry = flags == 0 ? add(size) : null;
        if (entry == null) {
            return 0;
        }
        int at = FlatMemory.offset(entry.address);
        Arrays.fill(memory.bytes(), at, at + entry.size, (byte) 0);
        memory.define(entry.address, entry.size, true, true);
        return entry.address;
    }

    private @Nullable Entry add(long size) {
        if (size < 0 || size > MAX_RECORD) {
            return null;
        }
        long end = produced + (size + HEADER + 7 & -8);
        if (end - produced > capacity || end - consumed > capacity - 1) {
            return null;
        }
        Entry entry = new Entry(area.base() + produced % capacity + HEADER, (int) size, end);
        entries.addLast(entry);
        produced = end;
        return entry;
    }

    /** Submits or discards the reserved record at the address; false where there is none. */
    public boolean commit(long address, boolean discard) {
        for (Entry entry : entries) {
            if (entry.address == address && !entry.committed) {
                int at = FlatMemory.offset(address);
                entry.committed = true;
                entry.submitted = discard ? null : Bytes.of(memory.bytes(), at, at + entry.size);
                memory.clear(address, entry.size);
                return true;
            }
        }
        return false;
    }

    /** Submits a copy of the data. */
    public int output(byte[] data, long flags) {
        if ((flags & ~WAKEUP_FLAGS) != 0) {
            return Errno.EINVAL.negative();
        }
        Entry entry = add(data.length);
        if (entry == null) {
            return Errno.EAGAIN.negative();
        }
        entry.committed = true;
        entry.submitted = Bytes.of(data);
        return 0;
    }

    /** bpf_ringbuf_query. */
    public long query(long which) {
        return which == 0
                ? produced - consumed
                : which == 1 ? capacity : which == 2 ? consumed : which == 3 ? produced : 0;
    }

    @Override
    public List<Bytes> consume() {
        List<Bytes> records = new ArrayList<>();
        while (!entries.isEmpty() && entries.getFirst().committed) {
            Entry entry = entries.removeFirst();
            consumed = entry.end;
            if (entry.submitted != null) {
                records.add(entry.submitted);
            }
        }
        return records;
    }

    @Override
    public int delete(byte[] source, int from) {
        return Errno.ENOTSUPP.negative();
    }

    @Override
    int userLookup(byte[] key, byte[] value) {
        return Errno.ENOTSUPP.negative();
    }

    @Override
    int userUpdate(byte[] key, byte[] value, long flags) {
        return Errno.ENOTSUPP.negative();
    }

    @Override
    int userNextKey(byte @Nullable [] key, byte[] next) {
        return Errno.ENOTSUPP.negative();
    }
}
