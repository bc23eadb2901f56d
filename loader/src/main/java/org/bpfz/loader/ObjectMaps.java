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
 * of data, then the kernel's configuration; and where in the file each stands, so that relocations find it.
 */
final class ObjectMaps {
    /** A map and its place: data sections are maps as a whole, definitions begin at an offset of their section. */
    record Placed(MapDefinition definition, int section, long offset, boolean data) {}

    /** The section index of a map that is in no section of the file. */
    private static final int NOWHERE = -1;

    private final List<Placed> placed;

    private final int config;

    private ObjectMaps(List<Placed> placed, int config) {
        this.placed = List.copyOf(placed);
        this.config = config;
    }

    /** Collects the maps of a file whose types have been completed. */
    static ObjectMaps read(ElfFile file, @Nullable Btf btf, Externs externs) {
        List<Placed> placed = new ArrayList<>();
        Optional<ElfSection> legacy = file.section(LegacyMaps.SECTION);
        legacy.ifPresent(section -> placed.addAll(new LegacyMaps(file, section).read()));
        Optional<ElfSection> defined = file.section(BtfMaps.SECTION);
        defined.ifPresent(section -> placed.addAll(new BtfMaps(file, section, btf).read()));
        DataMaps data = new DataMaps(file, btf);
        placed.addAll(data.read());
        if (externs.configSize() > 0) {
            placed.add(new Placed(data.config(externs.configSize()), NOWHERE, 0, true));
        }
        return new ObjectMaps(placed, externs.configSize() > 0 ? placed.size() - 1 : -1);
    }

    /** The index of the map of the kernel's configuration, -1 if there is none. */
    int config() {
        return config;
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
