package org.bpfz.oracle.qemu;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.bpfz.oracle.qemu.Request.Argument;
import org.bpfz.spec.Errno;
import org.bpfz.spec.btf.EncodedProgramBtf;
import org.bpfz.spec.btf.ProgramBtf;
import org.bpfz.spec.isa.Slots;
import org.bpfz.spec.program.MapSpec;
import org.bpfz.spec.program.ProgramImage;
import org.jspecify.annotations.Nullable;

/**
 * Loads programs into the guest's kernel: maps, types, program and log in one request, of which many can be under way.
 *
 * <p>Field offsets are those of union bpf_attr (include/uapi/linux/bpf.h).
 */
public final class GuestBpf {
    private static final int SYS_CLOSE = 3;
    private static final int SYS_BPF = 321;
    private static final int MAP_CREATE = 0;
    private static final int MAP_UPDATE_ELEM = 2;
    private static final int PROG_LOAD = 5;
    private static final int BTF_LOAD = 18;
    private static final int MAP_FREEZE = 22;
    private static final int LOG_BYTES = 32 << 20;

    private final VirtualMachine machine;
    private final Queue<Sent> sent = new ArrayDeque<>();

    /** Over a machine that runs. */
    public GuestBpf(VirtualMachine machine) {
        this.machine = machine;
    }

    /**
     * What the kernel said of a program.
     *
     * @param errno  null where it was accepted, or where the number has no name
     * @param result of BPF_PROG_LOAD, negative where it was refused
     * @param log    with line ends
     */
    public record Loading(@Nullable Errno errno, int result, String log) {
        /** Whether the kernel took the program. */
        public boolean isAccepted() {
            return result >= 0;
        }
    }

    /** Says that a program was not loaded since the kernel refused a map or the types that it needs; further loads are possible. */
    public static final class SetUpException extends IOException {
        private static final long serialVersionUID = 1L;

        private SetUpException(String message) {
            super(message);
        }
    }

    /** A program on its way: where its answers will be. */
    private record Sent(int load, int log, List<Integer> before) {}

    /**
     * Asks for a load and returns at once; {@link #receive} has what comes of it.
     *
     * @param attachId the type in the kernel's types that the program is attached to; 0 for none
     */
    public void send(ProgramImage image, int flags, int logLevel, int attachId) throws IOException {
        Request request = new Request();
        sent.add(lay(request, image, flags, logLevel, attachId));
        machine.send(request);
    }

    /** What came of the earliest load without an answer. */
    public Loading receive() throws IOException {
        Answers answers = machine.receive();
        Sent expected = sent.remove();
        for (int before : expected.before) {
            if (answers.result(before) < 0) {
                throw new SetUpException(
                        "the guest refuses a program's map or types: " + errorName((int) answers.result(before)));
            }
        }
        int result = (int) answers.result(expected.load);
        return new Loading(result < 0 ? Errno.of(-result) : null, result, answers.string(expected.log));
    }

    /** Loads one program. */
    public Loading load(ProgramImage image, int flags, int logLevel) throws IOException {
        return load(image, flags, logLevel, 0);
    }

    /** Loads one program that is attached to one of the kernel's types. */
    public Loading load(ProgramImage image, int flags, int logLevel, int attachId) throws IOException {
        send(image, flags, logLevel, attachId);
        return receive();
    }

    /** The error's name, for messages. */
    static String errorName(int result) {
        Errno errno = Errno.of(-result);
        return errno == null ? "error " + -result : errno.name();
    }

