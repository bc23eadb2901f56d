package org.bpfz.spec.bpf;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.bpfz.spec.Bytes;
import org.bpfz.spec.Errno;
import org.bpfz.spec.bpf.BpfFile.OfBtf;
import org.bpfz.spec.bpf.BpfFile.OfEvent;
import org.bpfz.spec.bpf.BpfFile.OfLink;
import org.bpfz.spec.bpf.BpfFile.OfMap;
import org.bpfz.spec.bpf.BpfFile.OfProgram;
import org.bpfz.spec.btf.Btf;
import org.bpfz.spec.engine.Environment;
import org.bpfz.spec.map.BpfMap;
import org.bpfz.spec.memory.LittleEndian;
import org.bpfz.spec.program.Capability;
import org.bpfz.spec.program.MapType;
import org.jspecify.annotations.Nullable;

/** What commands act on: descriptors, pins and all objects that these hold, directly or by way of others. */
final class BpfState {
    /** 0 to 2 are open already. */
    private static final int FIRST_FD = 3;

    private final Environment environment;
    private final ProgramVerifier verifier;
    private final AttachPoints points;
    private final @Nullable Btf kernelTypes;
    private final UserMemory memory;
    private final Set<Capability> capabilities;
    private final BpfFileSystem pins = new BpfFileSystem();
    private final TreeMap<Integer, Opened> descriptors = new TreeMap<>();
    private final TreeMap<Integer, OfMap> maps = new TreeMap<>();
    private final TreeMap<Integer, OfProgram> programs = new TreeMap<>();
    private final TreeMap<Integer, OfBtf> types = new TreeMap<>();
    private final TreeMap<Integer, OfLink> links = new TreeMap<>();
    private int lastTypes;
    private int lastLink;

    BpfState(Environment environment, ProgramVerifier verifier, AttachPoints points, @Nullable Btf kernelTypes,
            UserMemory memory, Set<Capability> capabilities) {
        this.environment = environment;
        this.verifier = verifier;
        this.points = points;
        this.kernelTypes = kernelTypes;
        this.memory = memory;
        this.capabilities = capabilities;
    }

    /** An open descriptor; only those of maps may be for one direction. */
    record Opened(BpfFile file, boolean readable, boolean writable) {}

    Environment environment() {
        return environment;
    }

    ProgramVerifier verifier() {
        return verifier;
    }

    AttachPoints points() {
        return points;
    }

    @Nullable
    Btf kernelTypes() {
        return kernelTypes;
    }

    BpfFileSystem pins() {
        return pins;
    }

    /** Refuses with EPERM where the caller lacks a capability. */
    void require(Capability capability) throws BpfException {
        if (!capability.isGrantedBy(capabilities)) {
            throw new BpfException(Errno.EPERM);
        }
    }

    byte[] read(long address, long length) throws BpfException {
        byte[] bytes = memory.read(address, length);
        if (bytes == null) {
            throw new BpfException(Errno.EFAULT);
        }
        return bytes;
    }

    void write(long address, byte[] bytes) throws BpfException {
        if (!memory.write(address, bytes)) {
            throw new BpfException(Errno.EFAULT);
        }
    }

    /** The text at an address up to its zero, or the first {@code limit} bytes where there is none (strncpy_from_user). */
    byte[] text(long address, int limit) throws BpfException {
        byte[] text = new byte[limit];
        for (int i = 0; i < limit; i++) {
            byte next = read(address + i, 1)[0];
            if (next == 0) {
                return Arrays.copyOf(text, i);
            }
            text[i] = next;
        }
        return text;
    }

    int open(BpfFile file) {
        return open(file, true, true);
    }

    /** The lowest free descriptor, now of this file. */
    int open(BpfFile file, boolean readable, boolean writable) {
        int fd = FIRST_FD;
        while (descriptors.containsKey(fd)) {
            fd++;
        }
        descriptors.put(fd, new Opened(file, readable, writable));
        return fd;
    }

    boolean close(int fd) {
        boolean was = descriptors.remove(fd) != null;
        collect();
        return was;
    }

    @Nullable
    Opened descriptor(int fd) {
        return descriptors.get(fd);
    }

    /** Whether a descriptor is open of a file that has nothing to do with BPF. */
    boolean isTaken(int fd) {
        return fd >= 0 && fd < FIRST_FD;
    }

    private Opened opened(int fd) throws BpfException {
        Opened opened = descriptors.get(fd);
        if (isTaken(fd)) {
            throw new BpfException(Errno.EINVAL, "descriptor " + fd + " is of something else");
        }
        if (opened == null) {
            throw new BpfException(Errno.EBADF, "descriptor " + fd + " is not open");
        }
        return opened;
    }

