package org.bpfz.spec.engine.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.bpfz.spec.Bytes;
import org.bpfz.spec.Errno;
import org.bpfz.spec.engine.Environment;
import org.bpfz.spec.engine.Fault;
import org.bpfz.spec.engine.MapCreationException;
import org.bpfz.spec.engine.Services;
import org.bpfz.spec.machine.SpecificationEngine;
import org.bpfz.spec.map.BpfMap;
import org.bpfz.spec.memory.LittleEndian;
import org.bpfz.spec.program.MapFlag;
import org.bpfz.spec.program.MapSpec;
import org.bpfz.spec.program.MapType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Maps, from the program's side and from user space's. */
public abstract class MapContract extends EngineContract {
    /** R1 = map 0, R2 = the address of a key that is the number in R6, R3 = the address of a value that is the number in R7. */
    private static final String ARGUMENTS = """
            *(u32 *)(r10 -4) = r6
            *(u64 *)(r10 -16) = r7
            r1 = map[idx:0]
            r2 = r10
            r2 += -4
            r3 = r10
            r3 += -16
            """;

    private static MapSpec map(MapType type, int entries) {
        return MapSpec.of("map", type, 4, 8, entries);
    }

    private static byte[] key(int key) {
        return LittleEndian.bytes(key, 4);
    }

    private static byte[] value(long value) {
        return LittleEndian.bytes(value, 8);
    }

    private static String update(int key, long value, int flags) {
        return "r6 = " + key + "\nr7 = " + value + "\n" + ARGUMENTS + "r4 = " + flags + "\ncall bpf_map_update_elem\n";
    }

    private static String delete(int key) {
        return "r6 = " + key + "\nr7 = 0\n" + ARGUMENTS + "call bpf_map_delete_elem\n";
    }

    private static String lookup(int key) {
        return "r6 = " + key + "\nr7 = 0\n" + ARGUMENTS + "call bpf_map_lookup_elem\n";
    }

    private static String lookupValue(int key) {
        return lookup(key) + "if r0 != 0 goto +2\nr0 = -1\ngoto +1\nr0 = *(u64 *)(r0 +0)\n";
    }

    @ParameterizedTest
    @EnumSource(names = {"ARRAY", "HASH", "LRU_HASH", "PERCPU_ARRAY", "PERCPU_HASH", "LRU_PERCPU_HASH"})
    void updatesAndLooksUp(MapType type) {
        assertEquals(55, returned(Trial.of(update(2, 55, 0) + lookupValue(2) + "exit").map(map(type, 4))));
    }

    @ParameterizedTest
    @EnumSource(names = {"HASH", "LRU_HASH", "PERCPU_HASH", "LRU_PERCPU_HASH"})
    void deletes(MapType type) {
        assertEquals(-1, returned(Trial.of(update(2, 55, 0) + delete(2) + lookupValue(2) + "exit").map(map(type, 4))));
        assertEquals(Errno.ENOENT.negative(), returned(Trial.of(delete(2) + "exit").map(map(type, 4))));
    }

    @ParameterizedTest
    @EnumSource(names = {"HASH", "LRU_HASH", "PERCPU_HASH", "LRU_PERCPU_HASH"})
    void mindsTheFlagsOfAnUpdate(MapType type) {
        assertEquals(Errno.ENOENT.negative(), returned(Trial.of(update(1, 5, 2) + "exit").map(map(type, 4))));
        assertEquals(Errno.EEXIST.negative(),
                returned(Trial.of(update(1, 5, 0) + update(1, 6, 1) + "exit").map(map(type, 4))));
        assertEquals(Errno.EINVAL.negative(), returned(Trial.of(update(1, 5, 3) + "exit").map(map(type, 4))));
        assertEquals(Errno.EINVAL.negative(), returned(Trial.of(update(1, 5, -1) + "exit").map(map(type, 4))));
    }

