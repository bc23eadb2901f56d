package org.bpfz.loader;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.bpfz.loader.elf.ElfFile;
import org.bpfz.loader.elf.ElfSection;
import org.bpfz.spec.Bytes;
import org.bpfz.spec.btf.Btf;
import org.bpfz.spec.btf.BtfType;
import org.bpfz.spec.btf.Linkage;
import org.bpfz.spec.program.MapFlag;
import org.bpfz.spec.program.MapSpec;
import org.bpfz.spec.program.MapType;
import org.jspecify.annotations.Nullable;

/**
 * Makes an array map of one element of each section of global variables (bpf_object__init_global_data_maps): {@code .rodata} is
 * frozen and read-only for programs, {@code .bss} is zero.
 */
final class DataMaps {
    private static final int NAME_LENGTH = 15;
    private static final int KEY_SIZE = 4;

    private final ElfFile file;
    private final @Nullable Btf btf;

    DataMaps(ElfFile file, @Nullable Btf btf) {
        this.file = file;
        this.btf = btf;
    }

    List<ObjectMaps.Placed> read() {
        List<ObjectMaps.Placed> maps = new ArrayList<>();
        for (ElfSection section : file.sections()) {
            boolean plain = section.type() == ElfSection.PROGBITS && !section.isExecutable();
            boolean readOnly = plain && isNamed(section, ".rodata");
            boolean data = plain && isNamed(section, ".data");
            boolean zero = section.type() == ElfSection.NOBITS && isNamed(section, ".bss");
            if (section.size() > 0 && (readOnly || data || zero)) {
                MapSpec spec = spec(section, readOnly);
                maps.add(new ObjectMaps.Placed(MapDefinition.of(readOnly ? spec.asFrozen() : spec), section.index(), 0,
                        true));
            }
        }
        return maps;
    }

    /** The map of the kernel's configuration: read-only and frozen, its contents still zero. */
    MapDefinition config(int size) {
        int typeId = typeOf(Externs.CONFIG_SECTION);
        int flags = MapFlag.RDONLY_PROG.mask() | (isMappable(typeId) ? MapFlag.MMAPABLE.mask() : 0);
        return MapDefinition.of(MapSpec.of(mapName(Externs.CONFIG_SECTION), MapType.ARRAY, KEY_SIZE, size, 1)
                .withFlags(flags).withBtf(0, typeId).asFrozen());
    }

    private static boolean isNamed(ElfSection section, String kind) {
        return section.name().equals(kind) || section.name().startsWith(kind + ".");
    }

    private MapSpec spec(ElfSection section, boolean readOnly) {
        if (section.isCompressed()) {
            throw file.malformed(section.offset(), "section '" + section.name() + "' is compressed");
        }
        int typeId = typeOf(section.name());
        int flags = (readOnly ? MapFlag.RDONLY_PROG.mask() : 0) | (isMappable(typeId) ? MapFlag.MMAPABLE.mask() : 0);
        MapSpec spec = MapSpec.of(mapName(section.name()), MapType.ARRAY, KEY_SIZE, (int) section.size(), 1)
                .withFlags(flags).withBtf(0, typeId);
        return section.type() == ElfSection.NOBITS ? spec : spec.withInitial(Bytes.of(file.contents(section)));
    }

    private int typeOf(String section) {
        OptionalInt id = btf == null ? OptionalInt.empty() : btf.find(BtfType.DataSec.class, section);
        return id.orElse(0);
    }

    /** User space may map the section if it has a variable that is not static (map_is_mmapable). */
    private boolean isMappable(int typeId) {
        return btf != null && btf.type(typeId) instanceof BtfType.DataSec data
                && data.vars().stream().anyMatch(entry -> btf.type(entry.type()) instanceof BtfType.Var variable
                        && variable.linkage() != Linkage.STATIC);
    }

    /**
     * The map's name: 15 characters in all, as many of the object's name in front as fit; sections with a second dot go without
     * (internal_map_name).
     */
    private String mapName(String section) {
        String suffix = section.substring(0, Math.min(section.length(), NAME_LENGTH));
        int room = Math.max(0, NAME_LENGTH - Math.max(7, suffix.length()));
        String object = section.indexOf('.', 1) >= 0 ? "" : objectName();
        String name = object.substring(0, Math.min(object.length(), room)) + suffix;
        return name.replaceAll("[^A-Za-z0-9_.]", "_");
    }

    /** The file's name without folders and without all from the first dot on, at most 15 characters. */
    private String objectName() {
        String base = file.name().substring(file.name().lastIndexOf('/') + 1);
        int dot = base.indexOf('.');
        String stem = dot < 0 ? base : base.substring(0, dot);
        return stem.substring(0, Math.min(stem.length(), NAME_LENGTH));
    }
}
