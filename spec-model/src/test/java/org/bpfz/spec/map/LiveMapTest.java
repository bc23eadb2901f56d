package org.bpfz.spec.map;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import org.bpfz.spec.Bytes;
import org.bpfz.spec.Errno;
import org.bpfz.spec.engine.Services;
import org.bpfz.spec.engine.contract.Observation;
import org.bpfz.spec.live.LiveMap;
import org.bpfz.spec.live.RequiresLiveKernel;
import org.bpfz.spec.machine.SpecEnvironment;
import org.bpfz.spec.machine.SpecificationEngine;
import org.bpfz.spec.memory.LittleEndian;
import org.bpfz.spec.program.MapFlag;
import org.bpfz.spec.program.MapSpec;
import org.bpfz.spec.program.MapType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Maps do for user space what those of the machine's kernel do. */
class LiveMapTest {
    private static final int ROUNDS = 25;
    private static final int OPERATIONS = 80;

    @BeforeAll
    static void needsKernel() {
        RequiresLiveKernel.orSkip(LiveMapTest.class);
    }

    private static SpecEnvironment environment() {
        return new SpecificationEngine().open(Services.repeatable(1).withCpus(LiveMap.possibleCpus()));
    }

    /** A map of few entries and keys; of an LRU hash, whose evictions are its own affair, so many that none is due. */
    private static MapSpec spec(MapType type, Random random) {
        boolean lru = type == MapType.LRU_HASH || type == MapType.LRU_PERCPU_HASH;
        boolean queue = type == MapType.QUEUE || type == MapType.STACK;
        boolean hash = type == MapType.HASH || type == MapType.PERCPU_HASH;
        return MapSpec
                .of("map", type, queue ? 0 : 4, 1 + random.nextInt(20), lru ? 10_000 : 1 + random.nextInt(6))
                .withFlags(hash && random.nextBoolean() ? MapFlag.NO_PREALLOC.mask() : 0);
    }

    @ParameterizedTest
    @EnumSource(names = {"ARRAY", "PERCPU_ARRAY", "HASH", "PERCPU_HASH", "LRU_HASH", "LRU_PERCPU_HASH", "QUEUE",
        "STACK"})
    void answersRandomOperationsAsTheKernelDoes(MapType type) throws IOException {
        for (int round = 0; round < ROUNDS; round++) {
            Random random = new Random(type.number() * 1000L + round);
            MapSpec spec = spec(type, random);
            try (LiveMap live = LiveMap.create(spec, null)) {
                BpfMap model = environment().createMap(spec);
                assertEquals(live.userValueSize(), model.userValueSize());
                for (int i = 0; i < OPERATIONS; i++) {
                    operate(random, live, model);
                }
                assertEquals(new HashSet<>(Observation.Contents.of(live).entries()),
                        new HashSet<>(Observation.Contents.of(model).entries()), spec::toString);
            }
        }
    }

    private static void operate(Random random, BpfMap live, BpfMap model) {
        byte[] key = LittleEndian.bytes(random.nextInt(-1, 8), live.spec().keySize());
        byte[] in = new byte[live.userValueSize()];
        random.nextBytes(in);
        long flags = random.nextInt(6) == 0 ? random.nextInt(-2, 10) : random.nextInt(3);
        byte[] fromLive = in.clone();
        byte[] fromModel = in.clone();
        int operation = random.nextInt(6);
        String what = live.spec() + " operation " + operation + " key " + Bytes.of(key) + " flags " + flags;
        assertEquals(operate(operation, live, key, fromLive, flags), operate(operation, model, key, fromModel, flags),
                what);
        assertEquals(Bytes.of(fromLive), Bytes.of(fromModel), what);
    }

    private static int operate(int operation, BpfMap map, byte[] key, byte[] value, long flags) {
        return switch (operation) {
            case 0, 1 -> map.update(key, value, flags);
            case 2 -> map.lookup(key, value, flags < 3 ? 0 : flags);
            case 3 -> map.delete(key);
            case 4 -> map.lookupAndDelete(key, value, flags < 3 ? 0 : flags);
            default -> nextKey(map, key);
        };
    }