    @Test
    void doesWithAnArrayWhatAnArrayAllows() {
        MapSpec array = map(MapType.ARRAY, 4);
        assertEquals(Errno.E2BIG.negative(), returned(Trial.of(update(4, 5, 0) + "exit").map(array)));
        assertEquals(Errno.E2BIG.negative(), returned(Trial.of(update(4, 5, 1) + "exit").map(array)));
        assertEquals(Errno.EEXIST.negative(), returned(Trial.of(update(3, 5, 1) + "exit").map(array)));
        assertEquals(Errno.EINVAL.negative(), returned(Trial.of(update(4, 5, 3) + "exit").map(array)));
        assertEquals(Errno.EINVAL.negative(), returned(Trial.of(delete(1) + "exit").map(array)));
        assertEquals(0, returned(Trial.of(lookup(4) + "exit").map(array)));
        assertEquals(0, returned(Trial.of(lookup(-1) + "exit").map(array)));
    }

    @Test
    void fillsAHashUpToItsSize() {
        String three = update(1, 5, 0) + update(2, 5, 0) + update(3, 5, 0);
        assertEquals(Errno.E2BIG.negative(), returned(Trial.of(three + "exit").map(map(MapType.HASH, 2))));
        assertEquals(Errno.E2BIG.negative(), returned(Trial.of(three + "exit")
                .map(map(MapType.HASH, 2).withFlags(MapFlag.NO_PREALLOC.mask()))));
        assertEquals(0, returned(Trial.of(update(1, 5, 0) + update(2, 5, 0) + update(1, 6, 2) + "exit")
                .map(map(MapType.HASH, 2))), "a full hash replaces");
    }

    @Test
    void writesThroughTheAddressOfAValue() {
        Observation seen = observe(Trial.of(update(7, 5, 0) + lookup(7) + "*(u64 *)(r0 +0) = 9\nr0 = 0\nexit")
                .map(map(MapType.HASH, 4)));
        assertEquals(Bytes.of(value(9)), seen.maps().getFirst().get(key(7)));
    }

    @Test
    void keepsTheOldValueWhereAHashHasReplacedIt() {
        String text = update(1, 5, 0) + lookup(1) + "r8 = r0\n" + update(1, 6, 0) + lookup(1)
                + "r9 = *(u64 *)(r0 +0)\nr9 <<= 8\nr0 = *(u64 *)(r8 +0)\nr0 += r9\nexit";
        assertEquals(6 << 8 | 5, returned(Trial.of(text).map(map(MapType.HASH, 4))));
        assertEquals(6 << 8 | 6, returned(Trial.of(text).map(map(MapType.ARRAY, 4))));
        assertEquals(6 << 8 | 6, returned(Trial.of(text).map(map(MapType.PERCPU_HASH, 4))));
    }

    @Test
    void givesADeletedElementsPlaceToTheNext() {
        String text = update(1, 5, 0) + lookup(1) + "r8 = r0\n" + delete(1) + "r9 = *(u64 *)(r8 +0)\n" + update(2, 6, 0)
                + "r9 <<= 8\nr0 = *(u64 *)(r8 +0)\nr0 += r9\nexit";
        assertEquals(5 << 8 | 6, returned(Trial.of(text).map(map(MapType.HASH, 4))));
    }

    @Test
    void evictsWhatWasUsedLongestAgo() {
        String fill = update(1, 1, 0) + update(2, 2, 0) + update(3, 3, 0);
        MapSpec lru = map(MapType.LRU_HASH, 3);
        Observation first = observe(Trial.of(fill + update(4, 4, 0) + "exit").map(lru));
        assertEquals(List.of(2L, 3L, 4L), values(first));
        Observation used = observe(Trial.of(fill + lookup(1) + update(4, 4, 0) + "exit").map(lru));
        assertEquals(List.of(1L, 3L, 4L), values(used));
    }

