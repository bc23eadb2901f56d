package org.bpfz.spec.map;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.bpfz.spec.Bytes;
import org.bpfz.spec.Errno;
import org.bpfz.spec.memory.Area;
import org.bpfz.spec.memory.Block;
import org.bpfz.spec.memory.MapArea;
import org.bpfz.spec.memory.Region;
import org.bpfz.spec.memory.RegionKind;
import org.bpfz.spec.program.MapSpec;
import org.jspecify.annotations.Nullable;

/**
 * BPF_MAP_TYPE_RINGBUF (kernel/bpf/ringbuf.c): records behind headers of 8 bytes, at ever-growing positions modulo the size.
 *
 * <p>A record begins as zeroes, where the kernel leaves what an earlier one has left; programs can reach it until it is submitted or discarded.
 */
public final class RingBuffer extends SpecMap implements BpfRingBuffer {
    /** BPF_RB_NO_WAKEUP and BPF_RB_FORCE_WAKEUP: nobody waits here. */
    private static final long WAKEUP_FLAGS = 3;

    /** RINGBUF_MAX_RECORD_SZ. */
    private static final long MAX_RECORD = 0xffff_ffffL / 4;

    private static final int HEADER = 8;

    private enum Fate {
        RESERVED, SUBMITTED, DISCARDED
    }

    private static final class Entry {
        final Block block;
        final long end;
        Fate fate = Fate.RESERVED;

        Entry(Block block, long end) {
            this.block = block;
            this.end = end;
        }
    }

    private final MapArea area;
    private final long size;
    private final Deque<Entry> entries = new ArrayDeque<>();
    private long produced;
    private long consumed;

    RingBuffer(int id, MapSpec spec, MapArea area) {
        super(id, spec);
        this.area = area;
        size = Integer.toUnsignedLong(spec.maxEntries());
    }

    /** Reserves a record (bpf_ringbuf_reserve); null where flags are given or there is no room. */
    public @Nullable Region reserve(long bytes, long flags) {
        return flags == 0 ? reserve(bytes) : null;
    }

    private @Nullable Region reserve(long bytes) {
        if (Long.compareUnsigned(bytes, MAX_RECORD) > 0) {
            return null;
        }
        long end = produced + ((bytes + HEADER + 7) & -8);
        if (end - produced > size || end - consumed > size - 1) {
            return null;
        }
        long address = area.base() + (produced & (size - 1)) + HEADER;
        Region region = new Region(RegionKind.RINGBUF_RECORD, "record of " + spec().name(), address, bytes);
        entries.addLast(new Entry(Block.of(region, Block.Protection.READ_WRITE, new byte[(int) bytes]), end));
        produced = end;
        return region;
    }

    /** Submits or discards the record at the address; false where no reserved record begins there. */
    public boolean commit(long address, boolean discard) {
        for (Entry entry : entries) {
            if (entry.block.base() == address && entry.fate == Fate.RESERVED) {
                entry.fate = discard ? Fate.DISCARDED : Fate.SUBMITTED;
                return true;
            }
        }
        return false;
    }

    /** Submits a copy of the data (bpf_ringbuf_output). */
    public int output(byte[] data, long flags) {
        if ((flags & ~WAKEUP_FLAGS) != 0) {
            return Errno.EINVAL.negative();
        }
        Region region = reserve(data.length);
        if (region == null) {
            return Errno.EAGAIN.negative();
        }
        Entry entry = entries.getLast();
        System.arraycopy(data, 0, entry.block.bytes(), 0, data.length);
        entry.fate = Fate.SUBMITTED;
        return 0;
    }

    /** A figure of the buffer (bpf_ringbuf_query): bytes not consumed, size, consumer's position, producer's position; else 0. */
    public long query(long which) {
        if (which == 0) {
            return produced - consumed;
        }
        if (which == 1) {
            return size;
        }
        if (which == 2) {
            return consumed;
        }
        return which == 3 ? produced : 0;
    }

    @Override
    public List<Bytes> consume() {
        List<Bytes> records = new ArrayList<>();
        while (!entries.isEmpty() && entries.getFirst().fate != Fate.RESERVED) {
            Entry entry = entries.removeFirst();
            consumed = entry.end;
            if (entry.fate == Fate.SUBMITTED) {
                records.add(Bytes.of(entry.block.bytes()));
            }
        }
        return records;
    }

    @Override
    public List<Area> areas() {
        return List.of(new Records());
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
    int deleteElement(byte[] key) {
        return Errno.ENOTSUPP.negative();
    }

    @Override
    int userNextKey(byte @Nullable [] key, byte[] next) {
        return Errno.ENOTSUPP.negative();
    }

    /** The records that are reserved, by address. */
    private final class Records implements Area {
        @Override
        public long base() {
            return area.base();
        }

        @Override
        public long size() {
            return area.size();
        }

        @Override
        public @Nullable Block at(long address) {
            Entry entry = entryAt(address);
            return entry == null || entry.fate != Fate.RESERVED ? null : entry.block;
        }

        @Override
        public byte peek(long address) {
            Entry entry = entryAt(address);
            return entry == null ? 0 : entry.block.peek(address);
        }

        private @Nullable Entry entryAt(long address) {
            for (Entry entry : entries) {
                if (entry.block.region().contains(address, 1)) {
                    return entry;
                }
            }
            return null;
        }
    }
}
