package org.bpfz.spec.map;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import org.bpfz.spec.Bytes;
import org.bpfz.spec.Errno;
import org.bpfz.spec.engine.Services;
import org.bpfz.spec.machine.SpecificationEngine;
import org.bpfz.spec.memory.Block;
import org.bpfz.spec.memory.LittleEndian;
import org.bpfz.spec.program.MapFlag;
import org.bpfz.spec.program.MapSpec;
import org.bpfz.spec.program.MapType;
import org.junit.jupiter.api.Test;

/** A hash is a LinkedHashMap with a limit, and an LRU hash one in the order of use. */
class HashTableMapProperties {
    private static final int ENTRIES = 4;

    /** One operation: what it does, on which key, with which value and flags. */
    record Operation(int kind, int key, int value, int flags) {
        byte[] keyBytes() {
            return LittleEndian.bytes(key, 4);
        }

        byte[] valueBytes() {
            return LittleEndian.bytes(value, 4);
        }
    }

    private static HashTableMap create(MapType type, int flags) {
        return (HashTableMap) new SpecificationEngine().open(Services.repeatable(1))
                .createMap(MapSpec.of("map", type, 4, 4, ENTRIES).withFlags(flags));
    }

    @Property(tries = 400, edgeCases = EdgeCasesMode.NONE)
    void isALinkedHashMapWithALimit(@ForAll @Size(max = 60) List<@From("operations") Operation> operations,
            @ForAll boolean onDemand) {
        HashTableMap map = create(MapType.HASH, onDemand ? MapFlag.NO_PREALLOC.mask() : 0);
        Map<Integer, Integer> model = new LinkedHashMap<>();
        for (Operation operation : operations) {
            boolean present = model.containsKey(operation.key);
            switch (operation.kind) {
                case 0, 1 -> {
                    int expected = operation.flags == 1 && present
                            ? Errno.EEXIST.negative()
                            : operation.flags == 2 && !present
                                    ? Errno.ENOENT.negative()
                                    : !present && model.size() == ENTRIES ? Errno.E2BIG.negative() : 0;
                    int actual = operation.kind == 0
                            ? map.update(operation.keyBytes(), operation.valueBytes(), operation.flags)
                            : map.updateElement(operation.keyBytes(), operation.valueBytes(), operation.flags, 1);
                    assertEquals(expected, actual);
                    if (expected == 0) {
                        model.put(operation.key, operation.value);
                    }
                }
                case 2 -> assertEquals(model.remove(operation.key) == null ? Errno.ENOENT.negative() : 0,
                        map.delete(operation.keyBytes()));
                case 3 -> {
                    Block block = map.lookupElement(operation.keyBytes(), 0);
                    assertEquals(model.get(operation.key),
                            block == null ? null : (Integer) (int) LittleEndian.get(block.bytes(), 0, 4));
                }
                default -> {
                    byte[] value = new byte[4];
                    Integer expected = model.remove(operation.key);
                    assertEquals(expected == null ? Errno.ENOENT.negative() : 0,
                            map.lookupAndDelete(operation.keyBytes(), value, 0));
                    assertEquals(expected == null ? 0 : expected, LittleEndian.get(value, 0, 4) << 32 >> 32);
                }
            }
            assertHolds(map, model);
        }
    }

    /** The same keys, values and order, by get_next_key and by iteration; every element at an address of its own. */
    private static void assertHolds(HashTableMap map, Map<Integer, Integer> model) {
        List<Integer> keys = new ArrayList<>();
        byte[] next = new byte[4];
        for (int error = map.nextKey(null, next); error == 0; error = map.nextKey(next.clone(), next)) {
            keys.add((int) LittleEndian.get(next, 0, 4));
        }
        assertEquals(List.copyOf(model.keySet()), keys);
        Set<Long> addresses = new HashSet<>();
        ElementMap.Cursor cursor = map.visit(0);
        for (int key : keys) {
            byte[] value = new byte[4];
            assertEquals(0, map.lookup(LittleEndian.bytes(key, 4), value, 0));
            assertEquals(Bytes.of(LittleEndian.bytes(model.get(key), 4)), Bytes.of(value));
            ElementMap.Visit visit = cursor.next();
            assertNotNull(visit);
            addresses.add(visit.value().bits());
        }
        assertNull(cursor.next());
        assertEquals(keys.size(), addresses.size());
    }