    @Test
    void evictsForAnUpdateOfAFullLruHashAndForARefusedOne() {
        String fill = update(1, 1, 0) + update(2, 2, 0) + update(3, 3, 0);
        MapSpec lru = map(MapType.LRU_HASH, 3);
        assertEquals(List.of(2L, 30L), values(observe(Trial.of(fill + update(3, 30, 0) + "exit").map(lru))));
        Observation refused = observe(Trial.of(fill + update(3, 30, 1) + "exit").map(lru));
        assertEquals(Errno.EEXIST.negative(), refused.result().r0());
        assertEquals(List.of(2L, 3L), values(refused));
    }

    private static List<Long> values(Observation seen) {
        return seen.maps().getFirst().entries().stream()
                .map(entry -> LittleEndian.get(entry.value().toArray(), 0, 8)).toList();
    }

    @Test
    void keepsAValueForEachCpu() {
        String text = update(1, 77, 0) + "r0 = 0\nexit";
        for (MapType type : List.of(MapType.PERCPU_ARRAY, MapType.PERCPU_HASH)) {
            Observation seen = observe(Trial.of(text).map(map(type, 4)).cpu(1));
            assertEquals(Bytes.of(bytes(0, 0, 0, 0, 0, 0, 0, 0, 77, 0, 0, 0, 0, 0, 0, 0)),
                    seen.maps().getFirst().get(key(1)), type.name());
        }
    }

    @Test
    void looksUpTheValueOfAnotherCpu() {
        String text = lookup(1).replace("call bpf_map_lookup_elem", "r3 = %d\ncall bpf_map_lookup_percpu_elem")
                + "if r0 == 0 goto +1\nr0 = *(u64 *)(r0 +0)\nexit";
        Trial trial = Trial.of(text.formatted(1)).map(map(MapType.PERCPU_HASH, 4)).before(
                environment -> environment.maps().getFirst().update(key(1),
                        bytes(1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0), 0));
        assertEquals(2, returned(trial));
        assertEquals(0, returned(Trial.of(text.formatted(2)).map(map(MapType.PERCPU_HASH, 4))));
    }

    @Test
    void zeroesTheOtherCpusValuesOfANewElement() {
        // The slot has held ones on both CPUs before.
        Trial trial = Trial.of(update(2, 3, 0) + "exit").map(map(MapType.PERCPU_HASH, 1)).before(environment -> {
            BpfMap map = environment.maps().getFirst();
            byte[] ones = new byte[16];
            Arrays.fill(ones, (byte) 1);
            map.update(key(1), ones, 0);
            map.delete(key(1));
        });
        assertEquals(Bytes.of(bytes(3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)),
                observe(trial).maps().getFirst().get(key(2)));
    }

    @Test
    void visitsTheElementsOfAnArray() {
        assertEquals(3L << 32 | (1 * 10 + 2 * 20 + 0 * 5), returned(Trial.of("""
                *(u64 *)(r10 -8) = 0
                r1 = map[idx:0]
                r2 = subprog[callback]
                r3 = r10
                r3 += -8
                r4 = 0
                call bpf_for_each_map_elem
                r0 <<= 32
                r1 = *(u64 *)(r10 -8)
                r0 += r1
                exit
                callback:
                r2 = *(u32 *)(r2 +0)
                r3 = *(u64 *)(r3 +0)
                r2 *= r3
                lock *(u64 *)(r4 +0) += r2
                r0 = 0
                exit""").map(map(MapType.ARRAY, 3)).before(environment -> {
            BpfMap map = environment.maps().getFirst();
            map.update(key(0), value(5), 0);
            map.update(key(1), value(10), 0);
            map.update(key(2), value(20), 0);
        })));
    }

