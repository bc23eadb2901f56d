package org.bpfz.interpreter.map;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import org.bpfz.spec.Errno;
import org.bpfz.spec.program.MapSpec;
import org.bpfz.spec.program.MapType;
import org.jspecify.annotations.Nullable;

/** BPF_MAP_TYPE_QUEUE and BPF_MAP_TYPE_STACK (kernel/bpf/queue_stack_maps.c). */
public final class FlatQueue extends FlatMap {
    private final Deque<byte[]> values = new ArrayDeque<>();
    private final boolean stack;

    /** A new, empty one. */
    public FlatQueue(int id, MapSpec spec) {
        super(id, spec);
        stack = spec.type() == MapType.STACK;
    }

    /** Adds a value, which it keeps; with EXIST a full one loses its oldest. */
    public int push(byte[] value, long flags) {
        if (flags != ANY && flags != EXIST) {
            return Errno.EINVAL.negative();
        }
        if (values.size() == Integer.toUnsignedLong(spec().maxEntries())) {
            if (flags == ANY) {
                return Errno.E2BIG.negative();
            }
            values.removeFirst();
        }
        values.addLast(value);
        return 0;
    }

    /** Copies out the next value, and removes it if told so; zeroes and {@code -ENOENT} where there is none. */
    public int next(byte[] target, boolean remove) {
        if (values.isEmpty()) {
            Arrays.fill(target, (byte) 0);
            return Errno.ENOENT.negative();
        }
        byte[] next = stack ? values.getLast() : values.getFirst();
        System.arraycopy(next, 0, target, 0, target.length);
        if (remove && stack) {
            values.removeLast();
        } else if (remove) {
            values.removeFirst();
        }
        return 0;
    }

    @Override
    public int delete(byte[] source, int from) {
        return Errno.EINVAL.negative();
    }

    @Override
    int userLookup(byte[] key, byte[] value) {
        return values.isEmpty() ? Errno.ENOENT.negative() : next(value, false);
    }

    @Override
    int userLookupAndDelete(byte[] key, byte[] value) {
        return values.isEmpty() ? Errno.ENOENT.negative() : next(value, true);
    }

    @Override
    int userUpdate(byte[] key, byte[] value, long flags) {
        return push(value.clone(), flags);
    }

    @Override
    int userNextKey(byte @Nullable [] key, byte[] next) {
        return Errno.EINVAL.negative();
    }
}
