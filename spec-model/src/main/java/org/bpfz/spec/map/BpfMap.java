package org.bpfz.spec.map;

import org.bpfz.spec.program.MapSpec;
import org.jspecify.annotations.Nullable;

/**
 * A map as user space sees it through bpf(2): the one interface behind which the specification and each engine keep maps of their own.
 *
 * <p>Every operation returns 0, or a negative error number as bpf(2) would; on an error the output array is left alone. Keys are
 * {@code keySize} bytes and values {@link #userValueSize()} bytes long, as bpf(2) copies them by the map's own sizes; another length is a
 * mistake of the caller and an {@link IllegalArgumentException}. Where a map holds programs or maps, its values are their ids, 4 bytes:
 * turning descriptors into ids is the work of whoever models descriptors.
 *
 * <p>A map belongs to one environment and is as little safe for concurrent use as that.
 */
public interface BpfMap {
    /** Create an element or update it. */
    long ANY = 0;

    /** Create an element, {@code -EEXIST} if it is there (BPF_NOEXIST). */
    long NOEXIST = 1;

    /** Update an element, {@code -ENOENT} if it is not there (BPF_EXIST). */
    long EXIST = 2;

    /** Hold the value's bpf_spin_lock meanwhile (BPF_F_LOCK). */
    long LOCK = 4;

    /** Its number in its environment, from 1 in order of creation: what a map of maps holds of it, and what its handle is made of. */
    int id();

    /** What it was created as. */
    MapSpec spec();

    /** Bytes of a value as user space reads and writes it: for a per-CPU map, one value rounded up to 8 for each CPU. */
    int userValueSize();

    /** BPF_MAP_LOOKUP_ELEM: copies the value out; for a queue or stack (whose key is empty) the next element, which stays. */
    int lookup(byte[] key, byte[] value, long flags);

    /** BPF_MAP_UPDATE_ELEM; for a queue or stack, push. */
    int update(byte[] key, byte[] value, long flags);

    /** BPF_MAP_DELETE_ELEM. */
    int delete(byte[] key);

    /** BPF_MAP_LOOKUP_AND_DELETE_ELEM; for a queue or stack, pop. */
    int lookupAndDelete(byte[] key, byte[] value, long flags);

    /**
     * BPF_MAP_GET_NEXT_KEY: the key behind {@code key}, or the first one where {@code key} is null or not in the map; {@code -ENOENT}
     * behind the last. The kernel's order in a hash hangs on a random seed; here it is the order in which the elements were added.
     */
    int nextKey(byte @Nullable [] key, byte[] next);

    /**
     * BPF_MAP_FREEZE: from now on user space may not write; {@code -EPERM} where it may not already, a second freeze included (map_freeze and
     * map_get_sys_perms in kernel/bpf/syscall.c).
     */
    int freeze();

    /** Whether {@link #freeze} has happened. */
    boolean isFrozen();
}
