package org.bpfz.spec.kernel.live;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.bpfz.spec.kernel.live.RawCall.Arg;
import org.bpfz.spec.kernel.live.RawCall.Entry;

/**
 * The other process of the differential test: executes raw system calls that it reads from its standard input and writes what
 * came of them to its standard output.
 *
 * <p>Each sequence of calls runs in a thread of its own that first leaves the process's descriptor table, current directory
 * and umask (unshare), and closes all descriptors that it got a copy of: so descriptors count from 0 as in the model, and
 * nothing that a sequence does to them is seen by the rest of the virtual machine. Everything that the thread executes has been
 * executed before, because a class that would have to be loaded then could not be read.
 *
 * <p>A sequence must never reach the machine's own files with root's rights: it either runs in a file system that is mounted
 * for its thread alone and is its root directory ({@link #enterSandbox}), or without privilege ({@link #enterPlain}).
 */
public final class LinuxRunner {
    private static final int PAGE = 4096;
    private static final int WARM_UP = 1000;
    private static final int NR_MMAP = 9;
    private static final int NR_MPROTECT = 10;
    private static final int NR_MUNMAP = 11;
    private static final int NR_GETPID = 39;
    private static final int NR_CHDIR = 80;
    private static final int NR_MKDIR = 83;
    private static final int NR_CHOWN = 92;
    private static final int NR_UMASK = 95;
    private static final int NR_GETUID = 102;
    private static final int NR_SETUID = 105;
    private static final int NR_SETGID = 106;
    private static final int NR_SETGROUPS = 116;
    private static final int NR_MKNOD = 133;
    private static final int NR_CHROOT = 161;
    private static final int NR_MOUNT = 165;
    private static final int NR_UNSHARE = 272;
    private static final int NR_PRLIMIT64 = 302;
    private static final int NR_CLOSE_RANGE = 436;
    private static final long CLONE_FS_FILES = 0x600;
    private static final long CLONE_NEWNS = 0x20000;
    private static final long MS_REC_PRIVATE = 0x44000;
    private static final StructLayout CAPTURE = Linker.Option.captureStateLayout();
    private static final long ERRNO = CAPTURE.byteOffset(MemoryLayout.PathElement.groupElement("errno"));
    private static final MethodHandle SYSCALL = syscall();

    /** A region of memory that ends at a page that faults. */
    private record Region(long base, long length, long address, int size) {}

    private final MemorySegment capture;
    private final List<Region> regions = new ArrayList<>();

    private LinuxRunner(Arena arena) {
        capture = arena.allocate(CAPTURE);
    }

