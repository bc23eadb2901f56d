package org.bpfz.spec.bpf;

import org.bpfz.spec.Bytes;
import org.bpfz.spec.Errno;
import org.bpfz.spec.bpf.BpfFile.OfBtf;
import org.bpfz.spec.bpf.BpfFile.OfMap;
import org.bpfz.spec.bpf.BpfFile.OfProgram;
import org.bpfz.spec.bpf.BpfState.Opened;
import org.bpfz.spec.btf.BtfType;
import org.bpfz.spec.btf.MalformedBtf;
import org.bpfz.spec.engine.MapCreationException;
import org.bpfz.spec.map.BpfMap;
import org.bpfz.spec.map.MapRules;
import org.bpfz.spec.memory.LittleEndian;
import org.bpfz.spec.program.Capability;
import org.bpfz.spec.program.MapFlag;
import org.bpfz.spec.program.MapRule;
import org.bpfz.spec.program.MapSpec;
import org.bpfz.spec.program.MapType;
import org.jspecify.annotations.Nullable;

/** The commands on one map: creation, elements, freezing (map_create and the functions of elements in kernel/bpf/syscall.c). */
final class MapCommands {
    private static final int DIRECTIONS = MapFlag.RDONLY.mask() | MapFlag.WRONLY.mask();

    private final BpfState state;

    MapCommands(BpfState state) {
        this.state = state;
    }

    int create(Attr.MapCreate attr) throws BpfException {
        if ((attr.mapFlags() & MapFlag.TOKEN_FD.mask()) != 0) {
            throw new BpfException(Errno.EBADF, "there is no token");
        }
        // A value type of the kernel's is for struct_ops alone, which is not modelled.
        if (attr.btfVmlinuxValueTypeId() != 0 || (attr.btfKeyTypeId() != 0 && attr.btfValueTypeId() == 0)) {
            throw new BpfException(Errno.EINVAL, "types that do not go together");
        }
        int directions = directions(attr.mapFlags());
        MapType type = MapType.of(attr.mapType());
        boolean node = (attr.mapFlags() & MapFlag.NUMA_NODE.mask()) != 0;
        if (type == null || type == MapType.UNSPEC || (node && attr.numaNode() != 0)) {
            throw new BpfException(Errno.EINVAL, "no such type of map, or node");
        }
        MapSpec spec = MapSpec
                .of(text(attr.mapName()), type, attr.keySize(), attr.valueSize(), attr.maxEntries())
                .withFlags(attr.mapFlags()).withMapExtra(attr.mapExtra());
        if (type == MapType.ARRAY_OF_MAPS || type == MapType.HASH_OF_MAPS) {
            spec = withInner(spec, attr.innerMapFd());
        }
        MapRules.Refusal refusal = MapRules.refusal(spec);
        if (refusal != null && refusal.errno() != Errno.E2BIG) {
            throw new BpfException(refusal.errno(), refusal.reason());
        }
        if (attr.mapIfindex() != 0) {
            boolean offloadable = type == MapType.ARRAY || type == MapType.HASH;
            throw new BpfException(offloadable ? Errno.ENODEV : Errno.EINVAL, "there is no such device");
        }
        // kernel.unprivileged_bpf_disabled is set, as distributions do.
        state.require(Capability.BPF);
        for (Capability needed : MapRule.of(type).needs()) {
            state.require(needed);
        }
        if (refusal != null) {
            throw new BpfException(refusal.errno(), refusal.reason());
        }
        requireName(attr.mapName());
        OfBtf types = attr.btfValueTypeId() == 0 && attr.btfKeyTypeId() == 0
                ? null
                : state.get(attr.btfFd(), OfBtf.class);
        if (types != null) {
            checkTypes(attr, spec, types);
        }
        try {
            MapSpec kept = spec.withFlags(spec.flags() & ~DIRECTIONS);
            BpfMap map = state.environment().createMap(
                    types == null ? kept : kept.withBtf(attr.btfKeyTypeId(), attr.btfValueTypeId()));
            OfMap added = state.add(new OfMap(map.id(), map, attr.mapName(), types, attr.btfKeyTypeId(),
                    attr.btfValueTypeId()));
            return state.open(added, directions != MapFlag.WRONLY.mask(), directions != MapFlag.RDONLY.mask());
        } catch (MapCreationException e) {
            throw new BpfException(e.errno(), e.getMessage());
        }
    }

