package org.bpfz.loader.api;

import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bpfz.loader.BpfObject;
import org.bpfz.loader.BpfProgram;
import org.bpfz.loader.MapDefinition;
import org.bpfz.spec.Errno;
import org.bpfz.spec.bpf.Attr;
import org.bpfz.spec.bpf.BpfFileSystem;
import org.bpfz.spec.bpf.BpfSystemCall;
import org.bpfz.spec.bpf.Command;
import org.bpfz.spec.btf.Btf;
import org.bpfz.spec.btf.EncodedProgramBtf;
import org.bpfz.spec.btf.LineInfo;
import org.bpfz.spec.btf.ProgramBtf;
import org.bpfz.spec.isa.Instruction.ImmKind;
import org.bpfz.spec.isa.RawInstruction;
import org.bpfz.spec.isa.Slots;
import org.bpfz.spec.memory.LittleEndian;
import org.bpfz.spec.program.MapSpec;
import org.bpfz.spec.program.MapType;
import org.bpfz.spec.program.ProgramImage;
import org.bpfz.spec.program.ProgramType;
import org.bpfz.spec.program.TargetType;
import org.jspecify.annotations.Nullable;

/**
 * Loads one object through bpf(2), as libbpf does (bpf_object__load in tools/lib/bpf/libbpf.c): types, maps with their contents, programs, then
 * what refers to both.
 */
final class ObjectLoader {
    private static final int LINE_WORDS = 4;

    private final BpfObject object;
    private final BpfSystemCall kernel;
    private final List<Integer> descriptors = new ArrayList<>();
    private final Map<String, MapHandle> maps = new LinkedHashMap<>();
    private final List<Integer> mapFds = new ArrayList<>();
    private final Map<String, ProgramHandle> programs = new LinkedHashMap<>();
    private int typesFd;

    ObjectLoader(BpfObject object, BpfSystemCall kernel) {
        this.object = object;
        this.kernel = kernel;
    }

    LoadedObject load() {
        boolean done = false;
        try {
            List<ProgramImage> images = object.programs().stream().filter(BpfProgram::autoload).map(object::program)
                    .toList();
            EncodedProgramBtf types = encode(images);
            typesFd = types == null ? 0 : loadTypes(types.types());
            for (MapDefinition definition : object.maps()) {
                create(definition);
            }
            fillMapsOfMaps();
            loadPrograms(images, types);
            fillProgArrays();
            done = true;
            return new LoadedObject(kernel, object, maps, programs, descriptors);
        } finally {
            kernel.memory().clear();
            if (!done) {
                descriptors.forEach(kernel::close);
            }
        }
    }

    private int kept(int fd) {
        descriptors.add(fd);
        return fd;
    }

    /** The object's types with the strings of all source lines, so that one BTF serves maps and programs. */
    private @Nullable EncodedProgramBtf encode(List<ProgramImage> images) {
        Btf btf = object.btf().orElse(null);
        if (btf == null || object.typesRefusal().isPresent()) {
            return null;
        }
        List<LineInfo> lines = new ArrayList<>();
        for (ProgramImage image : images) {
            lines.addAll(image.btf() == null ? List.of() : image.btf().lines());
        }
        return EncodedProgramBtf.of(new ProgramBtf(btf, List.of(), lines));
    }

    /** A kernel that does not take the types gets maps and programs without, as from libbpf. */
    private int loadTypes(byte[] types) {
        int fd = kernel.bpf(Command.BTF_LOAD,
                new Attr.BtfLoad(kernel.memory().put(types), 0, types.length, 0, 0, 0, 0, 0));
        return fd < 0 ? 0 : kept(fd);
    }

    private void create(MapDefinition definition) {
        MapSpec spec = definition.spec();
        String path = object.adjustments().pins().getOrDefault(spec.name(),
                definition.pinnedByName() ? BpfFileSystem.MOUNT + "/" + spec.name() : null);
        int fd = path == null ? -1 : reuse(spec, path);
        boolean fresh = fd < 0;
        if (fresh) {
            fd = kept(BpfCallException.checked(object.name() + ": map '" + spec.name() + "'",
                    createAny(spec, definition.numaNode())));
        }
        MapHandle handle = new MapHandle(kernel, spec, fd, MapHandle.userValueSize(kernel, spec),
                object.btf().orElse(null));
        maps.put(spec.name(), handle);
        mapFds.add(fd);
        if (!fresh) {
            return;
        }
        if (spec.initial() != null) {
            handle.update(new byte[spec.keySize()], spec.initial().toArray());
        }
        if (spec.frozen()) {
            handle.freeze();
        }
        if (path != null) {
            handle.pin(path);
        }
    }