    @Test
    void visitsAHashInItsOrderAndLeavesOutWhatIsDeleted() {
        // The callback deletes the key behind its own and stops at key 5; keys 1, 3 and 5 are visited.
        assertEquals(3, returned(Trial.of("""
                r1 = map[idx:0]
                r2 = subprog[callback]
                r3 = 0
                r4 = 0
                call bpf_for_each_map_elem
                exit
                callback:
                r6 = *(u32 *)(r2 +0)
                r7 = r6
                r7 += 1
                *(u32 *)(r10 -4) = r7
                r2 = r10
                r2 += -4
                call bpf_map_delete_elem
                r0 = 0
                if r6 != 5 goto end
                r0 = 1
                end: exit""").map(map(MapType.HASH, 8)).before(environment -> {
            for (int i = 1; i <= 7; i++) {
                environment.maps().getFirst().update(key(i), value(i), 0);
            }
        })));
    }

    @Test
    void refusesFlagsOfAVisit() {
        assertEquals(Errno.EINVAL.negative(), returned(Trial.of("""
                r1 = map[idx:0]
                r2 = subprog[callback]
                r3 = 0
                r4 = 1
                call bpf_for_each_map_elem
                exit
                callback: r0 = 0
                exit""").map(map(MapType.ARRAY, 3))));
    }

    @Test
    void pushesPopsAndPeeks() {
        String push = "*(u64 *)(r10 -8) = %d\nr1 = map[idx:0]\nr2 = r10\nr2 += -8\nr3 = %d\ncall bpf_map_push_elem\n";
        String pop = "r1 = map[idx:0]\nr2 = r10\nr2 += -8\ncall bpf_map_pop_elem\nr0 = *(u64 *)(r10 -8)\n";
        String peek = pop.replace("pop", "peek");
        for (MapType type : List.of(MapType.QUEUE, MapType.STACK)) {
            MapSpec map = MapSpec.of("map", type, 0, 8, 2);
            String two = push.formatted(1, 0) + push.formatted(2, 0);
            long next = type == MapType.QUEUE ? 1 : 2;
            assertEquals(next, returned(Trial.of(two + pop + "exit").map(map)));
            assertEquals(next, returned(Trial.of(two + peek + pop + "exit").map(map)));
            assertEquals(3 - next, returned(Trial.of(two + pop + pop + "exit").map(map)));
            assertEquals(Errno.E2BIG.negative(), returned(Trial.of(two + push.formatted(3, 0) + "exit").map(map)));
            assertEquals(Errno.EINVAL.negative(), returned(Trial.of(push.formatted(3, 1) + "exit").map(map)));
            assertEquals(type == MapType.QUEUE ? 2 : 3,
                    returned(Trial.of(two + push.formatted(3, 2) + pop + "exit").map(map)), "the oldest made room");
            assertEquals(0, returned(Trial.of("*(u64 *)(r10 -8) = 5\n" + pop + "exit").map(map)), "zeroed");
            assertEquals(Errno.ENOENT.negative(), returned(
                    Trial.of("*(u64 *)(r10 -8) = 5\n" + pop.replace("r0 = *(u64 *)(r10 -8)\n", "") + "exit").map(map)));
        }
    }

    @Test
    void findsTheMapsInAMap() {
        MapSpec inner = map(MapType.ARRAY, 2);
        MapSpec arrayOfMaps = MapSpec.of("outer", MapType.ARRAY_OF_MAPS, 4, 4, 2).withInner(inner);
        MapSpec hashOfMaps = MapSpec.of("outer", MapType.HASH_OF_MAPS, 4, 4, 2).withInner(inner);
        String text = lookup(1) + """
                if r0 == 0 goto none
                r1 = r0
                r2 = r10
                r2 += -4
                call bpf_map_lookup_elem
                if r0 == 0 goto none
                r0 = *(u64 *)(r0 +0)
                none: exit""";
        for (MapSpec outer : List.of(arrayOfMaps, hashOfMaps)) {
            Trial trial = Trial.of(text).map(outer).map(inner).before(environment -> {
                assertEquals(0, environment.maps().get(1).update(key(1), value(42), 0));
                assertEquals(0, environment.maps().get(0).update(key(1), key(2), 0));
            });
            assertEquals(42, returned(trial));
            assertEquals(0, returned(Trial.of(text).map(outer).map(inner)));
        }
    }

