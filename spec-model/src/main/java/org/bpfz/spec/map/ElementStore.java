package org.bpfz.spec.map;

import java.util.HashMap;
import java.util.Map;
import org.bpfz.spec.memory.Area;
import org.bpfz.spec.memory.Block;
import org.bpfz.spec.memory.Block.Protection;
import org.bpfz.spec.memory.MapArea;
import org.bpfz.spec.memory.Region;
import org.bpfz.spec.memory.RegionKind;
import org.bpfz.spec.program.MapFlag;
import org.bpfz.spec.program.MapSpec;
import org.jspecify.annotations.Nullable;

/** The bytes of a map's elements: a region for each key and each value, made when it is first touched and zero until then. */
final class ElementStore implements Area {
    private final MapSpec spec;
    private final MapArea area;
    private final Protection protection;
    private final Map<Long, Block> blocks = new HashMap<>();

    ElementStore(MapSpec spec, MapArea area) {
        this.spec = spec;
        this.area = area;
        protection = spec.has(MapFlag.RDONLY_PROG)
                ? Protection.READ_ONLY
                : spec.has(MapFlag.WRONLY_PROG) ? Protection.WRITE_ONLY : Protection.READ_WRITE;
    }

    /** How many elements there is room for. */
    int slots() {
        return area.slots();
    }

    /** How many copies of each value there are. */
    int cpus() {
        return area.cpus();
    }

    /** The value in a slot on a CPU, whose number is ignored unless the map is per-CPU; its bytes are rounded up to 8. */
    Block value(int slot, int cpu) {
        int copy = area.cpus() == 1 ? 0 : cpu;
        String name = area.cpus() == 1 ? spec.name() + "[" + slot + "]" : spec.name() + "[" + slot + "] on CPU " + cpu;
        Region region = new Region(RegionKind.MAP_VALUE, name, area.value(slot, copy), spec.valueSize());
        return blocks.computeIfAbsent(region.base(),
                base -> Block.of(region, protection, new byte[area.stride() - area.valueOffset()]));
    }

    /** The key in a slot. */
    Block key(int slot) {
        Region region = new Region(RegionKind.MAP_KEY, "key of " + spec.name() + "[" + slot + "]", area.key(slot),
                spec.keySize());
        return blocks.computeIfAbsent(region.base(),
                base -> Block.of(region, Protection.READ_ONLY, new byte[area.valueOffset()]));
    }

    @Override
    public long base() {
        return area.base();
    }

    @Override
    public long size() {
        return area.size();
    }

    @Override
    public Block at(long address) {
        long index = (address - area.base()) / area.stride();
        int slot = (int) (index % area.slots());
        int cpu = (int) (index / area.slots());
        boolean inKey = (address - area.base()) % area.stride() < area.valueOffset();
        return inKey && cpu == 0 ? key(slot) : value(slot, cpu);
    }

    @Override
    public byte peek(long address) {
        long start = address - (address - area.base()) % area.stride();
        long offset = address - start;
        @Nullable
        Block block = blocks.get(offset < area.valueOffset() ? start : start + area.valueOffset());
        return block == null ? 0 : block.peek(address);
    }
}
