package org.bpfz.spec.map;

import java.util.List;
import org.bpfz.spec.Errno;
import org.bpfz.spec.memory.Area;
import org.bpfz.spec.memory.Layout;
import org.bpfz.spec.memory.Region;
import org.bpfz.spec.memory.RegionKind;
import org.bpfz.spec.program.MapFlag;
import org.bpfz.spec.program.MapSpec;
import org.jspecify.annotations.Nullable;

/**
 * A map of the specification: what bpf(2) checks for every kind before the kind itself is asked (kernel/bpf/syscall.c).
 *
 * <p>No value has a bpf_spin_lock here, so {@link BpfMap#LOCK} is refused as the kernel refuses it for a value without one.
 */
public abstract sealed class SpecMap implements BpfMap
        permits ElementMap, QueueStackMap, ReferenceArray, HashOfMaps, RingBuffer {
    private final int id;
    private final MapSpec spec;
    private final Region handle;
    private boolean frozen;

    SpecMap(int id, MapSpec spec) {
        this.id = id;
        this.spec = spec;
        handle = new Region(RegionKind.MAP_HANDLE, "map " + spec.name(), Layout.mapHandle(id),
                Layout.MAP_HANDLE_STRIDE);
    }

    /** What the address of the map itself points into. */
    public final Region handle() {
        return handle;
    }

    /** The parts of the arena that are the map's. */
    public List<Area> areas() {
        return List.of();
    }

    @Override
    public final int id() {
        return id;
    }

    @Override
    public final MapSpec spec() {
        return spec;
    }

    @Override
    public int userValueSize() {
        return spec.valueSize();
    }

    @Override
    public final int lookup(byte[] key, byte[] value, long flags) {
        requireKey(key);
        requireValue(value);
        if ((flags & ~LOCK) != 0) {
            return Errno.EINVAL.negative();
        }
        if (!isUserReadable()) {
            return Errno.EPERM.negative();
        }
        return flags == LOCK ? Errno.EINVAL.negative() : userLookup(key, value);
    }

    @Override
    public final int update(byte[] key, byte[] value, long flags) {
        requireKey(key);
        requireValue(value);
        if (!isUserWritable()) {
            return Errno.EPERM.negative();
        }
        return (flags & LOCK) != 0 ? Errno.EINVAL.negative() : userUpdate(key, value, flags);
    }

    @Override
    public final int delete(byte[] key) {
        requireKey(key);
        return isUserWritable() ? deleteElement(key) : Errno.EPERM.negative();
    }

    @Override
    public final int lookupAndDelete(byte[] key, byte[] value, long flags) {
        requireKey(key);
        requireValue(value);
        if ((flags & ~LOCK) != 0) {
            return Errno.EINVAL.negative();
        }
        if (!isUserReadable() || !isUserWritable()) {
            return Errno.EPERM.negative();
        }
        return flags == LOCK ? Errno.EINVAL.negative() : userLookupAndDelete(key, value);
    }

    @Override
    public final int nextKey(byte @Nullable [] key, byte[] next) {
        if (key != null) {
            requireKey(key);
        }
        requireKey(next);
        return isUserReadable() ? userNextKey(key, next) : Errno.EPERM.negative();
    }

    @Override
    public final int freeze() {
        if (!isUserWritable()) {
            return Errno.EPERM.negative();
        }
        frozen = true;
        return 0;
    }

    @Override
    public final boolean isFrozen() {
        return frozen;
    }

    /** The kind's part of BPF_MAP_LOOKUP_ELEM. */
    abstract int userLookup(byte[] key, byte[] value);

    /** The kind's part of BPF_MAP_UPDATE_ELEM. */
    abstract int userUpdate(byte[] key, byte[] value, long flags);

    /** The kind's part of BPF_MAP_DELETE_ELEM, and of the helper where the kind has it. */
    abstract int deleteElement(byte[] key);

    /** The kind's part of BPF_MAP_LOOKUP_AND_DELETE_ELEM; few kinds have it. */
    int userLookupAndDelete(byte[] key, byte[] value) {
        return Errno.ENOTSUPP.negative();
    }

    /** The kind's part of BPF_MAP_GET_NEXT_KEY. */
    abstract int userNextKey(byte @Nullable [] key, byte[] next);

    /** Whether the flags are more than the three lowest values, as unsigned numbers: no kind knows any other. */
    static boolean areUnknown(long flags) {
        return Long.compareUnsigned(flags, EXIST) > 0;
    }

    private boolean isUserReadable() {
        return !spec.has(MapFlag.WRONLY);
    }

    private boolean isUserWritable() {
        return !spec.has(MapFlag.RDONLY) && !frozen;
    }

    private void requireKey(byte[] key) {
        if (key.length != spec.keySize()) {
            throw new IllegalArgumentException(
                    "map " + spec.name() + ": key of " + key.length + " bytes, not " + spec.keySize());
        }
    }

    private void requireValue(byte[] value) {
        if (value.length != userValueSize()) {
            throw new IllegalArgumentException(
                    "map " + spec.name() + ": value of " + value.length + " bytes, not " + userValueSize());
        }
    }
}
