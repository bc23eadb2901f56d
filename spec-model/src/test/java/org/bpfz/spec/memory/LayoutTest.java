package org.bpfz.spec.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.bpfz.spec.program.MapFlag;
import org.bpfz.spec.program.MapSpec;
import org.bpfz.spec.program.MapType;
import org.junit.jupiter.api.Test;

/** Areas keep apart, addresses can be told apart, and a full arena says so. */
class LayoutTest {

    @Test
    void putsTheFixedAreasBehindEachOther() {
        long[] starts = {Layout.BASE, Layout.ITERATION_KEYS, Layout.CONTEXT, Layout.PACKET - Layout.PACKET_HEADROOM,
            Layout.MAPS};
        long[] ends = {Layout.STACK_TOP, Layout.ITERATION_KEYS + 8 * Layout.ITERATION_KEY_STRIDE,
            Layout.CONTEXT + Layout.CONTEXT_LIMIT, Layout.PACKET + Layout.PACKET_LIMIT,
            Layout.BASE + Layout.ARENA_LIMIT};
        for (int i = 0; i < starts.length; i++) {
            assertTrue(starts[i] < ends[i], "area " + i);
            assertTrue(i == 0 || ends[i - 1] <= starts[i], "area " + i);
        }
        assertTrue(Layout.CONTEXT + Layout.RAW_LIMIT <= Layout.MAPS);
        assertEquals(Layout.STACK_TOP, Layout.framePointer(0));
        assertEquals(Layout.BASE, Layout.framePointer(7) - Layout.FRAME_SIZE);
    }

    @Test
    void isInTheKernelsHalf() {
        for (long base : new long[]{Layout.BASE, Layout.MAP_HANDLES, Layout.FUNCTIONS, Layout.WRITTEN_DATA,
            Layout.TASK}) {
            assertEquals(0x1ffff, base >>> 47, Long.toHexString(base));
        }
    }

    @Property
    void tellsHandlesAndFunctionsFromTheirAddresses(@ForAll @IntRange(min = 1) int id,
            @ForAll @IntRange(min = 0, max = 1 << 30) int slot) {
        assertEquals(id, Layout.mapId(Layout.mapHandle(id)));
        assertEquals(0, Layout.mapId(Layout.mapHandle(id) + 1));
        assertEquals(slot, Layout.functionSlot(Layout.function(slot)));
        assertEquals(-1, Layout.functionSlot(Layout.function(slot) + 4));
        assertEquals(0, Layout.mapId(Layout.function(slot)));
        assertEquals(-1, Layout.functionSlot(Layout.mapHandle(id)));
    }

    @Test
    void knowsNoHandleOfMapZero() {
        assertEquals(0, Layout.mapId(Layout.MAP_HANDLES));
        assertEquals(0, Layout.mapId(0));
        assertEquals(-1, Layout.functionSlot(0));
    }

    @Property
    void placesAreasApart(@ForAll @Size(min = 1, max = 20) List<@IntRange(min = 0, max = 10_000) Integer> sizes) {
        Layout layout = new Layout();
        long end = Layout.MAPS;
        for (int size : sizes) {
            long base = layout.place(size);
            assertEquals(0, base % 64);
            assertTrue(base == Layout.MAPS || base >= end + 64);
            end = base + size;
            assertTrue(layout.end() >= end);
            assertTrue(Layout.inArena(base, size));
        }
    }

    @Test
    void refusesWhatTheArenaCanNotHold() {
        Layout layout = new Layout();
        assertEquals(Layout.FULL, layout.place(Layout.ARENA_LIMIT));
        assertEquals(Layout.FULL, layout.place(Long.MAX_VALUE));
        assertEquals(Layout.MAPS, layout.place(Layout.ARENA_LIMIT - (1 << 20)));
        assertEquals(Layout.FULL, layout.place(1 << 20));
        assertNotEquals(Layout.FULL, layout.place(16), "a small one still fits");
    }