    /** Whether there is a first key, and of an array, whose order is no choice, the next one. */
    private static int nextKey(BpfMap map, byte[] key) {
        byte[] next = new byte[map.spec().keySize()];
        boolean array = map.spec().type() == MapType.ARRAY || map.spec().type() == MapType.PERCPU_ARRAY;
        int result = map.nextKey(array ? key : null, next);
        return result == 0 && array ? (int) LittleEndian.get(next, 0, 4) : result;
    }

    @Test
    void refusesWhatTheKernelRefusesToCreate() {
        SpecEnvironment environment = environment();
        Random random = new Random(1);
        int refused = 0;
        for (int i = 0; i < 3000; i++) {
            MapSpec spec = oddSpec(random);
            String live = createLive(spec);
            MapRules.Refusal refusal = MapRules.refusal(spec);
            String model = refusal == null ? "created" : refusal.errno().name();
            // What the kernel has no memory for is its own affair.
            if (!live.equals("ENOMEM")) {
                assertEquals(live, model, spec::toString);
            }
            refused += refusal == null ? 0 : 1;
        }
        assertTrue(refused > 500 && refused < 2900, "refused " + refused);
        assertEquals(List.of(), environment.maps());
    }

    private static MapSpec oddSpec(Random random) {
        MapType[] types = {MapType.ARRAY, MapType.PERCPU_ARRAY, MapType.HASH, MapType.PERCPU_HASH, MapType.LRU_HASH,
            MapType.LRU_PERCPU_HASH, MapType.QUEUE, MapType.STACK, MapType.RINGBUF, MapType.PROG_ARRAY,
            MapType.ARRAY_OF_MAPS, MapType.HASH_OF_MAPS};
        int[] keys = {0, 1, 4, 8, 1 << 22};
        int[] values = {0, 1, 4, 8, 32760, 32768, 32769, (1 << 22) - 100, 1 << 22, (1 << 22) + 1, -1};
        int[] entries = {0, 1, 3, 4096, 4097};
        MapFlag[] flags = MapFlag.values();
        MapSpec spec = MapSpec.of("map", types[random.nextInt(types.length)], keys[random.nextInt(keys.length)],
                values[random.nextInt(values.length)], entries[random.nextInt(entries.length)]);
        if (spec.type() == MapType.ARRAY_OF_MAPS || spec.type() == MapType.HASH_OF_MAPS) {
            spec = spec.withInner(MapSpec.of("inner", MapType.ARRAY, 4, 4, 1));
        }
        if (random.nextInt(3) == 0) {
            spec = spec.withMapExtra(random.nextInt(2));
        }
        int mask = 0;
        for (int i = random.nextInt(3); i > 0; i--) {
            MapFlag flag = flags[random.nextInt(flags.length)];
            mask |= flag == MapFlag.TOKEN_FD ? 0 : flag.mask();
        }
        // Not more than the test may take of the machine's memory.
        return Integer.toUnsignedLong(spec.maxEntries()) * Integer.toUnsignedLong(spec.valueSize()) > 1 << 24
                ? spec.withMaxEntries(1).withFlags(mask)
                : spec.withFlags(mask);
    }

    private static String createLive(MapSpec spec) {
        try (LiveMap inner = spec.inner() == null ? null : LiveMap.create(spec.inner(), null);
                LiveMap live = LiveMap.create(spec, inner)) {
            return live.id() > 0 ? "created" : "";
        } catch (IOException e) {
            return e.getMessage().replace("BPF_MAP_CREATE: ", "");
        }
    }