    @Test
    void takesOnlyMapsThatAreLikeTheInnerOne() {
        MapSpec inner = map(MapType.ARRAY, 2);
        Environment environment = engine().open(Services.repeatable(1));
        BpfMap outer = environment.createMap(MapSpec.of("outer", MapType.ARRAY_OF_MAPS, 4, 4, 2).withInner(inner));
        BpfMap larger = environment.createMap(map(MapType.ARRAY, 3));
        BpfMap same = environment.createMap(inner);
        assertEquals(Errno.EINVAL.negative(), outer.update(key(0), key(larger.id()), 0));
        assertEquals(Errno.EBADF.negative(), outer.update(key(0), key(99), 0));
        assertEquals(Errno.EINVAL.negative(), outer.update(key(0), key(same.id()), BpfMap.NOEXIST));
        assertEquals(Errno.E2BIG.negative(), outer.update(key(2), key(same.id()), 0));
        assertEquals(0, outer.update(key(0), key(same.id()), 0));
        byte[] id = new byte[4];
        assertEquals(0, outer.lookup(key(0), id, 0));
        assertEquals(same.id(), LittleEndian.get(id, 0, 4));
        assertEquals(Errno.ENOENT.negative(), outer.lookup(key(1), id, 0));
        assertEquals(Errno.ENOENT.negative(), outer.delete(key(1)));
        assertEquals(0, outer.delete(key(0)));
    }

    @Test
    void writesRecordsIntoARingBuffer() {
        MapSpec ring = MapSpec.of("ring", MapType.RINGBUF, 0, 0, 4096);
        Observation seen = observe(Trial.of("""
                r1 = map[idx:0]
                r2 = 16
                r3 = 0
                call bpf_ringbuf_reserve
                r6 = r0
                *(u64 *)(r6 +8) = 7
                *(u64 *)(r10 -8) = 9
                r1 = map[idx:0]
                r2 = r10
                r2 += -8
                r3 = 8
                r4 = 0
                call bpf_ringbuf_output
                r7 = r0
                r1 = r6
                r2 = 0
                call bpf_ringbuf_submit
                r1 = map[idx:0]
                r2 = 8
                r3 = 0
                call bpf_ringbuf_reserve
                r1 = r0
                r2 = 0
                call bpf_ringbuf_discard
                r1 = map[idx:0]
                r2 = 3
                call bpf_ringbuf_query
                r0 += r7
                exit""").map(ring));
        assertEquals(24 + 16 + 16, seen.result().r0(), "the producer's position");
        assertEquals(List.of(Bytes.of(bytes(0, 0, 0, 0, 0, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0)), Bytes.of(value(9))),
                seen.maps().getFirst().entries().stream().map(Observation.Entry::value).toList());
    }

    @Test
    void fillsARingBufferAllButOneByte() {
        MapSpec ring = MapSpec.of("ring", MapType.RINGBUF, 0, 0, 4096);
        String reserve = "r1 = map[idx:0]\nr2 = %d\nr3 = 0\ncall bpf_ringbuf_reserve\n";
        assertEquals(0, returned(Trial.of(reserve.formatted(4088) + "exit").map(ring)));
        assertNotEquals(0, returned(Trial.of(reserve.formatted(4080) + "exit").map(ring)));
        assertEquals(0, returned(Trial.of(reserve.formatted(-1) + "exit").map(ring)));
    }

    @Test
    void refusesMapsThatTheKernelRefuses() {
        Environment environment = engine().open(Services.repeatable(1));
        MapCreationException refused = assertThrows(MapCreationException.class,
                () -> environment.createMap(MapSpec.of("map", MapType.ARRAY, 8, 8, 1)));
        assertEquals(Errno.EINVAL, refused.errno());
        assertEquals(Errno.ENOMEM, assertThrows(MapCreationException.class,
                () -> environment.createMap(MapSpec.of("map", MapType.ARRAY, 4, 1 << 20, 1 << 20))).errno());
        assertEquals(List.of(), environment.maps());
    }

