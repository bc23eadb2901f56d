package org.bpfz.interpreter.map;

import org.bpfz.spec.Errno;
import org.bpfz.spec.map.BpfMap;
import org.bpfz.spec.program.MapFlag;
import org.bpfz.spec.program.MapSpec;
import org.jspecify.annotations.Nullable;

/** A map of an engine: what bpf(2) asks of every kind before the kind itself answers (kernel/bpf/syscall.c). */
public abstract sealed class FlatMap implements BpfMap permits FlatElements, FlatQueue, FlatReferences, FlatRing {
    private final int id;
    private final MapSpec spec;
    private boolean frozen;

    FlatMap(int id, MapSpec spec) {
        this.id = id;
        this.spec = spec;
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
        requireSizes(key, value);
        int error = checkLookup(flags);
        return error != 0 ? error : userLookup(key, value);
    }

    @Override
    public final int update(byte[] key, byte[] value, long flags) {
        requireSizes(key, value);
        if (isReadOnly()) {
            return Errno.EPERM.negative();
        }
        // No value has a bpf_spin_lock here.
        return (flags & LOCK) != 0 ? Errno.EINVAL.negative() : userUpdate(key, value, flags);
    }

    @Override
    public final int delete(byte[] key) {
        requireKey(key);
        return isReadOnly() ? Errno.EPERM.negative() : delete(key, 0);
    }

    @Override
    public final int lookupAndDelete(byte[] key, byte[] value, long flags) {
        requireSizes(key, value);
        if ((flags & ~LOCK) == 0 && isReadOnly()) {
            return Errno.EPERM.negative();
        }
        int error = checkLookup(flags);
        return error != 0 ? error : userLookupAndDelete(key, value);
    }

    @Override
    public final int nextKey(byte @Nullable [] key, byte[] next) {
        requireKey(next);
        if (key != null) {
            requireKey(key);
        }
        return spec.has(MapFlag.WRONLY) ? Errno.EPERM.negative() : userNextKey(key, next);
    }

    @Override
    public final int freeze() {
        if (isReadOnly()) {
            return Errno.EPERM.negative();
        }
        frozen = true;
        return 0;
    }

    @Override
    public final boolean isFrozen() {
        return frozen;
    }

    /** Deletes the key that begins at the index: 0 or a negative error number. */
    public abstract int delete(byte[] source, int from);

    abstract int userLookup(byte[] key, byte[] value);

    abstract int userUpdate(byte[] key, byte[] value, long flags);

    abstract int userNextKey(byte @Nullable [] key, byte[] next);

    int userLookupAndDelete(byte[] key, byte[] value) {
        return Errno.ENOTSUPP.negative();
    }

    /** Whether no kind of map knows the flags: any but ANY, NOEXIST and EXIST. */
    static boolean areUnknown(long flags) {
        return flags < ANY || flags > EXIST;
    }

    /** What NOEXIST and EXIST say of a key that is there or not. */
    static int checkExistence(boolean present, long flags) {
        if (flags == NOEXIST && present) {
            return Errno.EEXIST.negative();
        }
        return flags == EXIST && !present ? Errno.ENOENT.negative() : 0;
    }

    private int checkLookup(long flags) {
        if ((flags & ~LOCK) != 0) {
            return Errno.EINVAL.negative();
        }
        if (spec.has(MapFlag.WRONLY)) {
            return Errno.EPERM.negative();
        }
        return flags == LOCK ? Errno.EINVAL.negative() : 0;
    }

    private boolean isReadOnly() {
        return frozen || spec.has(MapFlag.RDONLY);
    }

    private void requireSizes(byte[] key, byte[] value) {
        requireKey(key);
        if (value.length != userValueSize()) {
            throw new IllegalArgumentException(
                    "map " + spec.name() + ": value of " + value.length + " bytes, not " + userValueSize());
        }
    }

    private void requireKey(byte[] key) {
        if (key.length != spec.keySize()) {
            throw new IllegalArgumentException(
                    "map " + spec.name() + ": key of " + key.length + " bytes, not " + spec.keySize());
        }
    }
}