    @Test
    void freezesAsTheKernelDoes() throws IOException {
        for (int flags : new int[]{0, MapFlag.RDONLY.mask(), MapFlag.WRONLY.mask()}) {
            MapSpec spec = MapSpec.of("map", MapType.HASH, 4, 8, 4).withFlags(flags);
            try (LiveMap live = LiveMap.create(spec, null)) {
                BpfMap model = environment().createMap(spec);
                for (BpfMap map : List.of(live, model)) {
                    boolean readable = flags != MapFlag.WRONLY.mask();
                    boolean writable = flags != MapFlag.RDONLY.mask();
                    int denied = Errno.EPERM.negative();
                    byte[] key = new byte[4];
                    byte[] value = new byte[8];
                    assertEquals(writable ? 0 : denied, map.update(key, value, 0));
                    assertEquals(!readable ? denied : writable ? 0 : Errno.ENOENT.negative(),
                            map.lookup(key, value, 0));
                    assertEquals(!readable ? denied : writable ? 0 : Errno.ENOENT.negative(), map.nextKey(null, key));
                    assertEquals(writable ? 0 : denied, map.freeze());
                    assertEquals(denied, map.freeze());
                    assertEquals(denied, map.update(key, value, 0));
                    assertEquals(denied, map.delete(key));
                    assertEquals(denied, map.lookupAndDelete(key, value, 0));
                    assertEquals(!readable ? denied : writable ? 0 : Errno.ENOENT.negative(),
                            map.lookup(key, value, 0));
                }
            }
        }
    }

    @Test
    void answersForMapsOfMapsAndRingBuffersAsTheKernelDoes() throws IOException {
        MapSpec inner = MapSpec.of("inner", MapType.ARRAY, 4, 4, 1);
        for (MapType type : List.of(MapType.ARRAY_OF_MAPS, MapType.HASH_OF_MAPS)) {
            MapSpec outer = MapSpec.of("outer", type, 4, 4, 2).withInner(inner);
            SpecEnvironment environment = environment();
            try (LiveMap liveInner = LiveMap.create(inner, null);
                    LiveMap liveOther = LiveMap.create(inner.withMaxEntries(2), null);
                    LiveMap liveOuter = LiveMap.create(outer, liveInner)) {
                BpfMap modelInner = environment.createMap(inner);
                BpfMap modelOther = environment.createMap(inner.withMaxEntries(2));
                BpfMap modelOuter = environment.createMap(outer);
                Random random = new Random(7);
                for (int i = 0; i < 300; i++) {
                    byte[] key = LittleEndian.bytes(random.nextInt(4), 4);
                    long flags = random.nextInt(4);
                    int which = random.nextInt(3);
                    int live = which == 0 ? liveInner.id() : which == 1 ? liveOther.id() : 0x7fff_0000;
                    int model = which == 0 ? modelInner.id() : which == 1 ? modelOther.id() : 0x7fff_0000;
                    String what = type + " " + Bytes.of(key) + " flags " + flags + " map " + which;
                    switch (random.nextInt(3)) {
                        case 0 -> assertEquals(liveOuter.update(key, LittleEndian.bytes(live, 4), flags),
                                modelOuter.update(key, LittleEndian.bytes(model, 4), flags), what);
                        case 1 -> assertEquals(liveOuter.delete(key), modelOuter.delete(key), what);
                        default -> assertEquals(liveOuter.lookup(key, new byte[4], 0),
                                modelOuter.lookup(key, new byte[4], 0), what);
                    }
                }
            }
        }
        MapSpec ring = MapSpec.of("ring", MapType.RINGBUF, 0, 0, 4096);
        try (LiveMap live = LiveMap.create(ring, null)) {
            BpfMap model = environment().createMap(ring);
            byte[] none = new byte[0];
            assertEquals(live.lookup(none, none, 0), model.lookup(none, none, 0));
            assertEquals(live.update(none, none, 0), model.update(none, none, 0));
            assertEquals(live.delete(none), model.delete(none));
            assertEquals(live.nextKey(null, none), model.nextKey(null, none));
        }
    }

    @Test
    void asksForKeysAndValuesOfTheMapsSizes() {
        BpfMap map = environment().createMap(MapSpec.of("map", MapType.ARRAY, 4, 8, 1));
        assertThrows(IllegalArgumentException.class, () -> map.lookup(new byte[3], new byte[8], 0));
        assertThrows(IllegalArgumentException.class, () -> map.update(new byte[4], new byte[7], 0));
    }
}
