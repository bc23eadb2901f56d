package org.bpfz.loader.api;

import java.util.ArrayList;
import java.util.List;
import org.bpfz.spec.Bytes;
import org.bpfz.spec.Errno;
import org.bpfz.spec.bpf.Attr;
import org.bpfz.spec.bpf.BpfSystemCall;
import org.bpfz.spec.bpf.Command;
import org.bpfz.spec.bpf.UserMemory;
import org.bpfz.spec.btf.Btf;
import org.bpfz.spec.map.BpfMap;
import org.bpfz.spec.program.MapSpec;
import org.jspecify.annotations.Nullable;

/** A map of a loaded object. Keys and values are bytes, or {@link TypedBytes} where the object says what they are. */
public final class MapHandle {
    private final BpfSystemCall kernel;
    private final MapSpec spec;
    private final int fd;
    private final int valueSize;
    private final @Nullable Btf types;

    /**
     * A handle.
     *
     * @param valueSize bytes of a value as user space sees it
     */
    MapHandle(BpfSystemCall kernel, MapSpec spec, int fd, int valueSize, @Nullable Btf types) {
        this.kernel = kernel;
        this.spec = spec;
        this.fd = fd;
        this.valueSize = valueSize;
        this.types = types;
    }

    /**
     * Creates a map without types, which is no object's.
     *
     * @throws BpfCallException if the kernel refuses
     */
    public static MapHandle create(BpfSystemCall kernel, MapSpec spec) {
        int inner = spec.inner() == null ? 0 : create(kernel, spec.inner()).fd();
        Attr.MapCreate attr = new Attr.MapCreate(spec.type().number(), spec.keySize(), spec.valueSize(),
                spec.maxEntries(), spec.flags(), inner, 0, ProgramLoader.name(spec.name()), 0, 0, 0, 0, 0,
                spec.mapExtra(), 0, 0);
        int fd = BpfCallException.checked("map '" + spec.name() + "'", kernel.bpf(Command.MAP_CREATE, attr));
        if (inner != 0) {
            kernel.close(inner);
        }
        return new MapHandle(kernel, spec, fd, userValueSize(kernel, spec), null);
    }

    /** Bytes of a value as user space sees it: one for each CPU, each rounded up, where the map is per CPU. */
    static int userValueSize(BpfSystemCall kernel, MapSpec spec) {
        boolean perCpu = switch (spec.type()) {
            case PERCPU_ARRAY, PERCPU_HASH, LRU_PERCPU_HASH -> true;
            default -> false;
        };
        return perCpu ? (spec.valueSize() + 7 & -8) * kernel.possibleCpus() : spec.valueSize();
    }

    /** Bytes of a value as user space reads and writes it. */
    public int valueSize() {
        return valueSize;
    }

    /** An element. */
    public record Entry(Bytes key, Bytes value) {}

    /** The name in the object. */
    public String name() {
        return spec.name();
    }

    /** What it was created as. */
    public MapSpec spec() {
        return spec;
    }

    /** Its descriptor, which is closed with the object. */
    public int fd() {
        return fd;
    }

    /** The value of a key, null where there is none. */
    public @Nullable Bytes lookup(byte... key) {
        UserMemory memory = kernel.memory();
        long value = memory.put(new byte[valueSize]);
        int result = kernel.bpf(Command.MAP_LOOKUP_ELEM, new Attr.Element(fd, put(key), value, 0));
        return found("lookup in", result) ? Bytes.of(read(value, valueSize)) : null;
    }

    /** The value of a key as what the object says that it is, null where there is none. */
    public @Nullable TypedBytes lookupTyped(byte... key) {
        Bytes value = lookup(key);
        return value == null ? null : new TypedBytes(requireTypes(), spec.btfValueTypeId(), value.toArray());
    }