    /** Which of the two directions flags restrict a descriptor to: both are EINVAL (bpf_get_file_flag). */
    static int directions(int flags) throws BpfException {
        int directions = flags & DIRECTIONS;
        if (directions == DIRECTIONS) {
            throw new BpfException(Errno.EINVAL, "neither to be read nor to be written");
        }
        return directions;
    }

    /** A map of maps with what its inner maps are like, as far as the descriptor is a map's. */
    private MapSpec withInner(MapSpec spec, int fd) throws BpfException {
        MapRules.Refusal own = MapRules.refusal(spec.withInner(MapSpec.of("", MapType.HASH, 4, 4, 1)));
        if (own != null && own.errno() != Errno.E2BIG) {
            return spec;
        }
        OfMap inner = state.get(fd, OfMap.class);
        return spec.withInner(inner.map().spec());
    }

    /** Letters, digits, underscores and dots, and a zero behind (bpf_obj_name_cpy). */
    static void requireName(Bytes name) throws BpfException {
        int i = 0;
        while (i < name.length() && name.at(i) != 0) {
            char c = (char) (name.at(i) & 0xff);
            boolean good = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'
                    || c == '.';
            if (!good) {
                throw new BpfException(Errno.EINVAL, "a name with other characters than letters and digits");
            }
            i++;
        }
        if (i == name.length()) {
            throw new BpfException(Errno.EINVAL, "a name without a zero behind");
        }
    }

