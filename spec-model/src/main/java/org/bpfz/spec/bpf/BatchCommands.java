package org.bpfz.spec.bpf;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.bpfz.spec.Errno;
import org.bpfz.spec.bpf.BpfState.Opened;
import org.bpfz.spec.map.BpfMap;
import org.bpfz.spec.memory.LittleEndian;
import org.jspecify.annotations.Nullable;

/**
 * The batch commands (generic_map_*_batch in kernel/bpf/syscall.c, __htab_map_lookup_and_delete_batch in kernel/bpf/hashtab.c).
 *
 * <p>A hash is read bucket by bucket, and a bucket that does not fit stays for the next call. Which bucket a key is in hangs on a random seed in
 * the kernel, and on the key alone here.
 */
final class BatchCommands {
    /** Where {@code count} is in the attributes. */
    private static final int COUNT = 32;

    private final BpfState state;
    private final MapCommands maps;

    BatchCommands(BpfState state, MapCommands maps) {
        this.state = state;
        this.maps = maps;
    }

    int run(Command command, Attr.Batch attr, AttrOutput output) throws BpfException {
        Opened opened = state.map(attr.mapFd());
        boolean reads = command == Command.MAP_LOOKUP_BATCH || command == Command.MAP_LOOKUP_AND_DELETE_BATCH;
        if (reads && !opened.readable()) {
            throw new BpfException(Errno.EPERM, "the descriptor is for writing");
        }
        if (command != Command.MAP_LOOKUP_BATCH) {
            MapCommands.requireWritable(opened);
        }
        BpfMap map = MapCommands.map(opened).map();
        boolean hash = switch (map.spec().type()) {
            case HASH, PERCPU_HASH, LRU_HASH, LRU_PERCPU_HASH, HASH_OF_MAPS -> true;
            case ARRAY, PERCPU_ARRAY, ARRAY_OF_MAPS -> false;
            default -> throw new BpfException(Errno.ENOTSUPP, "no batches of this type of map");
        };
        boolean deletes = command == Command.MAP_DELETE_BATCH || command == Command.MAP_LOOKUP_AND_DELETE_BATCH;
        if (deletes && !hash) {
            throw new BpfException(Errno.ENOTSUPP, "elements of an array stay");
        }
        if ((attr.elemFlags() & ~BpfMap.LOCK) != 0) {
            throw new BpfException(Errno.EINVAL, "flags that no batch takes");
        }
        MapCommands.requireNoLock(attr.elemFlags());
        if (reads && hash && attr.flags() != 0) {
            throw new BpfException(Errno.EINVAL, "flags that no batch takes");
        }
        if (attr.count() == 0) {
            return 0;
        }
        output.putInt(COUNT, 0);
        if (reads && hash) {
            return lookupBuckets(map, attr, output, command == Command.MAP_LOOKUP_AND_DELETE_BATCH);
        }
        return reads ? lookup(map, attr, output) : change(command, map, attr, output);
    }

    private int change(Command command, BpfMap map, Attr.Batch attr, AttrOutput output) throws BpfException {
        int keySize = map.spec().keySize();
        int valueSize = map.userValueSize();
        long done = 0;
        long wanted = Integer.toUnsignedLong(attr.count());
        BpfException failed = null;
        while (failed == null && done < wanted) {
            try {
                byte[] key = state.read(attr.keys() + done * keySize, keySize);
                if (command == Command.MAP_UPDATE_BATCH) {
                    maps.update(map, key, state.read(attr.values() + done * valueSize, valueSize), attr.elemFlags());
                } else {
                    fail(map.delete(key));
                }
                done++;
            } catch (BpfException e) {
                failed = e;
            }
        }
        state.collect();
        output.putInt(COUNT, (int) done);
        if (failed != null) {
            throw failed;
        }
        return 0;
    }

    private static void fail(int result) throws BpfException {
        Errno errno = result < 0 ? Errno.of(-result) : null;
        if (errno != null) {
            throw new BpfException(errno);
        }
    }

