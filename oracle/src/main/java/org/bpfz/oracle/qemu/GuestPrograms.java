package org.bpfz.oracle.qemu;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.bpfz.oracle.qemu.Request.Argument.Value;
import org.bpfz.spec.btf.EncodedProgramBtf;
import org.bpfz.spec.btf.ProgramBtf;
import org.bpfz.spec.isa.Slots;
import org.bpfz.spec.program.AttachType;
import org.bpfz.spec.program.MapSpec;
import org.bpfz.spec.program.ProgramImage;
import org.bpfz.spec.program.ProgramType;
import org.jspecify.annotations.Nullable;

/**
 * The programs, maps and links of a scenario in the guest. All their descriptors are the agent's own.
 *
 * <p>Field offsets are those of union bpf_attr (include/uapi/linux/bpf.h).
 */
final class GuestPrograms {
    private static final int SYS_CLOSE = 3;
    private static final int SYS_BPF = 321;
    private static final int MAP_CREATE = 0;
    private static final int MAP_LOOKUP_ELEM = 1;
    private static final int MAP_UPDATE_ELEM = 2;
    private static final int PROG_LOAD = 5;
    private static final int RAW_TRACEPOINT_OPEN = 17;
    private static final int BTF_LOAD = 18;
    private static final int MAP_FREEZE = 22;
    private static final int LOG_BYTES = 1 << 20;

    private final VirtualMachine machine;
    private final KernelFacts facts;
    private final List<Long> open = new ArrayList<>();

    GuestPrograms(VirtualMachine machine, KernelFacts facts) {
        this.machine = machine;
        this.facts = facts;
    }

    /** What BPF_PROG_LOAD said: a descriptor or a negative error number, and the verifier's log. */
    record Loading(long result, String log) {}

    /** Creates a map and returns its descriptor. */
    long create(MapSpec spec) throws IOException {
        Request request = new Request();
        BpfAttributes attributes = new BpfAttributes().number(0, spec.type().number()).number(4, spec.keySize())
                .number(8, spec.valueSize()).number(12, spec.maxEntries()).number(16, spec.flags())
                .address(64, spec.mapExtra());
        if (spec.inner() != null) {
            attributes.number(20, (int) create(spec.inner()));
        }
        long fd = bpf(request, MAP_CREATE, attributes);
        if (fd < 0) {
            throw new IOException("the kernel refuses the map " + spec.name() + ": " + GuestBpf.errorName((int) fd));
        }
        open.add(fd);
        if (spec.initial() != null) {
            update(fd, new byte[spec.keySize()], spec.initial().toArray());
        }
        if (spec.frozen()) {
            bpf(new Request(), MAP_FREEZE, new BpfAttributes().number(0, (int) fd));
        }
        return fd;
    }

    /** BPF_MAP_UPDATE_ELEM; the raw result. */
    long update(long map, byte[] key, byte[] value) throws IOException {
        Request request = new Request();
        return bpf(request, MAP_UPDATE_ELEM, new BpfAttributes().number(0, (int) map).address(8, request.put(key))
                .address(16, request.put(value)));
    }

    /** BPF_MAP_LOOKUP_ELEM; null if there is no such element. */
    byte @Nullable [] lookup(long map, byte[] key, int size) throws IOException {
        Request request = new Request();
        long value = request.zeroed(size);
        int result = call(request, MAP_LOOKUP_ELEM,
                new BpfAttributes().number(0, (int) map).address(8, request.put(key)).address(16, value));
        int bytes = request.peek(value, size);
        Answers answers = machine.call(request);
        return answers.result(result) < 0 ? null : answers.bytes(bytes);
    }

    /**
     * Loads a program; one that is refused is loaded again for the log, which costs the kernel more than the program.
     *
     * @param target the function to name by attach_btf_id; null for none
     * @param maps   a descriptor for each map of the image
     */
    Loading load(ProgramImage image, @Nullable String target, List<Long> maps) throws IOException {
        long btf = types(image.btf());
        Loading quiet = load(image, target, maps, btf, 0);
        if (quiet.result < 0) {
            return load(image, target, maps, btf, 1);
        }
        open.add(quiet.result);
        return quiet;
    }

