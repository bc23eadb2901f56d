package org.bpfz.loader;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bpfz.loader.elf.ElfFile;
import org.bpfz.loader.elf.ElfSection;
import org.bpfz.spec.btf.Btf;
import org.bpfz.spec.program.MapType;
import org.jspecify.annotations.Nullable;

/**
 * The maps of an object in libbpf's order (bpf_object__init_maps): legacy definitions, BTF-defined ones, then a map for each section
 * of data; and where in the file each stands, so that relocations find it.
 */
final class ObjectMaps {
    /** A map and its place: data sections are maps as a whole, definitions begin at an offset of their section. */
    record Placed(MapDefinition definition, int section, long offset, boolean data) {}

    private final List<Placed> placed;

    private ObjectMaps(List<Placed> placed) {
        this.placed = List.copyOf(placed);
    }

    /** Collects the maps of a file whose types have been completed. */
    static ObjectMaps read(ElfFile file, @Nullable Btf btf) {
        List<Placed> placed = new ArrayList<>();
        Optional<ElfSection> legacy = file.section(LegacyMaps.SECTION);
        legacy.ifPresent(section -> placed.addAll(new LegacyMaps(file, section).read()));
        Optional<ElfSection> defined = file.section(BtfMaps.SECTION);
        defined.ifPresent(section -> placed.addAll(new BtfMaps(file, section, btf).read()));
        placed.addAll(new DataMaps(file, btf).read());
        return new ObjectMaps(placed);
    }

    /** All maps by index. */
    List<MapDefinition> definitions() {
        return placed.stream().map(Placed::definition).toList();
    }

    /** The index of the map that is defined at an offset of a section, -1 if there is none. */
    int definedAt(int section, long offset) {
        for (int i = 0; i < placed.size(); i++) {
            Placed map = placed.get(i);
            if (!map.data() && map.section() == section && map.offset() == offset) {
                return i;
            }
        }
        return -1;
    }

    /** The index of the map that holds the variables of a section, -1 if there is none: the section as a map, or the arena. */
    int dataOf(ElfSection section) {
        for (int i = 0; i < placed.size(); i++) {
            Placed map = placed.get(i);
            boolean arena = section.name().equals(BtfMaps.ARENA_SECTION)
                    && map.definition().spec().type() == MapType.ARENA;
            if (arena || (map.data() && map.section() == section.index())) {
                return i;
            }
        }
        return -1;
    }
}
