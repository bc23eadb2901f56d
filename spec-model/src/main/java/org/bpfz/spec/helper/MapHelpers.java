package org.bpfz.spec.helper;

import java.util.List;
import org.bpfz.spec.Errno;
import org.bpfz.spec.map.ElementMap;
import org.bpfz.spec.map.ElementMap.Cursor;
import org.bpfz.spec.map.ElementMap.Visit;
import org.bpfz.spec.map.ArrayMap;
import org.bpfz.spec.map.HashOfMaps;
import org.bpfz.spec.map.QueueStackMap;
import org.bpfz.spec.map.ReferenceArray;
import org.bpfz.spec.map.SpecMap;
import org.bpfz.spec.memory.Block;
import org.bpfz.spec.memory.Layout;
import org.bpfz.spec.memory.LittleEndian;
import org.bpfz.spec.memory.Region;
import org.bpfz.spec.memory.RegionKind;
import org.bpfz.spec.memory.ViolationException;
import org.bpfz.spec.memory.Word;
import org.bpfz.spec.program.MapFlag;
import org.bpfz.spec.program.MapType;
import org.jspecify.annotations.Nullable;

/** The helpers that work on maps (kernel/bpf/helpers.c, bpf_map_*; kernel/bpf/bpf_iter.c, bpf_for_each_map_elem). */
final class MapHelpers {
    private MapHelpers() {
    }

    /** {@code void *bpf_map_lookup_elem(map, const void *key)}: the value, the inner map, or NULL. */
    static Outcome lookup(HelperCall call) throws ViolationException, ArgumentException {
        SpecMap map = call.map(1, SpecMap.class);
        byte[] key = call.read(2, map.spec().keySize());
        return switch (map) {
            case ElementMap elements -> pointer(elements.lookupElement(key, call.cpu()));
            case HashOfMaps maps -> handle(call, maps.get(key));
            case ReferenceArray array when array.spec().type() == MapType.ARRAY_OF_MAPS -> handle(call,
                    array.get((int) LittleEndian.get(key, 0, Integer.BYTES)));
            default -> throw wrongKind(map);
        };
    }

    /** {@code void *bpf_map_lookup_percpu_elem(map, const void *key, u32 cpu)}: NULL where there is no such CPU. */
    static Outcome lookupPerCpu(HelperCall call) throws ViolationException, ArgumentException {
        ElementMap map = call.map(1, ElementMap.class);
        if (!map.isPerCpu()) {
            throw wrongKind(map);
        }
        byte[] key = call.read(2, map.spec().keySize());
        int cpu = call.u32(3);
        if (Integer.compareUnsigned(cpu, call.services().cpus()) >= 0) {
            return Outcome.of(0);
        }
        return pointer(map.lookupElement(key, cpu));
    }

    /** {@code long bpf_map_update_elem(map, const void *key, const void *value, u64 flags)}. */
    static Outcome update(HelperCall call) throws ViolationException, ArgumentException {
        ElementMap map = writable(call.map(1, ElementMap.class));
        byte[] key = call.read(2, map.spec().keySize());
        byte[] value = call.read(3, map.spec().valueSize());
        return Outcome.of(map.updateElement(key, value, call.u64(4), call.cpu()));
    }

    /** {@code long bpf_map_delete_elem(map, const void *key)}. */
    static Outcome delete(HelperCall call) throws ViolationException, ArgumentException {
        ElementMap map = writable(call.map(1, ElementMap.class));
        return Outcome.of(map.deleteElement(call.read(2, map.spec().keySize())));
    }

    /** {@code long bpf_map_push_elem(map, const void *value, u64 flags)}. */
    static Outcome push(HelperCall call) throws ViolationException, ArgumentException {
        QueueStackMap map = writable(call.map(1, QueueStackMap.class));
        return Outcome.of(map.push(call.read(2, map.spec().valueSize()), call.u64(3)));
    }

    /** {@code long bpf_map_pop_elem(map, void *value)}: where the map is empty, the value becomes zero. */
    static Outcome pop(HelperCall call) throws ViolationException, ArgumentException {
        QueueStackMap map = writable(call.map(1, QueueStackMap.class));
        byte[] value = new byte[map.spec().valueSize()];
        call.memory().requireWritable(call.word(2), value.length);
        int result = map.pop(value);
        call.write(2, value);
        return Outcome.of(result);
    }

    /** {@code long bpf_map_peek_elem(map, void *value)}: where the map is empty, the value becomes zero. */
    static Outcome peek(HelperCall call) throws ViolationException, ArgumentException {
        QueueStackMap map = call.map(1, QueueStackMap.class);
        byte[] value = new byte[map.spec().valueSize()];
        int result = map.peek(value);
        call.write(2, value);
        return Outcome.of(result);
    }

    /**
     * {@code long bpf_for_each_map_elem(map, callback, void *ctx, u64 flags)}: calls {@code callback(map, key, value, ctx)} for one element
     * after the other until it returns other than 0, and returns how many calls there were.
     */
    static Outcome forEach(HelperCall call) throws ViolationException, ArgumentException {
        ElementMap map = call.map(1, ElementMap.class);
        int callback = call.function(2);
        Word context = call.word(3);
        if (call.u64(4) != 0) {
            return Outcome.error(Errno.EINVAL);
        }
        return next(call, new Iteration(map, map.visit(call.cpu()), callback, context), 0);
    }

    /** What stays the same from one callback to the next. */
    private record Iteration(ElementMap map, Cursor cursor, int callback, Word context) {}

    private static Outcome next(HelperCall call, Iteration iteration, long calls) {
        Visit visit = iteration.cursor.next();
        if (visit == null) {
            forgetKey(call, iteration);
            return Outcome.of(calls);
        }
        Word key = visit.key() == null ? makeKey(call, visit.index()) : visit.key();
        List<Word> arguments = List.of(Word.pointer(iteration.map.handle()), key, visit.value(), iteration.context);
        return new Outcome.Callback(iteration.callback, arguments, r0 -> {
            if (r0 == 0) {
                return next(call, iteration, calls + 1);
            }
            forgetKey(call, iteration);
            return Outcome.of(calls + 1);
        });
    }

    /** An array's key is nowhere: the kernel passes the address of a variable of its own. */
    private static Word makeKey(HelperCall call, int index) {
        Region region = new Region(RegionKind.MAP_KEY, "iteration key", keyAddress(call), Integer.BYTES);
        call.memory().add(
                Block.of(region, Block.Protection.READ_ONLY, LittleEndian.bytes(index, Integer.BYTES)));
        return Word.pointer(region);
    }

    private static void forgetKey(HelperCall call, Iteration iteration) {
        if (iteration.map instanceof ArrayMap) {
            call.memory().remove(keyAddress(call));
        }
    }

    private static long keyAddress(HelperCall call) {
        return Layout.ITERATION_KEYS + (long) (call.machinery().frames() - 1) * Layout.ITERATION_KEY_STRIDE;
    }

    private static Outcome pointer(@Nullable Block value) {
        return value == null ? Outcome.of(0) : Outcome.pointer(value.region());
    }

    private static Outcome handle(HelperCall call, int id) {
        SpecMap map = call.machinery().map(id);
        return map == null ? Outcome.of(0) : Outcome.pointer(map.handle());
    }

    private static <M extends SpecMap> M writable(M map) throws ArgumentException {
        if (map.spec().has(MapFlag.RDONLY_PROG)) {
            throw new ArgumentException(1, "a map that programs may not write");
        }
        return map;
    }

    private static ArgumentException wrongKind(SpecMap map) {
        return new ArgumentException(1, "a map of type " + map.spec().type().toolName());
    }
}
