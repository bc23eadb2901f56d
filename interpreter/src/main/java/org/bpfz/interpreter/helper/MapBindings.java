package org.bpfz.interpreter.helper;

import org.bpfz.interpreter.map.FlatArray;
import org.bpfz.interpreter.map.FlatElements;
import org.bpfz.interpreter.map.FlatMap;
import org.bpfz.interpreter.map.FlatQueue;
import org.bpfz.interpreter.map.FlatReferences;
import org.bpfz.interpreter.map.FlatRing;
import org.bpfz.interpreter.memory.FaultSignal;
import org.bpfz.interpreter.memory.FlatMemory;
import org.bpfz.spec.Errno;
import org.bpfz.spec.memory.LittleEndian;
import org.bpfz.spec.memory.Layout;
import org.bpfz.spec.program.MapFlag;
import org.bpfz.spec.program.MapType;

/** The helpers that work on maps (kernel/bpf/helpers.c, bpf_map_*; kernel/bpf/bpf_iter.c; kernel/bpf/ringbuf.c). */
final class MapBindings {
    private MapBindings() {
    }

    static long lookup(Run run, long handle, long key, long r3, long r4, long r5) {
        FlatMap map = run.map("bpf_map_lookup_elem", 1, handle, FlatMap.class);
        run.memory().requireReadable(key, map.spec().keySize());
        byte[] bytes = run.memory().bytes();
        int at = FlatMemory.offset(key);
        return switch (map) {
            case FlatElements elements -> elements.find(bytes, at, run.invocation().cpu());
            case FlatReferences references when references.spec().type() != MapType.PROG_ARRAY -> handle(run,
                    references.get(bytes, at));
            default -> throw Run.wrongKind("bpf_map_lookup_elem", 1, map);
        };
    }

    private static long handle(Run run, int id) {
        return run.map(id) == null ? 0 : Layout.mapHandle(id);
    }

    static long lookupPerCpu(Run run, long handle, long key, long cpu, long r4, long r5) {
        FlatElements map = run.map("bpf_map_lookup_percpu_elem", 1, handle, FlatElements.class);
        if (!map.isPerCpu()) {
            throw Run.wrongKind("bpf_map_lookup_percpu_elem", 1, map);
        }
        run.memory().requireReadable(key, map.spec().keySize());
        return Integer.compareUnsigned((int) cpu, run.services().cpus()) >= 0
                ? 0
                : map.find(run.memory().bytes(), FlatMemory.offset(key), (int) cpu);
    }

    static long update(Run run, long handle, long key, long value, long flags, long r5) {
        FlatElements map = writable("bpf_map_update_elem",
                run.map("bpf_map_update_elem", 1, handle, FlatElements.class));
        run.memory().requireReadable(key, map.spec().keySize());
        run.memory().requireReadable(value, map.spec().valueSize());
        return map.update(run.memory().bytes(), FlatMemory.offset(key), FlatMemory.offset(value), flags,
                run.invocation().cpu());
    }

    static long delete(Run run, long handle, long key, long r3, long r4, long r5) {
        FlatElements map = writable("bpf_map_delete_elem",
                run.map("bpf_map_delete_elem", 1, handle, FlatElements.class));
        run.memory().requireReadable(key, map.spec().keySize());
        return map.delete(run.memory().bytes(), FlatMemory.offset(key));
    }

    static long push(Run run, long handle, long value, long flags, long r4, long r5) {
        FlatQueue map = writable("bpf_map_push_elem", run.map("bpf_map_push_elem", 1, handle, FlatQueue.class));
        return map.push(run.memory().read(value, map.spec().valueSize()), flags);
    }

    static long pop(Run run, long handle, long value, long r3, long r4, long r5) {
        return next(run, writable("bpf_map_pop_elem", run.map("bpf_map_pop_elem", 1, handle, FlatQueue.class)), value,
                true);
    }

    static long peek(Run run, long handle, long value, long r3, long r4, long r5) {
        return next(run, run.map("bpf_map_peek_elem", 1, handle, FlatQueue.class), value, false);
    }

    private static long next(Run run, FlatQueue map, long target, boolean remove) {
        byte[] value = new byte[map.spec().valueSize()];
        run.memory().requireWritable(target, value.length);
        int result = map.next(value, remove);
        run.memory().write(target, value);
        return result;
    }

    static long forEach(Run run, long handle, long callback, long context, long flags, long r5) {
        FlatElements map = run.map("bpf_for_each_map_elem", 1, handle, FlatElements.class);
        int slot = run.function("bpf_for_each_map_elem", 2, callback);
        if (flags != 0) {
            return Errno.EINVAL.negative();
        }
        boolean makesKeys = map instanceof FlatArray;
        long made = Layout.ITERATION_KEYS + (run.depth() - 1L) * Layout.ITERATION_KEY_STRIDE;
        FlatElements.Visit visit = map.visit(run.invocation().cpu());
        long calls = 0;
        boolean goesOn = true;
        while (goesOn && visit.advance()) {
            if (makesKeys) {
                run.memory().define(made, Integer.BYTES, true, false);
                LittleEndian.put(run.memory().bytes(), FlatMemory.offset(made), Integer.BYTES, visit.index());
            }
            calls++;
            goesOn = run.callBack(slot, handle, makesKeys ? made : visit.key(), visit.value(), context) == 0;
        }
        if (makesKeys) {
            run.memory().clear(made, Integer.BYTES);
        }
        return calls;
    }

    static long ringOutput(Run run, long handle, long data, long size, long flags, long r5) {
        FlatRing ring = run.map("bpf_ringbuf_output", 1, handle, FlatRing.class);
        return ring.output(run.memory().read(data, run.size("bpf_ringbuf_output", 3, size)), flags);
    }

    static long ringReserve(Run run, long handle, long size, long flags, long r4, long r5) {
        return run.map("bpf_ringbuf_reserve", 1, handle, FlatRing.class).reserve(size, flags);
    }

    static long ringSubmit(Run run, long record, long flags, long r3, long r4, long r5) {
        return commit(run, "bpf_ringbuf_submit", record, false);
    }

    static long ringDiscard(Run run, long record, long flags, long r3, long r4, long r5) {
        return commit(run, "bpf_ringbuf_discard", record, true);
    }

    static long ringQuery(Run run, long handle, long which, long r3, long r4, long r5) {
        return run.map("bpf_ringbuf_query", 1, handle, FlatRing.class).query(which);
    }

    private static long commit(Run run, String helper, long record, boolean discard) {
        for (FlatMap map : run.maps()) {
            if (map instanceof FlatRing ring && ring.commit(record, discard)) {
                return 0;
            }
        }
        throw FaultSignal.badArgument(helper, 1, "not a reserved record");
    }

    private static <M extends FlatMap> M writable(String helper, M map) {
        if (map.spec().has(MapFlag.RDONLY_PROG)) {
            throw FaultSignal.badArgument(helper, 1, "a map that programs may not write");
        }
        return map;
    }
}