    /** The object of a kind that a descriptor is of: EBADF for none, EINVAL for another kind (bpf_prog_get and its like). */
    <T extends BpfFile> T get(int fd, Class<T> kind) throws BpfException {
        BpfFile file = opened(fd).file();
        if (!kind.isInstance(file)) {
            throw new BpfException(Errno.EINVAL, "descriptor " + fd + " is of something else");
        }
        return kind.cast(file);
    }

    /** A map's descriptor. */
    Opened map(int fd) throws BpfException {
        get(fd, OfMap.class);
        return opened(fd);
    }

    OfMap add(OfMap map) {
        maps.put(map.id(), map);
        return map;
    }

    OfProgram add(OfProgram program) {
        programs.put(program.id(), program);
        return program;
    }

    OfBtf addTypes(Btf btf, byte[] data) {
        OfBtf added = new OfBtf(++lastTypes, btf, Bytes.of(data));
        types.put(added.id(), added);
        return added;
    }

    OfLink addLink(OfProgram program, AttachPoints.Place place, Runnable detach) {
        OfLink link = new OfLink(++lastLink, program, place, detach);
        links.put(link.id(), link);
        return link;
    }

    /** All maps by id. */
    NavigableMap<Integer, OfMap> maps() {
        return maps;
    }

    /** All programs by id. */
    NavigableMap<Integer, OfProgram> programs() {
        return programs;
    }

    /** All types by id. */
    NavigableMap<Integer, OfBtf> types() {
        return types;
    }

    /** All links by id. */
    NavigableMap<Integer, OfLink> links() {
        return links;
    }

    /** Lets go of what nothing holds any longer: links are detached, a prog array that user space has left is emptied. */
    void collect() {
        Set<BpfFile> held = new HashSet<>(pins.files());
        descriptors.values().forEach(opened -> held.add(opened.file()));
        for (OfMap map : maps.values()) {
            if (map.map().spec().type() == MapType.PROG_ARRAY && !held.contains(map)) {
                elements(map).forEach(key -> map.map().delete(key));
            }
        }
        Set<BpfFile> reached = new HashSet<>(held);
        Deque<BpfFile> open = new ArrayDeque<>(held);
        while (!open.isEmpty()) {
            for (BpfFile next : heldBy(open.pop())) {
                if (reached.add(next)) {
                    open.push(next);
                }
            }
        }
        links.values().stream().filter(link -> !reached.contains(link)).forEach(link -> link.detach().run());
        links.values().retainAll(reached);
        programs.values().retainAll(reached);
        maps.values().retainAll(reached);
        types.values().retainAll(reached);
    }

    private List<BpfFile> heldBy(BpfFile file) {
        return switch (file) {
            case OfLink link -> List.of(link.program());
            case OfProgram program -> {
                List<BpfFile> all = new ArrayList<>(program.maps());
                if (program.types() != null) {
                    all.add(program.types());
                }
                yield all;
            }
            case OfMap map -> {
                List<BpfFile> all = new ArrayList<>(references(map));
                if (map.types() != null) {
                    all.add(map.types());
                }
                yield all;
            }
            case OfBtf _,OfEvent _ -> List.of();
        };
    }

    private List<? extends BpfFile> references(OfMap outer) {
        MapType type = outer.map().spec().type();
        if (type != MapType.PROG_ARRAY && type != MapType.ARRAY_OF_MAPS && type != MapType.HASH_OF_MAPS) {
            return List.of();
        }
        NavigableMap<Integer, ? extends BpfFile> kind = type == MapType.PROG_ARRAY ? programs : maps;
        return elements(outer).stream().map(key -> {
            byte[] value = new byte[Integer.BYTES];
            return outer.map().lookup(key, value, BpfMap.ANY) == 0
                    ? (BpfFile) kind.get((int) LittleEndian.get(value, 0, Integer.BYTES))
                    : null;
        }).filter(Objects::nonNull).toList();
    }

    private static List<byte[]> elements(OfMap map) {
        List<byte[]> keys = new ArrayList<>();
        byte[] key = null;
        byte[] next = new byte[map.map().spec().keySize()];
        byte[] value = new byte[map.map().userValueSize()];
        while (map.map().nextKey(key, next) == 0) {
            key = next.clone();
            if (map.map().lookup(key, value, BpfMap.ANY) == 0) {
                keys.add(key);
            }
        }
        return keys;
    }
}
