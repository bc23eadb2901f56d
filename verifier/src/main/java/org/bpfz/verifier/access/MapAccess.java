package org.bpfz.verifier.access;

import org.bpfz.spec.Errno;
import org.bpfz.spec.program.MapFlag;
import org.bpfz.spec.program.MapType;
import org.bpfz.verifier.btf.Field;
import org.bpfz.verifier.btf.FieldKind;
import org.bpfz.verifier.domain.Range64;
import org.bpfz.verifier.search.Search;
import org.bpfz.verifier.state.MapObject;
import org.bpfz.verifier.state.Register;
import org.bpfz.verifier.state.Value;

/** Map values: their bounds, which side may write them, special fields, and constants in read-only maps (check_map_access). */
public final class MapAccess {
    private final Search search;
    private final Bounds bounds;
    private final KptrAccess kptrs;

    public MapAccess(Search search, Bounds bounds, KptrAccess kptrs) {
        this.search = search;
        this.bounds = bounds;
        this.kptrs = kptrs;
    }

    /** A load or store through a map value pointer; {@code off} is all but its variable offset. */
    void check(Access access, int off) {
        Value pointer = search.value(access.base());
        if (access.write() && access.hasValue() && search.isSecret(search.value(access.value()))) {
            throw search.reject(Errno.EACCES, "R" + access.value() + " leaks addr into map");
        }
        checkDirection(access.base(), off, access.size(), access.write());
        checkRange(access.base(), off, access.size(), false, false);
        Field kptr = !pointer.number().isConstant()
                ? null
                : pointer.map().fields().at(off + pointer.number().bits().value(), FieldKind::isKptr);
        if (kptr != null) {
            kptrs.access(kptr, access);
        } else if (access.loads()) {
            load(pointer, off, access);
        }
    }

    private void load(Value pointer, int off, Access access) {
        Register target = search.register(access.value());
        MapObject map = pointer.map();
        if (pointer.number().isConstant() && isConstant(map)) {
            int at = (int) (off + pointer.number().bits().value());
            target.set(Value.constant(constantAt(map, at, access.size(), access.signed())));
        } else {
            search.forget(target);
        }
    }

    /** Whether what the map holds can't change any more: read-only for programs and frozen for user space (bpf_map_is_rdonly). */
    public static boolean isConstant(MapObject map) {
        return map.spec().has(MapFlag.RDONLY_PROG) && map.spec().frozen() && map.type() == MapType.ARRAY
                && map.spec().maxEntries() == 1;
    }

    /** A number in the only value of a constant map (bpf_map_direct_read). */
    public static long constantAt(MapObject map, int at, int size, boolean signed) {
        long number = 0;
        for (int i = 0; i < size; i++) {
            number |= (byteAt(map, at + i) & 0xffL) << (i * Byte.SIZE);
        }
        int unused = Long.SIZE - size * Byte.SIZE;
        return signed ? number << unused >> unused : number;
    }

    /** A byte in the only value of a constant map; a map without an initial value is all zero. */
    public static byte byteAt(MapObject map, int at) {
        return map.spec().initial() == null ? 0 : map.spec().initial().at(at);
    }

    /** Refuses to write what programs may only read, and the other way round (check_map_access_type). */
    public void checkDirection(int register, int off, int size, boolean write) {
        MapObject map = search.value(register).map();
        boolean forbidden = map.spec().has(write ? MapFlag.RDONLY_PROG : MapFlag.WRONLY_PROG);
        if (forbidden) {
            throw search.reject(Errno.EACCES, (write ? "write into" : "read from") + " map forbidden, value_size="
                    + map.valueSize() + " off=" + off + " size=" + size);
        }
    }

    /**
     * Refuses an access that leaves the value or hits a special field.
     *
     * @param helper whether a helper accesses
     */
    public void checkRange(int register, int off, int size, boolean zeroSizeAllowed, boolean helper) {
        Value pointer = search.value(register);
        bounds.checkRegion(register, off, size, pointer.map().valueSize(), zeroSizeAllowed);
        for (Field field : pointer.map().fields().all()) {
            Range64 variable = pointer.number().wide();
            boolean hit = variable.smin() + off < field.offset() + field.size()
                    && Long.compareUnsigned(field.offset(), variable.umax() + off + size) < 0;
            if (hit) {
                checkField(pointer, field, off, size, helper);
            }
        }
    }

    private void checkField(Value pointer, Field field, int off, int size, boolean helper) {
        if (!field.kind().isKptr()) {
            throw search.reject(Errno.EACCES, field.kind().logName() + " cannot be accessed directly by load/store");
        }
        if (helper) {
            throw search.reject(Errno.EACCES, "kptr cannot be accessed indirectly by helper");
        }
        if (!pointer.number().isConstant()) {
            throw search.reject(Errno.EACCES, "kptr access cannot have variable offset");
        }
        long at = off + pointer.number().bits().value();
        if (field.offset() != at) {
            throw search.reject(Errno.EACCES,
                    "kptr access misaligned expected=" + field.offset() + " off=" + Long.toUnsignedString(at));
        }
        if (size != Long.BYTES) {
            throw search.reject(Errno.EACCES, "kptr access size must be BPF_DW");
        }
    }
}