    private Loading load(ProgramImage image, @Nullable String target, List<Long> maps, long btf, int logLevel)
            throws IOException {
        Request request = new Request();
        byte[] code = Slots.toBytes(image.code().stream().map(facts::moved).toList(), ByteOrder.LITTLE_ENDIAN);
        BpfAttributes attributes = new BpfAttributes().number(0, facts.number(image.type()))
                .number(4, image.code().size()).address(8, request.put(code)).address(16, request.put(image.licence()))
                .number(44, image.sleepable() ? 1 << 4 : 0).number(68, facts.number(image.attachType()))
                .address(120, request.put(words(maps.stream().mapToInt(Long::intValue).toArray())));
        if (target != null && namesFunction(image)) {
            attributes.number(108, facts.function(target));
        }
        if (btf >= 0) {
            EncodedProgramBtf own = EncodedProgramBtf.of(Objects.requireNonNull(image.btf()));
            attributes.number(72, (int) btf).number(76, 2 * Integer.BYTES)
                    .address(80, request.put(words(own.functions()))).number(88, own.functions().length / 2);
        }
        long log = request.reserve(LOG_BYTES);
        request.fill(log, 1, 0);
        if (logLevel > 0) {
            attributes.number(24, logLevel).number(28, LOG_BYTES).address(32, log);
        }
        int load = call(request, PROG_LOAD, attributes);
        int text = request.peekString(log, LOG_BYTES);
        Answers answers = machine.call(request);
        return new Loading(answers.result(load), answers.string(text));
    }

    /** Whether the attributes have a place for the function: other types are refused for naming one. */
    private static boolean namesFunction(ProgramImage image) {
        return image.attachType() == AttachType.COMPRESSOR || image.type() == ProgramType.COMPRESSOR
                || image.type() == ProgramType.TRACING || image.type() == ProgramType.LSM;
    }

    private long types(@Nullable ProgramBtf types) throws IOException {
        if (types == null) {
            return -1;
        }
        Request request = new Request();
        byte[] bytes = EncodedProgramBtf.of(types).types();
        long fd = bpf(request, BTF_LOAD, new BpfAttributes().address(0, request.put(bytes)).number(16, bytes.length));
        if (fd >= 0) {
            open.add(fd);
        }
        return fd;
    }

    /** BPF_RAW_TRACEPOINT_OPEN without a name, as part of a request; returns the index of its result. */
    static int attach(Request request, long program) {
        return call(request, RAW_TRACEPOINT_OPEN, new BpfAttributes().number(8, (int) program));
    }

    /** Closes a descriptor, as part of a request. */
    static int close(Request request, long fd) {
        return request.callKeeping(0, 0, SYS_CLOSE, new Value(fd));
    }

    /** Remembers a descriptor that has to be closed. */
    void owns(long fd) {
        open.add(fd);
    }

    /** Somebody has closed it. */
    void closed(long fd) {
        open.remove(fd);
    }

    /** Closes everything that is left. */
    void closeAll() throws IOException {
        Request request = new Request();
        open.reversed().forEach(fd -> close(request, fd));
        machine.call(request);
        open.clear();
    }

    private long bpf(Request request, int command, BpfAttributes attributes) throws IOException {
        int index = call(request, command, attributes);
        return machine.call(request).result(index);
    }

    private static int call(Request request, int command, BpfAttributes attributes) {
        return request.callKeeping(0, 0, SYS_BPF, new Value(command), new Value(attributes.putInto(request)),
                new Value(BpfAttributes.size()));
    }

    private static byte[] words(int... values) {
        ByteBuffer buffer = ByteBuffer.allocate(Math.max(values.length, 2) * Integer.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN);
        for (int value : values) {
            buffer.putInt(value);
        }
        return buffer.array();
    }
}