    @Test
    void letsNobodyWriteAFrozenMapButPrograms() {
        Observation seen = observe(Trial.of(update(1, 5, 0) + "exit").map(map(MapType.ARRAY, 2)).before(environment -> {
            BpfMap map = environment.maps().getFirst();
            assertEquals(0, map.freeze());
            assertEquals(Errno.EPERM.negative(), map.update(key(1), value(9), 0));
            assertEquals(Errno.EPERM.negative(), map.delete(key(1)));
            assertEquals(Errno.EPERM.negative(), map.freeze());
        }));
        assertEquals(Bytes.of(value(5)), seen.maps().getFirst().get(key(1)));
    }

    @Test
    void refusesArgumentsThatAreNoMaps() {
        assertEquals(1, faults(Fault.BadArgument.class, 3,
                Trial.of("*(u32 *)(r10 -4) = 0\nr2 = r10\nr2 += -4\ncall bpf_map_lookup_elem\nexit")
                        .context(new byte[8]))
                .argument());
        assertEquals(1, faults(Fault.BadArgument.class, 6, Trial.of("""
                *(u64 *)(r10 -8) = 0
                r1 = map[idx:0]
                r2 = r10
                r2 += -8
                r3 = 0
                call bpf_map_push_elem
                exit""").map(map(MapType.ARRAY, 1))).argument());
    }

    /** Random operations of user space, on the engine's map and on the specification's. */
    @Property(tries = 150, shrinking = ShrinkingMode.OFF)
    void doesForUserSpaceWhatTheSpecificationDoes(@ForAll long seed) {
        Random random = new Random(seed);
        MapType[] types = {MapType.ARRAY, MapType.HASH, MapType.LRU_HASH, MapType.PERCPU_ARRAY, MapType.PERCPU_HASH,
            MapType.LRU_PERCPU_HASH};
        MapSpec spec = MapSpec.of("map", types[random.nextInt(types.length)], 4, 1 + random.nextInt(20),
                1 + random.nextInt(5));
        BpfMap actual = engine().open(Services.repeatable(1)).createMap(spec);
        BpfMap expected = new SpecificationEngine().open(Services.repeatable(1)).createMap(spec);
        assertEquals(expected.userValueSize(), actual.userValueSize());
        for (int i = 0; i < 60; i++) {
            operate(random.nextLong(), expected, actual);
        }
        assertEquals(Observation.Contents.of(expected), Observation.Contents.of(actual));
    }

    private static void operate(long seed, BpfMap expected, BpfMap actual) {
        Random random = new Random(seed);
        byte[] key = key(random.nextInt(7));
        byte[] in = new byte[expected.userValueSize()];
        random.nextBytes(in);
        long flags = random.nextInt(8) == 0 ? random.nextInt(-2, 9) : random.nextInt(3);
        byte[] expectedOut = in.clone();
        byte[] actualOut = in.clone();
        int operation = random.nextInt(6);
        int wanted = operate(operation, expected, key, expectedOut, flags);
        assertEquals(wanted, operate(operation, actual, key, actualOut, flags));
        assertEquals(Bytes.of(expectedOut), Bytes.of(actualOut));
    }

    private static int operate(int operation, BpfMap map, byte[] key, byte[] value, long flags) {
        return switch (operation) {
            case 0, 1 -> map.update(key, value, flags);
            case 2 -> map.lookup(key, value, flags == 1 ? 0 : flags);
            case 3 -> map.delete(key);
            case 4 -> map.lookupAndDelete(key, value, flags == 1 ? 0 : flags);
            default -> {
                byte[] next = new byte[4];
                int result = map.nextKey(flags == 0 ? null : key, next);
                if (result == 0 && value.length >= 4) {
                    System.arraycopy(next, 0, value, 0, 4);
                }
                yield result;
            }
        };
    }
}