    @Test
    void knowsWhatIsInTheArena() {
        assertTrue(Layout.inArena(Layout.BASE, 8));
        assertFalse(Layout.inArena(Layout.BASE - 1, 8));
        assertTrue(Layout.inArena(Layout.BASE + Layout.ARENA_LIMIT - 8, 8));
        assertFalse(Layout.inArena(Layout.BASE + Layout.ARENA_LIMIT - 7, 8));
        assertFalse(Layout.inArena(0, 1));
        assertFalse(Layout.inArena(Layout.BASE, Long.MAX_VALUE));
    }

    private static MapArea place(MapSpec spec, int cpus) {
        MapArea area = MapArea.place(new Layout(), spec, cpus);
        assertNotNull(area);
        return area;
    }

    @Property(tries = 100)
    void givesEveryElementItsOwnBytes(@ForAll @IntRange(min = 1, max = 9) int key,
            @ForAll @IntRange(min = 1, max = 20) int value, @ForAll @IntRange(min = 1, max = 5) int entries,
            @ForAll @IntRange(min = 1, max = 3) int cpus, @ForAll boolean onDemand) {
        int flags = onDemand ? MapFlag.NO_PREALLOC.mask() : 0;
        List<MapSpec> specs = new ArrayList<>(List.of(MapSpec.of("m", MapType.ARRAY, 4, value, entries),
                MapSpec.of("m", MapType.PERCPU_ARRAY, 4, value, entries),
                MapSpec.of("m", MapType.LRU_HASH, key, value, entries),
                MapSpec.of("m", MapType.LRU_PERCPU_HASH, key, value, entries)
                        .withFlags(MapFlag.NO_COMMON_LRU.mask()),
                MapSpec.of("m", MapType.HASH, key, value, entries).withFlags(flags),
                MapSpec.of("m", MapType.PERCPU_HASH, key, value, entries).withFlags(flags)));
        for (MapSpec spec : specs) {
            MapArea area = place(spec, cpus);
            Set<Long> bytes = new HashSet<>();
            for (int slot = 0; slot < area.slots(); slot++) {
                if (area.valueOffset() > 0) {
                    claim(bytes, area.key(slot), spec.keySize(), area);
                }
                for (int cpu = 0; cpu < area.cpus(); cpu++) {
                    assertEquals(0, area.value(slot, cpu) % 8);
                    claim(bytes, area.value(slot, cpu), value, area);
                }
            }
            assertTrue(area.slots() >= entries);
        }
    }

    private static void claim(Set<Long> bytes, long from, int size, MapArea area) {
        for (long address = from; address < from + size; address++) {
            assertTrue(bytes.add(address), "shared byte");
            assertTrue(address >= area.base() && address < area.base() + area.size(), "outside");
        }
    }

    @Test
    void countsTheSparesOfAHash() {
        MapSpec hash = MapSpec.of("m", MapType.HASH, 4, 8, 10);
        assertEquals(13, place(hash, 3).slots());
        assertEquals(11, place(hash.withFlags(MapFlag.NO_PREALLOC.mask()), 3).slots());
        MapSpec lru = MapSpec.of("m", MapType.LRU_HASH, 4, 8, 10);
        assertEquals(10, place(lru, 3).slots());
        assertEquals(12, place(lru.withFlags(MapFlag.NO_COMMON_LRU.mask()), 3).slots());
    }

    @Test
    void placesNoMapThatIsTooLarge() {
        assertNull(MapArea.place(new Layout(), MapSpec.of("m", MapType.ARRAY, 4, -1, -1), 4));
        assertNull(MapArea.place(new Layout(), MapSpec.of("m", MapType.ARRAY, 4, 1 << 20, 1 << 12), 1));
        assertNull(MapArea.place(new Layout(), MapSpec.of("m", MapType.PERCPU_ARRAY, 4, 1 << 15, 1 << 12), 64));
        assertEquals(0, place(MapSpec.of("m", MapType.PROG_ARRAY, 4, 4, -1), 1).size());
    }
}
