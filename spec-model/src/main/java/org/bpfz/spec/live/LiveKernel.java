package org.bpfz.spec.live;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;
import org.bpfz.spec.btf.EncodedProgramBtf;
import org.bpfz.spec.btf.ProgramBtf;
import org.bpfz.spec.isa.RawInstruction;
import org.bpfz.spec.isa.Slots;
import org.bpfz.spec.program.ProgramType;
import org.jspecify.annotations.Nullable;

/**
 * Loads programs into the kernel of this machine and runs them there.
 *
 * <p>Field offsets are those of union bpf_attr (include/uapi/linux/bpf.h), which are the same on all 64-bit architectures.
 */
public final class LiveKernel {
    /** BPF_F_SLEEPABLE, which programs of type SYSCALL must have. */
    public static final int F_SLEEPABLE = 1 << 4;

    private static final int ATTR_BYTES = 152;
    private static final int DEFAULT_LOG_BYTES = 1 << 20;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

    private LiveKernel() {
    }

    /** Why programs can not be loaded here, in one line, or null if they can. */
    public static @Nullable String unavailable() {
        if (!System.getProperty("os.name").equals("Linux")) {
            return "not Linux";
        }
        if (BpfCall.number() < 0) {
            return "no number of bpf(2) known for " + System.getProperty("os.arch");
        }
        RawInstruction zero = new RawInstruction(0xb7, 0, 0, (short) 0, 0);
        RawInstruction exit = new RawInstruction(0x95, 0, 0, (short) 0, 0);
        try (Loading loading = load(Request.of(ProgramType.SOCKET_FILTER, List.of(zero, exit)))) {
            return loading.program == null ? "bpf(2) refuses a program that returns 0: " + loading.errno : null;
        }
    }

    /**
     * What BPF_PROG_LOAD is given. The licence is GPL.
     *
     * @param code       slots, not checked
     * @param logLevel   0, 1, 2 or 4
     * @param logBytes   the size of the buffer for the log; too small a one makes the kernel say ENOSPC
     * @param flags      prog_flags
     * @param attachType expected_attach_type, 0 for none
     * @param mapFds     fd_array, for LDDW of kinds MAP_IDX and MAP_IDX_VALUE
     * @param functions  the slots at which functions begin, 0 first, to be described by BTF; none if the program takes no function's address
     * @param types      the program's own types with its functions and lines, in the place of {@code functions}; null for none
     */
    public record Request(ProgramType type, List<RawInstruction> code, int logLevel, int logBytes, int flags,
            int attachType, List<Descriptor> mapFds, List<Integer> functions,
            @Nullable ProgramBtf types) {
        /** A program without flags, attach type and maps; the log is wanted at level 1. */
        public static Request of(ProgramType type, List<RawInstruction> code) {
            return new Request(type, code, 1, DEFAULT_LOG_BYTES, 0, 0, List.of(), List.of(), null);
        }

        /** The same with another log level. */
        public Request withLogLevel(int level) {
            return new Request(type, code, level, logBytes, flags, attachType, mapFds, functions, types);
        }

        /** The same with another size of the log's buffer. */
        public Request withLogBytes(int bytes) {
            return new Request(type, code, logLevel, bytes, flags, attachType, mapFds, functions, types);
        }

        /** The same with these flags. */
        public Request withFlags(int newFlags) {
            return new Request(type, code, logLevel, logBytes, newFlags, attachType, mapFds, functions, types);
        }

        /** The same with these maps. */
        public Request withMaps(List<Descriptor> maps) {
            return new Request(type, code, logLevel, logBytes, flags, attachType, maps, functions, types);
        }

        /** The same with functions at these slots. */
        public Request withFunctions(List<Integer> slots) {
            return new Request(type, code, logLevel, logBytes, flags, attachType, mapFds, slots, types);
        }

        /** The same with these types. */
        public Request withTypes(@Nullable ProgramBtf newTypes) {
            return new Request(type, code, logLevel, logBytes, flags, attachType, mapFds, functions, newTypes);
        }
    }

    /** A file descriptor of the kernel's: a program or a map. Closing it lets go of the object. */
    public static final class Descriptor implements AutoCloseable {
        private final int fd;

        private Descriptor(int fd) {
            this.fd = fd;
        }

        /** Its number in this process. */
        public int fd() {
            return fd;
        }

        @Override
        public void close() {
            BpfCall.close(fd);
        }
    }

    /**
     * What came of loading.
     *
     * @param program the program, or null if it was refused; closed with this
     * @param errno   the error's name, or null if the program was accepted
     * @param log     what the verifier wrote, with line ends
     */
    public record Loading(@Nullable Descriptor program, @Nullable String errno, String log) implements AutoCloseable {
        @Override
        public void close() {
            if (program != null) {
                program.close();
            }
        }
    }