    @SuppressWarnings("restricted") // system calls are what this class is for
    private static MethodHandle syscall() {
        ValueLayout.OfLong word = ValueLayout.JAVA_LONG;
        FunctionDescriptor type = FunctionDescriptor.of(word, word, word, word, word, word, word, word);
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().findOrThrow("syscall"), type,
                Linker.Option.captureCallState("errno"), Linker.Option.firstVariadicArg(1));
    }

    /** Serves sequences until its standard input ends. */
    public static void main(String[] args) throws IOException, InterruptedException {
        DataInputStream in = new DataInputStream(new BufferedInputStream(System.in, 1 << 16));
        DataOutputStream out = new DataOutputStream(new BufferedOutputStream(System.out, 1 << 16));
        warmUp();
        while (true) {
            String directory;
            try {
                directory = in.readUTF();
            } catch (EOFException end) {
                return;
            }
            String mountOptions = in.readUTF();
            int id = in.readInt();
            int count = in.readInt();
            List<RawCall> calls = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                calls.add(RawCall.read(in));
            }
            serve(out, directory, mountOptions, id, calls);
        }
    }

    private static void serve(DataOutputStream out, String directory, String mountOptions, int id, List<RawCall> calls)
            throws IOException, InterruptedException {
        long[] results = new long[calls.size()];
        byte[][] answers = new byte[calls.size()][];
        for (int i = 0; i < answers.length; i++) {
            answers[i] = new byte[calls.get(i).answerLength()];
        }
        long[] setUp = new long[1];
        Thread thread = new Thread(() -> {
            try (Arena arena = Arena.ofConfined()) {
                LinuxRunner runner = new LinuxRunner(arena);
                setUp[0] = runner.enter(directory, mountOptions, id);
                if (setUp[0] == 0) {
                    runner.run(calls, results, answers);
                }
            }
        });
        thread.start();
        thread.join();
        try (Arena arena = Arena.ofConfined()) {
            new LinuxRunner(arena).liftLimits();
        }
        out.writeLong(setUp[0]);
        for (int i = 0; i < results.length; i++) {
            out.writeLong(results[i]);
            out.write(answers[i]);
        }
        out.flush();
    }

    /**
     * Executes something of everything, so that no class has to be loaded once descriptors are gone; and often enough for method
     * handles to have been compiled and customised, which loads classes too.
     */
    private static void warmUp() {
        RawCall call = RawCall.of(NR_GETPID, new Arg.Value(0), new Arg.In(new byte[3]), new Arg.InOut(new byte[5]),
                new Arg.Vector(List.of(new Entry(new Arg.InOut(new byte[2]), 2), new Entry(new Arg.In(new byte[1]), 1),
                        new Entry(new Arg.Value(0), 0))));
        try (Arena arena = Arena.ofConfined()) {
            LinuxRunner runner = new LinuxRunner(arena);
            byte[][] answers = {new byte[call.answerLength()]};
            for (int i = 0; i < WARM_UP; i++) {
                runner.run(List.of(call), new long[1], answers);
            }
            runner.system(-1, 0, 0, 0, 0, 0, 0);
            runner.text("warm");
            runner.free();
        }
    }

    /** Leaves the process's tables and goes where the sequence is to run; returns 0 or a negative error number. */
    private long enter(String directory, String mountOptions, int id) {
        long result = system(NR_UNSHARE, CLONE_FS_FILES, 0, 0, 0, 0, 0);
        result = result == 0 ? system(NR_CLOSE_RANGE, 0, 0xffffffffL, 0, 0, 0, 0) : result;
        system(NR_UMASK, 0, 0, 0, 0, 0, 0);
        if (result == 0) {
            result = mountOptions.isEmpty() ? enterPlain(directory, id) : enterSandbox(directory, mountOptions, id);
        }
        system(NR_UMASK, 022, 0, 0, 0, 0, 0);
        free();
        return result;
    }

    /** Goes to a directory; root becomes somebody else for good. */
    private long enterPlain(String directory, int id) {
        if (system(NR_GETUID, 0, 0, 0, 0, 0, 0) == 0 && id == 0) {
            return -1;
        }
        long result = system(NR_CHDIR, text(directory), 0, 0, 0, 0, 0);
        return result == 0 ? become(id) : result;
    }

    /** Makes a tmpfs that only this thread sees, and that goes with it, the root directory, with the model's files in it. */
    private long enterSandbox(String directory, String mountOptions, int id) {
        long tmpfs = text("tmpfs");
        long root = text(directory);
        long result = system(NR_UNSHARE, CLONE_NEWNS, 0, 0, 0, 0, 0);
        result = result == 0 ? system(NR_MOUNT, 0, text("/"), 0, MS_REC_PRIVATE, 0, 0) : result;
        result = result == 0 ? system(NR_MOUNT, tmpfs, root, tmpfs, 0, text(mountOptions), 0) : result;
        result = result == 0 ? system(NR_CHROOT, root, 0, 0, 0, 0, 0) : result;
        result = result == 0 ? system(NR_CHDIR, text("/"), 0, 0, 0, 0, 0) : result;
        result = result == 0 ? folder("/dev", 0755, 0) : result;
        result = result == 0 ? device("/dev/null", 3) : result;
        result = result == 0 ? device("/dev/zero", 5) : result;
        result = result == 0 ? device("/dev/full", 7) : result;
        result = result == 0 ? folder("/tmp", 01777, 0) : result;
        result = result == 0 ? folder("/p", 0755, id) : result;
        result = result == 0 ? folder("/p/q", 0755, id) : result;
        result = result == 0 ? folder("/p/q/w", 0755, id) : result;
        result = result == 0 ? system(NR_CHDIR, text("/p/q/w"), 0, 0, 0, 0, 0) : result;
        return result == 0 ? become(id) : result;
    }

    private long folder(String path, int mode, int owner) {
        long name = text(path);
        long result = system(NR_MKDIR, name, mode, 0, 0, 0, 0);
        return result == 0 ? system(NR_CHOWN, name, owner, owner, 0, 0, 0) : result;
    }

    /** A memory device, whose major number is 1. */
    private long device(String path, int minor) {
        return system(NR_MKNOD, text(path), 020666, 1 << 8 | minor, 0, 0, 0);
    }

    /** Gives up all groups, and root's rights with an id other than root's; whoever is not root has the id already. */
    private long become(int id) {
        if (system(NR_GETUID, 0, 0, 0, 0, 0, 0) != 0) {
            return 0;
        }
        long result = system(NR_SETGROUPS, 0, 0, 0, 0, 0, 0);
        result = result == 0 ? system(NR_SETGID, id, 0, 0, 0, 0, 0) : result;
        return result == 0 ? system(NR_SETUID, id, 0, 0, 0, 0, 0) : result;
    }

    private void run(List<RawCall> calls, long[] results, byte[][] answers) {
        for (int i = 0; i < results.length; i++) {
            RawCall call = calls.get(i);
            long[] words = new long[6];
            List<Arg> args = call.args();
            List<Region> outs = new ArrayList<>();
            for (int k = 0; k < args.size(); k++) {
                words[k] = place(args.get(k), outs);
            }
            results[i] = system(call.number(), words[0], words[1], words[2], words[3], words[4], words[5]);
            int at = 0;
            for (int k = 0; k < outs.size(); k++) {
                Region region = outs.get(k);
                MemorySegment.copy(memory(region.address, region.size), ValueLayout.JAVA_BYTE, 0, answers[i], at,
                        region.size);
                at += region.size;
            }
            free();
        }
    }

    private long place(Arg arg, List<Region> outs) {
        if (arg instanceof Arg.Value value) {
            return value.value();
        }
        if (arg instanceof Arg.In in) {
            return store(in.bytes()).address;
        }
        if (arg instanceof Arg.InOut both) {
            Region region = store(both.bytes());
            outs.add(region);
            return region.address;
        }
        List<Entry> entries = ((Arg.Vector) arg).entries();
        Region array = region(entries.size() * 16);
        MemorySegment memory = memory(array.address, array.size);
        for (int k = 0; k < entries.size(); k++) {
            memory.set(ValueLayout.JAVA_LONG_UNALIGNED, 16L * k, place(entries.get(k).base(), outs));
            memory.set(ValueLayout.JAVA_LONG_UNALIGNED, 16L * k + 8, entries.get(k).length());
        }
        return array.address;
    }

    private long text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        byte[] terminated = new byte[bytes.length + 1];
        System.arraycopy(bytes, 0, terminated, 0, bytes.length);
        return store(terminated).address;
    }

    private Region store(byte[] bytes) {
        Region region = region(bytes.length);
        MemorySegment.copy(bytes, 0, memory(region.address, region.size), ValueLayout.JAVA_BYTE, 0, bytes.length);
        return region;
    }

    /** Memory of a size that is followed by a page without access. */
    private Region region(int size) {
        long usable = (size + PAGE - 1) / PAGE * (long) PAGE;
        long length = usable + PAGE;
        long base = system(NR_MMAP, 0, length, 3, 0x22, -1, 0);
        if (base < 0 && base > -4096) {
            throw new IllegalStateException("mmap: " + base);
        }
        system(NR_MPROTECT, base + usable, PAGE, 0, 0, 0, 0);
        Region region = new Region(base, length, base + usable - size, size);
        regions.add(region);
        return region;
    }

    private void free() {
        for (int i = 0; i < regions.size(); i++) {
            system(NR_MUNMAP, regions.get(i).base, regions.get(i).length, 0, 0, 0, 0);
        }
        regions.clear();
    }

    @SuppressWarnings("restricted") // regions that mmap has just returned
    private static MemorySegment memory(long address, long size) {
        return MemorySegment.ofAddress(address).reinterpret(size);
    }

    /** Sets the soft limits that a sequence may have lowered back to the hard ones. */
    private void liftLimits() {
        for (int resource : new int[]{1, 7}) {
            Region limits = region(16);
            system(NR_PRLIMIT64, 0, resource, 0, limits.address, 0, 0);
            MemorySegment memory = memory(limits.address, 16);
            memory.set(ValueLayout.JAVA_LONG_UNALIGNED, 0, memory.get(ValueLayout.JAVA_LONG_UNALIGNED, 8));
            system(NR_PRLIMIT64, 0, resource, limits.address, 0, 0, 0);
        }
        free();
    }

    /** The call's raw result: a value, or a negative error number. */
    private long system(long number, long a, long b, long c, long d, long e, long f) {
        long result;
        try {
            result = (long) SYSCALL.invokeExact(capture, number, a, b, c, d, e, f);
        } catch (Throwable unexpected) {
            throw new IllegalStateException(unexpected);
        }
        return result == -1 ? -capture.get(ValueLayout.JAVA_INT, ERRNO) : result;
    }
}
