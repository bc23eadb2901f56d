package org.bpfz.spec.live;

import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import org.bpfz.spec.Errno;

/** The system calls bpf(2) and close(2). */
@SuppressWarnings("restricted") // calling the C library is what the class is for
final class BpfCall {
    /** Commands of enum bpf_cmd. */
    static final int MAP_CREATE = 0;
    static final int MAP_LOOKUP_ELEM = 1;
    static final int MAP_UPDATE_ELEM = 2;
    static final int MAP_DELETE_ELEM = 3;
    static final int MAP_GET_NEXT_KEY = 4;
    static final int PROG_LOAD = 5;
    static final int PROG_TEST_RUN = 10;
    static final int BTF_LOAD = 18;
    static final int MAP_LOOKUP_AND_DELETE_ELEM = 21;
    static final int MAP_FREEZE = 22;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final MemoryLayout ERROR_STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = ERROR_STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private static final AddressLayout ADDRESS = ValueLayout.ADDRESS;

    private static final MethodHandle SYSCALL = LINKER.downcallHandle(
            LINKER.defaultLookup().findOrThrow("syscall"),
            FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ADDRESS,
                    ValueLayout.JAVA_LONG),
            Linker.Option.captureCallState("errno"), Linker.Option.firstVariadicArg(1));

    private static final MethodHandle CLOSE = LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow("close"),
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

    private BpfCall() {
    }

    /** The number of bpf(2), or -1 on an architecture that is not known here. */
    static long number() {
        return switch (System.getProperty("os.arch")) {
            case "amd64", "x86_64" -> 321;
            case "aarch64", "riscv64" -> 280;
            default -> -1;
        };
    }

    /** The call's result if it is not negative, else the negative error number. */
    static int bpf(int command, MemorySegment attr) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(ERROR_STATE);
            long result = (long) SYSCALL.invokeExact(state, number(), (long) command, attr, attr.byteSize());
            return result >= 0 ? (int) result : -(int) ERRNO.get(state, 0L);
        } catch (Throwable e) {
            throw new AssertionError("syscall(2) throws nothing", e);
        }
    }

    static void close(int fd) {
        try {
            int ignored = (int) CLOSE.invokeExact(fd);
        } catch (Throwable e) {
            throw new AssertionError("close(2) throws nothing", e);
        }
    }

    /** The name of a negative result. */
    static String errorName(int result) {
        Errno errno = Errno.of(-result);
        return errno == null ? "error " + -result : errno.name();
    }
}