    /** BPF_PROG_LOAD. */
    public static Loading load(Request request) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment attr = arena.allocate(ATTR_BYTES, Long.BYTES);
            byte[] code = Slots.toBytes(request.code, ByteOrder.nativeOrder());
            MemorySegment log = arena.allocate(request.logLevel == 0 ? 1 : request.logBytes);
            attr.set(INT, 0, request.type.number());
            attr.set(INT, 4, request.code.size());
            attr.set(LONG, 8, copy(arena, code).address());
            attr.set(LONG, 16, arena.allocateFrom("GPL").address());
            if (request.logLevel != 0) {
                attr.set(INT, 24, request.logLevel);
                attr.set(INT, 28, request.logBytes);
                attr.set(LONG, 32, log.address());
            }
            attr.set(INT, 44, request.flags);
            attr.set(INT, 68, request.attachType);
            if (!request.mapFds.isEmpty()) {
                int[] fds = request.mapFds.stream().mapToInt(Descriptor::fd).toArray();
                attr.set(LONG, 120, arena.allocateFrom(ValueLayout.JAVA_INT, fds).address());
            }
            EncodedProgramBtf own = request.types == null ? null : EncodedProgramBtf.of(request.types);
            try (Loading btf = loadTypes(request, own)) {
                if (btf != null && btf.program != null) {
                    describe(arena, attr, btf.program.fd, own, request.functions);
                }
                int result = BpfCall.bpf(BpfCall.PROG_LOAD, attr);
                return result >= 0
                        ? new Loading(new Descriptor(result), null, log.getString(0))
                        : new Loading(null, BpfCall.errorName(result), log.getString(0));
            }
        }
    }

    /**
     * BPF_BTF_LOAD, with the kernel's log of it.
     *
     * @param btf bytes in the machine's byte order, not checked
     */
    public static Loading loadBtf(byte[] btf) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment attr = arena.allocate(ATTR_BYTES, Long.BYTES);
            MemorySegment log = arena.allocate(DEFAULT_LOG_BYTES);
            attr.set(LONG, 0, copy(arena, btf).address());
            attr.set(LONG, 8, log.address());
            attr.set(INT, 16, btf.length);
            attr.set(INT, 20, DEFAULT_LOG_BYTES);
            attr.set(INT, 24, 1);
            int result = BpfCall.bpf(BpfCall.BTF_LOAD, attr);
            return result >= 0
                    ? new Loading(new Descriptor(result), null, log.getString(0))
                    : new Loading(null, BpfCall.errorName(result), log.getString(0));
        }
    }

    private static @Nullable Loading loadTypes(Request request, @Nullable EncodedProgramBtf own) {
        if (own != null) {
            return loadBtf(own.types());
        }
        return request.functions.isEmpty() ? null : loadBtf(FunctionBtf.of(request.functions.size()));
    }

    /** Puts func_info and line_info into the attributes: the program's own, or one that gives each slot a function of the BTF. */
    private static void describe(Arena arena, MemorySegment attr, int btf, @Nullable EncodedProgramBtf own,
            List<Integer> slots) {
        int[] functions = own != null ? own.functions() : new int[2 * slots.size()];
        for (int i = 0; own == null && i < slots.size(); i++) {
            functions[2 * i] = slots.get(i);
            functions[2 * i + 1] = FunctionBtf.FIRST_FUNCTION + i;
        }
        attr.set(INT, 72, btf);
        attr.set(INT, 76, 2 * Integer.BYTES);
        attr.set(LONG, 80, arena.allocateFrom(ValueLayout.JAVA_INT, functions).address());
        attr.set(INT, 88, functions.length / 2);
        if (own != null && own.lines().length > 0) {
            attr.set(INT, 92, 4 * Integer.BYTES);
            attr.set(LONG, 96, arena.allocateFrom(ValueLayout.JAVA_INT, own.lines()).address());
            attr.set(INT, 104, own.lines().length / 4);
        }
    }

    /**
     * BPF_MAP_CREATE.
     *
     * @param type enum bpf_map_type
     * @throws IOException if the kernel refuses
     */
    public static Descriptor createMap(int type, int keySize, int valueSize, int maxEntries, int flags)
            throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment attr = arena.allocate(ATTR_BYTES, Long.BYTES);
            attr.set(INT, 0, type);
            attr.set(INT, 4, keySize);
            attr.set(INT, 8, valueSize);
            attr.set(INT, 12, maxEntries);
            attr.set(INT, 16, flags);
            return new Descriptor(check("BPF_MAP_CREATE", BpfCall.bpf(BpfCall.MAP_CREATE, attr)));
        }
    }

    /**
     * What came of running a program.
     *
     * @param returned the program's result, its low 32 bits
     * @param nanos    the mean time of a run
     */
    public record Run(int returned, int nanos) {}

    /**
     * BPF_PROG_TEST_RUN.
     *
     * @param context the context, empty for none; afterwards, for type SYSCALL, what the program left in it
     * @param data    the packet, empty for none
     * @param repeat  how often; 0 for types that take no count
     * @throws IOException if the kernel refuses
     */
    public static Run run(Descriptor program, byte[] context, byte[] data, int repeat) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment attr = arena.allocate(ATTR_BYTES, Long.BYTES);
            MemorySegment in = copy(arena, context);
            attr.set(INT, 0, program.fd);
            if (data.length > 0) {
                attr.set(INT, 8, data.length);
                attr.set(LONG, 16, copy(arena, data).address());
            }
            attr.set(INT, 32, repeat);
            if (context.length > 0) {
                attr.set(INT, 40, context.length);
                attr.set(LONG, 48, in.address());
            }
            check("BPF_PROG_TEST_RUN", BpfCall.bpf(BpfCall.PROG_TEST_RUN, attr));
            MemorySegment.copy(in, ValueLayout.JAVA_BYTE, 0, context, 0, context.length);
            return new Run(attr.get(INT, 4), attr.get(INT, 36));
        }
    }

    /** The descriptor that a command has returned, or its error as an exception. */
    static Descriptor describe(String command, int result) throws IOException {
        return new Descriptor(check(command, result));
    }

    static MemorySegment copy(Arena arena, byte[] bytes) {
        MemorySegment segment = arena.allocate(Math.max(bytes.length, 1), Long.BYTES);
        MemorySegment.copy(bytes, 0, segment, ValueLayout.JAVA_BYTE, 0, bytes.length);
        return segment;
    }

    private static int check(String command, int result) throws IOException {
        if (result < 0) {
            throw new IOException(command + ": " + BpfCall.errorName(result));
        }
        return result;
    }
}
