package org.bpfz.spec.map;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import org.bpfz.spec.Errno;
import org.bpfz.spec.program.MapSpec;
import org.bpfz.spec.program.MapType;
import org.jspecify.annotations.Nullable;

/** BPF_MAP_TYPE_QUEUE and BPF_MAP_TYPE_STACK (kernel/bpf/queue_stack_maps.c): values without keys, copied in and out. */
public final class QueueStackMap extends SpecMap {
    private final Deque<byte[]> oldestFirst = new ArrayDeque<>();
    private final boolean stack;

    QueueStackMap(int id, MapSpec spec) {
        super(id, spec);
        stack = spec.type() == MapType.STACK;
    }

    /** Adds a value; with BPF_EXIST a full map loses its oldest one, of a stack too. */
    public int push(byte[] value, long flags) {
        if ((flags & NOEXIST) != 0 || areUnknown(flags)) {
            return Errno.EINVAL.negative();
        }
        if (oldestFirst.size() == Integer.toUnsignedLong(spec().maxEntries())) {
            if (flags != EXIST) {
                return Errno.E2BIG.negative();
            }
            oldestFirst.removeFirst();
        }
        oldestFirst.addLast(value.clone());
        return 0;
    }

    /** Copies out and removes the next value: a queue's oldest, a stack's newest. Zeroes and {@code -ENOENT} where there is none. */
    public int pop(byte[] value) {
        int error = peek(value);
        if (error == 0) {
            if (stack) {
                oldestFirst.removeLast();
            } else {
                oldestFirst.removeFirst();
            }
        }
        return error;
    }

    /** As {@link #pop}, but the value stays. */
    public int peek(byte[] value) {
        byte[] next = stack ? oldestFirst.peekLast() : oldestFirst.peekFirst();
        if (next == null) {
            Arrays.fill(value, (byte) 0);
            return Errno.ENOENT.negative();
        }
        System.arraycopy(next, 0, value, 0, value.length);
        return 0;
    }

    @Override
    int userLookup(byte[] key, byte[] value) {
        return oldestFirst.isEmpty() ? Errno.ENOENT.negative() : peek(value);
    }

    @Override
    int userUpdate(byte[] key, byte[] value, long flags) {
        return push(value, flags);
    }

    @Override
    int userLookupAndDelete(byte[] key, byte[] value) {
        return oldestFirst.isEmpty() ? Errno.ENOENT.negative() : pop(value);
    }

    @Override
    int deleteElement(byte[] key) {
        return Errno.EINVAL.negative();
    }

    @Override
    int userNextKey(byte @Nullable [] key, byte[] next) {
        return Errno.EINVAL.negative();
    }
}