    @Property(tries = 400, edgeCases = EdgeCasesMode.NONE)
    void isInTheOrderOfUse(@ForAll @Size(max = 60) List<@From("operations") Operation> operations) {
        HashTableMap map = create(MapType.LRU_HASH, 0);
        LinkedHashMap<Integer, Integer> model = new LinkedHashMap<>(16, 0.75f, true);
        int free = ENTRIES;
        for (Operation operation : operations) {
            switch (operation.kind) {
                case 0, 1 -> {
                    // A slot is taken before the key is looked for, so that a full map loses an element in any case.
                    if (free == 0) {
                        model.pollFirstEntry();
                        free++;
                    }
                    boolean present = model.containsKey(operation.key);
                    int expected = operation.flags == 1 && present
                            ? Errno.EEXIST.negative()
                            : operation.flags == 2 && !present ? Errno.ENOENT.negative() : 0;
                    assertEquals(expected, map.update(operation.keyBytes(), operation.valueBytes(), operation.flags));
                    if (expected == 0) {
                        model.put(operation.key, operation.value);
                        free -= present ? 0 : 1;
                    }
                }
                case 2 -> {
                    boolean present = model.remove(operation.key) != null;
                    free += present ? 1 : 0;
                    assertEquals(present ? 0 : Errno.ENOENT.negative(), map.delete(operation.keyBytes()));
                }
                case 3 -> {
                    Block block = map.lookupElement(operation.keyBytes(), 0);
                    assertEquals(model.get(operation.key),
                            block == null ? null : (Integer) (int) LittleEndian.get(block.bytes(), 0, 4));
                }
                default -> {
                    // User space's lookup is no use.
                    int expected = model.containsKey(operation.key) ? 0 : Errno.ENOENT.negative();
                    assertEquals(expected, map.lookup(operation.keyBytes(), new byte[4], 0));
                }
            }
            Set<Integer> keys = new HashSet<>();
            byte[] next = new byte[4];
            for (int error = map.nextKey(null, next); error == 0; error = map.nextKey(next.clone(), next)) {
                keys.add((int) LittleEndian.get(next, 0, 4));
            }
            assertEquals(Set.copyOf(model.keySet()), keys);
        }
    }

    @Provide
    Arbitrary<Operation> operations() {
        return Combinators.combine(Arbitraries.integers().between(0, 4), Arbitraries.integers().between(0, 6),
                Arbitraries.integers(), Arbitraries.of(0, 0, 0, 1, 2)).as(Operation::new);
    }

    @Test
    void exchangesTheSpareElementOfTheCurrentCpu() {
        HashTableMap map = create(MapType.HASH, 0);
        byte[] key = LittleEndian.bytes(1, 4);
        long first = address(map, key, 0, 0);
        long second = address(map, key, 1, 0);
        long third = address(map, key, 2, 0);
        assertNotEquals(first, second);
        assertEquals(first, third, "the first is the spare after the second update");
        long other = address(map, key, 3, 1);
        assertNotEquals(second, other, "another CPU has another spare");
        assertEquals(0, map.update(LittleEndian.bytes(2, 4), LittleEndian.bytes(9, 4), 0));
        byte[] value = new byte[4];
        assertEquals(0, map.lookup(key, value, 0));
        assertArrayEquals(LittleEndian.bytes(3, 4), value, "an insertion takes no spare");
    }

    private static long address(HashTableMap map, byte[] key, int value, int cpu) {
        assertEquals(0, map.updateElement(key, LittleEndian.bytes(value, 4), 0, cpu));
        Block block = map.lookupElement(key, cpu);
        assertNotNull(block);
        return block.base();
    }
}