    /** The characters before the zero. */
    static String text(Bytes name) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < name.length() && name.at(i) != 0; i++) {
            text.append((char) (name.at(i) & 0xff));
        }
        return text.toString();
    }

    /** map_check_btf, and map_check_btf of the types. */
    private static void checkTypes(Attr.MapCreate attr, MapSpec spec, OfBtf types) throws BpfException {
        boolean fits = isOfSize(types, attr.btfValueTypeId(), spec.valueSize())
                && (attr.btfKeyTypeId() == 0 || isOfSize(types, attr.btfKeyTypeId(), spec.keySize()));
        boolean keyless = attr.btfKeyTypeId() == 0;
        switch (spec.type()) {
            case ARRAY, PERCPU_ARRAY -> {
                boolean data = keyless && spec.type() == MapType.ARRAY && spec.maxEntries() == 1
                        && types.btf().contains(attr.btfValueTypeId())
                        && types.btf().type(attr.btfValueTypeId()) instanceof BtfType.DataSec;
                boolean index = !keyless && types.btf().contains(attr.btfKeyTypeId())
                        && types.btf().resolved(attr.btfKeyTypeId()) instanceof BtfType.Int integer
                        && integer.bits() == Integer.SIZE && integer.bitOffset() == 0;
                fits = fits && (data || index);
            }
            case PROG_ARRAY, ARRAY_OF_MAPS, QUEUE, STACK -> {
                if (fits) {
                    throw new BpfException(Errno.ENOTSUPP, "types of a map that takes none");
                }
            }
            default -> fits = fits && !keyless;
        }
        if (!fits) {
            throw new BpfException(Errno.EINVAL, "types that are not those of the map's keys and values");
        }
    }

    private static boolean isOfSize(OfBtf types, int id, int size) {
        try {
            return types.btf().contains(id) && id != 0
                    && types.btf().sizeOf(id) == Integer.toUnsignedLong(size);
        } catch (MalformedBtf e) {
            // A type that has no size.
            return false;
        }
    }

    private Opened readable(int fd) throws BpfException {
        Opened opened = state.map(fd);
        if (!opened.readable()) {
            throw new BpfException(Errno.EPERM, "the descriptor is for writing");
        }
        return opened;
    }

    static void requireWritable(Opened opened) throws BpfException {
        if (!opened.writable() || map(opened).map().isFrozen()) {
            throw new BpfException(Errno.EPERM, "the map is frozen, or the descriptor for reading");
        }
    }

    static OfMap map(Opened opened) {
        if (opened.file() instanceof OfMap map) {
            return map;
        }
        throw new IllegalArgumentException("no map's descriptor");
    }

    private byte[] key(BpfMap map, long address) throws BpfException {
        int size = map.spec().keySize();
        if (size == 0 && address != 0) {
            throw new BpfException(Errno.EINVAL, "a key for a map without keys");
        }
        return state.read(address, size);
    }

    private static int checked(int result) throws BpfException {
        Errno errno = result < 0 ? Errno.of(-result) : null;
        if (errno != null) {
            throw new BpfException(errno);
        }
        return result;
    }

    /** No map has a value with a bpf_spin_lock, so that BPF_F_LOCK is refused. */
    static void requireNoLock(long flags) throws BpfException {
        if ((flags & BpfMap.LOCK) != 0) {
            throw new BpfException(Errno.EINVAL, "the value has no lock");
        }
    }

    private static void requireLockOnly(long flags) throws BpfException {
        if ((flags & ~BpfMap.LOCK) != 0) {
            throw new BpfException(Errno.EINVAL, "flags that the command does not take");
        }
    }

    int lookup(Attr.Element attr) throws BpfException {
        requireLockOnly(attr.flags());
        BpfMap map = map(readable(attr.mapFd())).map();
        requireNoLock(attr.flags());
        byte[] key = key(map, attr.key());
        byte[] value = new byte[map.userValueSize()];
        checked(map.lookup(key, value, attr.flags()));
        state.write(attr.value(), value);
        return 0;
    }

    int update(Attr.Element attr) throws BpfException {
        Opened opened = state.map(attr.mapFd());
        requireWritable(opened);
        requireNoLock(attr.flags());
        BpfMap map = map(opened).map();
        byte[] key = key(map, attr.key());
        byte[] value = state.read(attr.value(), map.userValueSize());
        return update(map, key, value, attr.flags());
    }

    /** bpf_map_update_value: where a map holds programs or maps, user space gives descriptors. */
    int update(BpfMap map, byte[] key, byte[] value, long flags) throws BpfException {
        Class<? extends BpfFile> kind = switch (map.spec().type()) {
            case PROG_ARRAY -> OfProgram.class;
            case ARRAY_OF_MAPS, HASH_OF_MAPS -> OfMap.class;
            default -> null;
        };
        return checked(kind == null ? map.update(key, value, flags) : updateReference(map, key, value, flags, kind));
    }

    private int updateReference(BpfMap map, byte[] key, byte[] value, long flags, Class<? extends BpfFile> kind)
            throws BpfException {
        BpfException wrong = null;
        int id = 0;
        try {
            id = state.get((int) LittleEndian.get(value, 0, Integer.BYTES), kind).id();
        } catch (BpfException e) {
            wrong = e;
        }
        int result = map.update(key, LittleEndian.bytes(id, Integer.BYTES), flags);
        // EBADF says that the map has come to look at the object, which is where the kernel looks at the descriptor.
        if (wrong != null && result == Errno.EBADF.negative()) {
            throw wrong;
        }
        state.collect();
        return result;
    }

    int delete(Attr.Key attr) throws BpfException {
        Opened opened = state.map(attr.mapFd());
        requireWritable(opened);
        BpfMap map = map(opened).map();
        checked(map.delete(key(map, attr.key())));
        state.collect();
        return 0;
    }

    int lookupAndDelete(Attr.Element attr) throws BpfException {
        requireLockOnly(attr.flags());
        Opened opened = readable(attr.mapFd());
        requireWritable(opened);
        requireNoLock(attr.flags());
        BpfMap map = map(opened).map();
        byte[] key = key(map, attr.key());
        byte[] value = new byte[map.userValueSize()];
        checked(map.lookupAndDelete(key, value, attr.flags()));
        state.write(attr.value(), value);
        return 0;
    }

    int nextKey(Attr.NextKey attr) throws BpfException {
        BpfMap map = map(readable(attr.mapFd())).map();
        byte @Nullable [] key = attr.key() == 0 ? null : key(map, attr.key());
        byte[] next = new byte[map.spec().keySize()];
        checked(map.nextKey(key, next));
        state.write(attr.nextKey(), next);
        return 0;
    }

    int freeze(Attr.Freeze attr) throws BpfException {
        Opened opened = state.map(attr.mapFd());
        requireWritable(opened);
        return checked(map(opened).map().freeze());
    }
}