    /** A map that is pinned already, -1 if none is. */
    private int reuse(MapSpec spec, String path) {
        int fd = Pinning.get(kernel, path);
        if (fd == Errno.ENOENT.negative()) {
            return -1;
        }
        kept(BpfCallException.checked(object.name() + ": map '" + spec.name() + "' at " + path, fd));
        byte[] info = new byte[24];
        long address = kernel.memory().put(info);
        BpfCallException.checked(path, kernel.bpf(Command.OBJ_GET_INFO_BY_FD, new Attr.Info(fd, info.length, address)));
        byte[] told = kernel.memory().read(address, info.length);
        int[] wanted = {spec.type().number(), spec.keySize(), spec.valueSize(), spec.maxEntries(), spec.flags()};
        int[] offsets = {0, 8, 12, 16, 20};
        for (int i = 0; told != null && i < wanted.length; i++) {
            if ((int) LittleEndian.get(told, offsets[i], Integer.BYTES) != wanted[i]) {
                throw new BpfCallException(object.name() + ": map '" + spec.name() + "': what is pinned at " + path
                        + " is another kind of map", Errno.EINVAL.negative());
            }
        }
        return fd;
    }

    /** With types if the kernel takes them, else without (bpf_object__create_map). */
    private int createAny(MapSpec spec, int numaNode) {
        int inner = 0;
        if (spec.inner() != null) {
            inner = createAny(spec.inner(), 0);
            if (inner < 0) {
                return inner;
            }
        }
        boolean typed = typesFd != 0 && spec.btfValueTypeId() != 0;
        int fd = typed ? create(spec, numaNode, inner, true) : -1;
        if (fd < 0) {
            fd = create(spec, numaNode, inner, false);
        }
        if (inner != 0) {
            kernel.close(inner);
        }
        return fd;
    }

    private int create(MapSpec spec, int numaNode, int inner, boolean typed) {
        return kernel.bpf(Command.MAP_CREATE, new Attr.MapCreate(spec.type().number(), spec.keySize(),
                spec.valueSize(), spec.maxEntries(), spec.flags(), inner, numaNode, ProgramLoader.name(spec.name()), 0,
                typed ? typesFd : 0, typed ? spec.btfKeyTypeId() : 0, typed ? spec.btfValueTypeId() : 0, 0,
                spec.mapExtra(), 0, 0));
    }

    private void fillMapsOfMaps() {
        for (MapDefinition definition : object.maps()) {
            if (definition.spec().type() != MapType.PROG_ARRAY) {
                definition.slots().forEach((index, name) -> fill(definition, index, maps.get(name) == null
                        ? null
                        : maps.get(name).fd()));
            }
        }
    }

    private void fillProgArrays() {
        for (MapDefinition definition : object.maps()) {
            if (definition.spec().type() == MapType.PROG_ARRAY) {
                definition.slots().forEach((index, name) -> fill(definition, index, programs.get(name) == null
                        ? null
                        : programs.get(name).fd()));
            }
        }
    }

    /** Programs that were not to be loaded leave their places empty. */
    private void fill(MapDefinition definition, int index, @Nullable Integer fd) {
        MapHandle map = maps.get(definition.spec().name());
        if (fd != null && map != null) {
            map.update(LittleEndian.bytes(index, definition.spec().keySize()), fd);
        }
    }

    private void loadPrograms(List<ProgramImage> images, @Nullable EncodedProgramBtf types) {
        ProgramLoader loader = new ProgramLoader(kernel, object.name(), object.kernelVersion(), typesFd);
        int firstLine = 0;
        for (ProgramImage image : images) {
            ProgramBtf btf = image.btf();
            int lines = btf == null ? 0 : btf.lines().size();
            int[] words = types == null
                    ? new int[0]
                    : Arrays.copyOfRange(types.lines(), LINE_WORDS * firstLine, LINE_WORDS * (firstLine + lines));
            firstLine += lines;
            int fd = loader.load(image, code(image), words, target(image));
            programs.put(image.name(), new ProgramHandle(kernel, image, kept(fd)));
        }
    }

    /** The instructions with descriptors in the place of map numbers. */
    private byte[] code(ProgramImage image) {
        List<RawInstruction> code = new ArrayList<>(image.code());
        for (int slot = 0; slot < code.size(); slot++) {
            RawInstruction instruction = code.get(slot);
            if (instruction.loads(ImmKind.MAP_IDX)) {
                code.set(slot, instruction.loading(ImmKind.MAP_FD, mapFds.get(instruction.imm())));
            } else if (instruction.loads(ImmKind.MAP_IDX_VALUE)) {
                code.set(slot, instruction.loading(ImmKind.MAP_VALUE, mapFds.get(instruction.imm())));
            }
            slot += instruction.isLoadImm64() ? 1 : 0;
        }
        return Slots.toBytes(code, ByteOrder.LITTLE_ENDIAN);
    }

    /** The id, in the kernel's types, of what the section names (libbpf_find_attach_btf_id); 0 where there is no need of one. */
    private int target(ProgramImage image) {
        String target = image.attachTarget();
        boolean byId = image.type() == ProgramType.TRACING || image.type() == ProgramType.LSM
                || image.type() == ProgramType.COMPRESSOR;
        if (target == null || !byId) {
            return 0;
        }
        TargetType type = TargetType.of(image.type(), image.attachType());
        Btf types = object.target().types();
        int id = types == null ? 0 : type.idIn(types, target);
        if (id == 0) {
            throw new BpfCallException(object.name() + ": program '" + image.name() + "': "
                    + (types == null
                            ? "the kernel's types are not known, and its target is one of them"
                            : "the kernel has no '" + type.nameOf(target) + "'"),
                    Errno.ESRCH.negative());
        }
        return id;
    }
}
