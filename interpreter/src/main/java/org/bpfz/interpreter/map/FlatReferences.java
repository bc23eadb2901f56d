package org.bpfz.interpreter.map;

import org.bpfz.spec.Errno;
import org.bpfz.spec.map.MapRules;
import org.bpfz.spec.memory.LittleEndian;
import org.bpfz.spec.program.MapSpec;
import org.bpfz.spec.program.MapType;
import org.bpfz.spec.program.ProgramType;
import org.jspecify.annotations.Nullable;

/** A map that holds programs or maps by their ids: prog array, array of maps (kernel/bpf/arraymap.c) and hash of maps (hashtab.c). */
public final class FlatReferences extends FlatMap {
    private final FlatRegistry registry;
    private final KeyIndex index;
    private final boolean array;
    private @Nullable ProgramType owner;

    /** A new, empty one over what the registry knows. */
    public FlatReferences(int id, MapSpec spec, FlatRegistry registry) {
        super(id, spec);
        this.registry = registry;
        index = new KeyIndex(spec.keySize());
        array = spec.type() != MapType.HASH_OF_MAPS;
    }

    /** The id that the key stands for, or 0. */
    public int get(byte[] source, int from) {
        int entry = index.find(source, from);
        return entry == KeyIndex.NONE ? 0 : index.content(entry);
    }

    /** The id at an index, or 0. */
    public int get(int at) {
        return get(LittleEndian.bytes(at, Integer.BYTES), 0);
    }

    /** Whether programs of the type may use the prog array: the first one's type decides. */
    public boolean claim(ProgramType type) {
        if (owner == null) {
            owner = type;
        }
        return owner == type;
    }

    @Override
    public int delete(byte[] source, int from) {
        if (!isKey(source, from)) {
            return Errno.E2BIG.negative();
        }
        int entry = index.find(source, from);
        if (entry == KeyIndex.NONE) {
            return Errno.ENOENT.negative();
        }
        index.remove(entry);
        return 0;
    }

    @Override
    int userLookup(byte[] key, byte[] value) {
        int id = get(key, 0);
        if (id == 0) {
            return Errno.ENOENT.negative();
        }
        LittleEndian.put(value, 0, Integer.BYTES, id);
        return 0;
    }

    @Override
    int userUpdate(byte[] key, byte[] value, long flags) {
        int id = FlatArray.index(value, 0);
        return array ? updateArray(key, id, flags) : updateHash(key, id, flags);
    }

    private int updateArray(byte[] key, int id, long flags) {
        if (flags != ANY) {
            return Errno.EINVAL.negative();
        }
        if (!isKey(key, 0)) {
            return Errno.E2BIG.negative();
        }
        int error = check(id);
        if (error == 0) {
            put(key, id);
        }
        return error;
    }

    private int updateHash(byte[] key, int id, long flags) {
        int error = check(id);
        if (error != 0) {
            return error;
        }
        if (areUnknown(flags)) {
            return Errno.EINVAL.negative();
        }
        boolean present = index.find(key, 0) != KeyIndex.NONE;
        error = checkExistence(present, flags);
        if (error != 0) {
            return error;
        }
        if (!present && index.size() >= Integer.toUnsignedLong(spec().maxEntries())) {
            return Errno.E2BIG.negative();
        }
        put(key, id);
        return 0;
    }

    private void put(byte[] key, int id) {
        int entry = index.find(key, 0);
        if (entry == KeyIndex.NONE) {
            index.add(key, 0, id);
        } else {
            index.setContent(entry, id);
        }
    }

    private int check(int id) {
        if (spec().type() != MapType.PROG_ARRAY) {
            return MapRules.checkInner(spec(), registry.map(id));
        }
        ProgramType type = registry.programType(id);
        if (type == null) {
            return Errno.EBADF.negative();
        }
        return type != ProgramType.EXT && claim(type) ? 0 : Errno.EINVAL.negative();
    }

    @Override
    int userNextKey(byte @Nullable [] key, byte[] next) {
        if (array) {
            return FlatArray.nextIndex(key, next, spec().maxEntries());
        }
        int entry = key == null ? KeyIndex.NONE : index.find(key, 0);
        int following = entry == KeyIndex.NONE ? index.first() : index.next(entry);
        if (following == KeyIndex.NONE) {
            return Errno.ENOENT.negative();
        }
        index.copyKey(following, next, 0);
        return 0;
    }

    private boolean isKey(byte[] source, int from) {
        return !array || Integer.compareUnsigned(FlatArray.index(source, from), spec().maxEntries()) < 0;
    }
}
