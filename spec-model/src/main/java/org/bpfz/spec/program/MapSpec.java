package org.bpfz.spec.program;

import org.bpfz.spec.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * What a map is to be like when it is created: the attributes of BPF_MAP_CREATE, and what a loader does to the map right after.
 *
 * @param name           as the object file spells it; not cut to the kernel's 15 characters
 * @param keySize        bytes, as unsigned 32 bits
 * @param valueSize      bytes, as unsigned 32 bits
 * @param maxEntries     as unsigned 32 bits
 * @param flags          map_flags: the sum of {@link MapFlag} masks
 * @param mapExtra       map_extra: the number of hash functions of a bloom filter, the address of an arena, otherwise 0
 * @param initial        the value of element 0 after creation (data sections), or null for all zero
 * @param frozen         whether user space can no longer write it (BPF_MAP_FREEZE)
 * @param btfKeyTypeId   in the BTF of the {@link ProgramImage}; 0 where there is none
 * @param btfValueTypeId in the BTF of the {@link ProgramImage}; 0 where there is none
 * @param inner          what the maps in this map are like; null unless this is a map of maps
 */
public record MapSpec(String name, MapType type, int keySize, int valueSize, int maxEntries, int flags, long mapExtra,
        @Nullable Bytes initial, boolean frozen, int btfKeyTypeId, int btfValueTypeId, @Nullable MapSpec inner) {
    public MapSpec {
        if (initial != null && initial.length() != valueSize) {
            throw new IllegalArgumentException(
                    "map " + name + ": initial value of " + initial.length() + " bytes for a value size of "
                            + valueSize);
        }
    }

    /** A map without flags, BTF, initial value or inner map. */
    public static MapSpec of(String name, MapType type, int keySize, int valueSize, int maxEntries) {
        return new MapSpec(name, type, keySize, valueSize, maxEntries, 0, 0, null, false, 0, 0, null);
    }

    /** This map with the given flags in place of its own. */
    public MapSpec withFlags(int newFlags) {
        return new MapSpec(name, type, keySize, valueSize, maxEntries, newFlags, mapExtra, initial, frozen,
                btfKeyTypeId, btfValueTypeId, inner);
    }

    /** This map with another number of entries. */
    public MapSpec withMaxEntries(int newMaxEntries) {
        return new MapSpec(name, type, keySize, valueSize, newMaxEntries, flags, mapExtra, initial, frozen,
                btfKeyTypeId, btfValueTypeId, inner);
    }

    /** This map with another map_extra. */
    public MapSpec withMapExtra(long newMapExtra) {
        return new MapSpec(name, type, keySize, valueSize, maxEntries, flags, newMapExtra, initial, frozen,
                btfKeyTypeId, btfValueTypeId, inner);
    }

    /** This map with an initial value, which is as long as the value size. */
    public MapSpec withInitial(Bytes newInitial) {
        return new MapSpec(name, type, keySize, valueSize, maxEntries, flags, mapExtra, newInitial, frozen,
                btfKeyTypeId, btfValueTypeId, inner);
    }

    /** This map, frozen. */
    public MapSpec asFrozen() {
        return new MapSpec(name, type, keySize, valueSize, maxEntries, flags, mapExtra, initial, true, btfKeyTypeId,
                btfValueTypeId, inner);
    }

    /** This map with the BTF types of its key and value. */
    public MapSpec withBtf(int keyTypeId, int valueTypeId) {
        return new MapSpec(name, type, keySize, valueSize, maxEntries, flags, mapExtra, initial, frozen, keyTypeId,
                valueTypeId, inner);
    }

    /** This map of maps with what its inner maps are like. */
    public MapSpec withInner(MapSpec newInner) {
        return new MapSpec(name, type, keySize, valueSize, maxEntries, flags, mapExtra, initial, frozen, btfKeyTypeId,
                btfValueTypeId, newInner);
    }

    /** Whether the flag is set. */
    public boolean has(MapFlag flag) {
        return (flags & flag.mask()) != 0;
    }
}
