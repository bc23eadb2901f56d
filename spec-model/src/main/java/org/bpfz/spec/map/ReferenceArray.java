package org.bpfz.spec.map;

import java.util.HashMap;
import java.util.Map;
import org.bpfz.spec.Errno;
import org.bpfz.spec.memory.LittleEndian;
import org.bpfz.spec.program.MapSpec;
import org.bpfz.spec.program.MapType;
import org.bpfz.spec.program.ProgramType;
import org.jspecify.annotations.Nullable;

/** BPF_MAP_TYPE_PROG_ARRAY and BPF_MAP_TYPE_ARRAY_OF_MAPS (kernel/bpf/arraymap.c): an array of programs or of maps, each there or not. */
public final class ReferenceArray extends SpecMap {
    private final Registry registry;
    private final int entries;
    private final Map<Integer, Integer> ids = new HashMap<>();
    private @Nullable ProgramType owner;

    ReferenceArray(int id, MapSpec spec, Registry registry) {
        super(id, spec);
        this.registry = registry;
        entries = spec.maxEntries();
    }

    /** The id at an index, an unsigned number, or 0 where nothing is there or the index is past the end. */
    public int get(int index) {
        return ids.getOrDefault(index, 0);
    }

    /**
     * Says that a program of this type is using the prog array. The first one decides: programs of other types neither use it nor go in
     * (bpf_prog_map_compatible in kernel/bpf/core.c).
     *
     * @return whether the type is the first one's
     */
    public boolean claim(ProgramType type) {
        if (owner == null) {
            owner = type;
        }
        return owner == type;
    }

    @Override
    int userLookup(byte[] key, byte[] value) {
        int id = get(ArrayMap.index(key));
        if (id == 0) {
            return Errno.ENOENT.negative();
        }
        LittleEndian.put(value, 0, Integer.BYTES, id);
        return 0;
    }

    @Override
    int userUpdate(byte[] key, byte[] value, long flags) {
        if (flags != ANY) {
            return Errno.EINVAL.negative();
        }
        int index = ArrayMap.index(key);
        if (!isInside(index)) {
            return Errno.E2BIG.negative();
        }
        int id = (int) LittleEndian.get(value, 0, Integer.BYTES);
        int error = checkTakes(id);
        if (error == 0) {
            ids.put(index, id);
        }
        return error;
    }

    private int checkTakes(int id) {
        if (spec().type() == MapType.ARRAY_OF_MAPS) {
            return MapRules.checkInner(spec(), registry.map(id));
        }
        ProgramType type = registry.programType(id);
        if (type == null) {
            return Errno.EBADF.negative();
        }
        return type != ProgramType.EXT && claim(type) ? 0 : Errno.EINVAL.negative();
    }

    @Override
    int deleteElement(byte[] key) {
        int index = ArrayMap.index(key);
        if (!isInside(index)) {
            return Errno.E2BIG.negative();
        }
        return ids.remove(index) == null ? Errno.ENOENT.negative() : 0;
    }

    @Override
    int userNextKey(byte @Nullable [] key, byte[] next) {
        return ArrayMap.nextIndex(key, next, entries);
    }

    private boolean isInside(int index) {
        return Integer.compareUnsigned(index, entries) < 0;
    }
}