    /** A value to be filled in and given to {@link #update}, all zero. */
    public TypedBytes newValue() {
        return new TypedBytes(requireTypes(), spec.btfValueTypeId(), new byte[valueSize]);
    }

    /** A key to be filled in, all zero. */
    public TypedBytes newKey() {
        return new TypedBytes(requireTypes(), spec.btfKeyTypeId(), new byte[spec.keySize()]);
    }

    private Btf requireTypes() {
        if (types == null) {
            throw new IllegalStateException("map '" + spec.name() + "' has no types");
        }
        return types;
    }

    /** Sets the value of a key. */
    public void update(byte[] key, byte[] value) {
        update(key, value, BpfMap.ANY);
    }

    /** Sets the value of a key that is there, or is not, as the flags say: {@link BpfMap#ANY} and its like. */
    public void update(byte[] key, byte[] value, long flags) {
        int result = kernel.bpf(Command.MAP_UPDATE_ELEM,
                new Attr.Element(fd, put(key), kernel.memory().put(value), flags));
        kernel.memory().clear();
        checked("update of", result);
    }

    /** Puts a map, or a program, into a map of such. */
    public void update(byte[] key, int descriptor) {
        byte[] value = {(byte) descriptor, (byte) (descriptor >> 8), (byte) (descriptor >> 16),
            (byte) (descriptor >> 24)};
        update(key, value, BpfMap.ANY);
    }

    /** Deletes a key: false if it was not there. */
    public boolean delete(byte... key) {
        return found("deletion from", kernel.bpf(Command.MAP_DELETE_ELEM, new Attr.Key(fd, put(key))));
    }

    /** Takes an element out, null where there is none; of a queue or stack, whose key is empty, the next one. */
    public @Nullable Bytes lookupAndDelete(byte... key) {
        long value = kernel.memory().put(new byte[valueSize]);
        int result = kernel.bpf(Command.MAP_LOOKUP_AND_DELETE_ELEM, new Attr.Element(fd, put(key), value, 0));
        return found("lookup in", result) ? Bytes.of(read(value, valueSize)) : null;
    }

    /** The key behind another, or the first for null; null behind the last. */
    public @Nullable Bytes nextKey(byte @Nullable [] key) {
        long next = kernel.memory().put(new byte[spec.keySize()]);
        long from = key == null ? 0 : put(key);
        int result = kernel.bpf(Command.MAP_GET_NEXT_KEY, new Attr.NextKey(fd, from, next));
        return found("iteration of", result) ? Bytes.of(read(next, spec.keySize())) : null;
    }

    /** All elements, one after the other; of an array that holds maps or programs, those that are there. */
    public List<Entry> entries() {
        List<Entry> entries = new ArrayList<>();
        Bytes key = nextKey(null);
        while (key != null) {
            Bytes value = lookup(key.toArray());
            if (value != null) {
                entries.add(new Entry(key, value));
            }
            key = nextKey(key.toArray());
        }
        return entries;
    }

    /** User space can not write it any longer. */
    public void freeze() {
        checked("freezing of", kernel.bpf(Command.MAP_FREEZE, new Attr.Freeze(fd)));
    }

    /** Lets it outlive its users under a path of the BPF file system. */
    public void pin(String path) {
        checked("pinning of", Pinning.pin(kernel, fd, path));
    }

    private long put(byte[] key) {
        return key.length == 0 ? 0 : kernel.memory().put(key);
    }

    /** The answer in a buffer; no buffer is needed any longer then. */
    private byte[] read(long address, int length) {
        byte[] bytes = kernel.memory().read(address, length);
        kernel.memory().clear();
        if (bytes == null) {
            throw new IllegalStateException("the buffer is gone");
        }
        return bytes;
    }

    private boolean found(String what, int result) {
        return result != Errno.ENOENT.negative() && checked(what, result) >= 0;
    }

    private int checked(String what, int result) {
        return BpfCallException.checked(what + " map '" + spec.name() + "'", result);
    }
}