    /** An array's elements in their order; the token is the last key. */
    private int lookup(BpfMap map, Attr.Batch attr, AttrOutput output) throws BpfException {
        int keySize = map.spec().keySize();
        byte @Nullable [] previous = attr.inBatch() == 0 ? null : state.read(attr.inBatch(), keySize);
        byte[] value = new byte[map.userValueSize()];
        long done = 0;
        int error = 0;
        while (error == 0 && done < Integer.toUnsignedLong(attr.count())) {
            byte[] key = new byte[keySize];
            error = map.nextKey(previous, key);
            if (error == 0) {
                int found = map.lookup(key, value, BpfMap.ANY);
                if (found == 0) {
                    state.write(attr.keys() + done * keySize, key);
                    state.write(attr.values() + done * value.length, value);
                    done++;
                } else if (found != Errno.ENOENT.negative()) {
                    fail(found);
                }
                previous = key;
            }
        }
        output.putInt(COUNT, (int) done);
        if (done > 0 && previous != null) {
            state.write(attr.outBatch(), previous);
        }
        fail(error);
        return 0;
    }

    private int lookupBuckets(BpfMap map, Attr.Batch attr, AttrOutput output, boolean delete) throws BpfException {
        long buckets = buckets(map);
        long next = attr.inBatch() == 0
                ? 0
                : LittleEndian.get(state.read(attr.inBatch(), Integer.BYTES), 0, Integer.BYTES);
        if (next >= buckets) {
            throw new BpfException(Errno.ENOENT, "behind the last bucket");
        }
        long wanted = Integer.toUnsignedLong(attr.count());
        long done = 0;
        Errno error = Errno.ENOENT;
        Map.@Nullable Entry<Long, List<byte[]>> bucket;
        NavigableMap<Long, List<byte[]>> filled = filled(map, buckets);
        while ((bucket = filled.ceilingEntry(next)) != null) {
            if (bucket.getValue().size() > wanted - done) {
                error = done == 0 ? Errno.ENOSPC : null;
                next = bucket.getKey();
                break;
            }
            copy(map, bucket.getValue(), attr, done, delete);
            done += bucket.getValue().size();
            next = bucket.getKey() + 1;
        }
        if (bucket == null) {
            next = buckets;
        }
        state.write(attr.outBatch(), LittleEndian.bytes(next, Integer.BYTES));
        output.putInt(COUNT, (int) done);
        state.collect();
        if (error != null) {
            throw new BpfException(error);
        }
        return 0;
    }

    private void copy(BpfMap map, List<byte[]> keys, Attr.Batch attr, long done, boolean delete) throws BpfException {
        byte[] value = new byte[map.userValueSize()];
        long place = done;
        for (byte[] key : keys) {
            map.lookup(key, value, BpfMap.ANY);
            if (delete) {
                map.delete(key);
            }
            state.write(attr.keys() + place * key.length, key);
            state.write(attr.values() + place * value.length, value);
            place++;
        }
    }

    /** How many buckets the kernel makes: a power of two that is not below the number of entries (htab_map_alloc). */
    private static long buckets(BpfMap map) {
        long entries = Integer.toUnsignedLong(map.spec().maxEntries());
        return entries <= 1 ? 1 : Long.highestOneBit(entries - 1) << 1;
    }

    private static NavigableMap<Long, List<byte[]>> filled(BpfMap map, long buckets) {
        NavigableMap<Long, List<byte[]>> filled = new TreeMap<>();
        byte @Nullable [] previous = null;
        byte[] key = new byte[map.spec().keySize()];
        while (map.nextKey(previous, key) == 0) {
            previous = key.clone();
            filled.computeIfAbsent(Integer.toUnsignedLong(Arrays.hashCode(previous)) & (buckets - 1),
                    _ -> new ArrayList<>()).add(previous);
        }
        return filled;
    }
}