    private static Sent lay(Request request, ProgramImage image, int flags, int logLevel, int attachId) {
        List<Integer> before = new ArrayList<>();
        ProgramBtf types = image.btf();
        EncodedProgramBtf own = types == null ? null : EncodedProgramBtf.of(types);
        long btf = request.zeroed(Long.BYTES);
        if (own != null) {
            byte[] bytes = own.types();
            long attributes = new BpfAttributes().address(0, request.put(bytes)).number(16, bytes.length)
                    .putInto(request);
            before.add(bpf(request, btf, BTF_LOAD, attributes));
        }
        long descriptors = request.zeroed(Integer.BYTES * image.maps().size() + Long.BYTES);
        for (int i = 0; i < image.maps().size(); i++) {
            createMap(request, image.maps().get(i), descriptors + (long) Integer.BYTES * i, own == null ? 0 : btf,
                    before);
        }
        long log = request.reserve(LOG_BYTES);
        request.fill(log, 1, 0);
        BpfAttributes attributes = program(request, image, own).number(44, flags).number(108, attachId)
                .address(120, descriptors);
        if (logLevel != 0) {
            attributes.number(24, logLevel).number(28, LOG_BYTES).address(32, log);
        }
        long at = attributes.putInto(request);
        if (own != null) {
            request.copy(btf, at + 72, Integer.BYTES);
        }
        long program = request.zeroed(Long.BYTES);
        int load = bpf(request, program, PROG_LOAD, at);
        int text = request.peekString(log, LOG_BYTES);
        close(request, program);
        for (int i = 0; i < image.maps().size(); i++) {
            close(request, descriptors + (long) Integer.BYTES * i);
        }
        if (own != null) {
            close(request, btf);
        }
        return new Sent(load, text, before);
    }

    private static BpfAttributes program(Request request, ProgramImage image, @Nullable EncodedProgramBtf own) {
        byte[] code = Slots.toBytes(image.code(), ByteOrder.LITTLE_ENDIAN);
        BpfAttributes attributes = new BpfAttributes().number(0, image.type().number())
                .number(4, image.code().size()).address(8, request.put(code))
                .address(16, request.put(image.licence()))
                .number(68, image.attachType() == null ? 0 : image.attachType().number());
        if (own != null) {
            attributes.number(76, 2 * Integer.BYTES).address(80, request.put(words(own.functions())))
                    .number(88, own.functions().length / 2);
            if (own.lines().length > 0) {
                attributes.number(92, 4 * Integer.BYTES).address(96, request.put(words(own.lines()))).number(104,
                        own.lines().length / 4);
            }
        }
        return attributes;
    }

    private static void createMap(Request request, MapSpec spec, long descriptor, long btf, List<Integer> before) {
        BpfAttributes attributes = new BpfAttributes().number(0, spec.type().number()).number(4, spec.keySize())
                .number(8, spec.valueSize()).number(12, spec.maxEntries()).number(16, spec.flags())
                .name(28, spec.name()).address(64, spec.mapExtra());
        boolean typed = btf != 0 && spec.btfValueTypeId() != 0;
        if (typed) {
            attributes.number(52, spec.btfKeyTypeId()).number(56, spec.btfValueTypeId());
        }
        long inner = request.zeroed(Long.BYTES);
        if (spec.inner() != null) {
            createMap(request, spec.inner(), inner, btf, before);
        }
        long at = attributes.putInto(request);
        if (typed) {
            request.copy(btf, at + 48, Integer.BYTES);
        }
        request.copy(inner, at + 20, Integer.BYTES);
        before.add(bpf(request, descriptor, MAP_CREATE, at));
        if (spec.inner() != null) {
            close(request, inner);
        }
        if (spec.initial() != null) {
            long update = new BpfAttributes().address(8, request.zeroed(spec.keySize()))
                    .address(16, request.put(spec.initial().toArray())).putInto(request);
            request.copy(descriptor, update, Integer.BYTES);
            before.add(bpf(request, 0, MAP_UPDATE_ELEM, update));
        }
        if (spec.frozen()) {
            long freeze = new BpfAttributes().putInto(request);
            request.copy(descriptor, freeze, Integer.BYTES);
            before.add(bpf(request, 0, MAP_FREEZE, freeze));
        }
    }

    /** A command of bpf(2) whose result, a descriptor, is kept as 32 bits. */
    private static int bpf(Request request, long keep, int command, long attributes) {
        return request.callKeeping(keep, Integer.BYTES, SYS_BPF, new Argument.Value(command),
                new Argument.Value(attributes), new Argument.Value(BpfAttributes.size()));
    }

    private static void close(Request request, long descriptor) {
        request.callKeeping(0, 0, SYS_CLOSE, new Argument.At(descriptor));
    }

    private static byte[] words(int... values) {
        ByteBuffer buffer = ByteBuffer.allocate(values.length * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int value : values) {
            buffer.putInt(value);
        }
        return buffer.array();
    }
}
