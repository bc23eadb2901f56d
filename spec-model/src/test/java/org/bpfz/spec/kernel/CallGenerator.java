package org.bpfz.spec.kernel;

import static org.bpfz.spec.kernel.Flags.AT_FDCWD;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Random system calls that are likely to do something: their names and descriptors are mostly ones that exist, their numbers
 * mostly ones at which something changes. One seed, one sequence.
 */
public final class CallGenerator {
    private static final List<String> NAMES = List.of("a", "b", "c", "d", "d/x", "d/y", "d/e", "d/e/z", "l", "m", "l/x",
            "p", "d/p");
    private static final List<String> ODD_NAMES = List.of(".", "..", "d/.", "d/..", "a/", "d/", "l/", "a/b", "d//x",
            "./a",
            "d/../a", "", "n".repeat(255), "n".repeat(256),
            "d/" + "n".repeat(256),
            "d/./".repeat(1023) + "abc", "d/./".repeat(1024), "é", "a/.", "m/", "../w/a");
    /** For calls that open a file and do nothing to its name: on a machine these may be the machine's own. */
    private static final List<String> DEVICES = List.of("/dev/null", "/dev/zero", "/dev/full");
    private static final int[] OPEN_FLAGS = {Flags.O_CREAT, Flags.O_CREAT, Flags.O_EXCL, Flags.O_TRUNC, Flags.O_APPEND,
        Flags.O_NONBLOCK, Flags.O_DIRECTORY, Flags.O_NOFOLLOW, Flags.O_CLOEXEC, Flags.O_PATH, Flags.O_NOATIME,
        Flags.O_DIRECT, Flags.O_SYNC, Flags.O_DSYNC, Flags.O_TMPFILE, Flags.UNDERSCORE_O_TMPFILE, Flags.O_NOCTTY};
    private static final int[] RWF = {Flags.RWF_HIPRI, Flags.RWF_DSYNC, Flags.RWF_SYNC, Flags.RWF_NOWAIT,
        Flags.RWF_APPEND,
        Flags.RWF_APPEND, Flags.RWF_NOAPPEND, Flags.RWF_ATOMIC, 1 << 30};
    private static final long[] EDGES = {0, 0, 1, 2, 100, 4095, 4096, 4097, 8192, 65535, 65536, 65537};

    private final Random random;
    private final int task;
    private int fill;

    /** A generator of calls of one task. */
    public CallGenerator(long seed, int task) {
        this.random = new Random(seed);
        this.task = task;
    }

    /** The names that calls are likely to use. */
    public static List<String> plainNames() {
        return NAMES;
    }

    /** A call that may be interesting in a state. */
    public Call next(State state) {
        int kind = random.nextInt(100);
        if (kind < 22) {
            return opening(state);
        }
        if (kind < 48) {
            return writing(state);
        }
        if (kind < 62) {
            return reading(state);
        }
        if (kind < 78) {
            return descriptor(state);
        }
        return kind < 92 ? naming(state) : moving(state);
    }

    private Call opening(State state) {
        int access = random.nextInt(10);
        int flags = access < 5 ? Flags.O_RDWR : access < 7 ? Flags.O_WRONLY : access < 9 ? Flags.O_RDONLY : 3;
        for (int i = random.nextInt(3); i > 0; i--) {
            flags |= OPEN_FLAGS[random.nextInt(OPEN_FLAGS.length)];
        }
        return switch (random.nextInt(8)) {
            case 0, 1, 2, 3 -> new Call.Open(task, openPath(), flags, mode());
            case 4, 5 -> new Call.Openat(task, dirfd(state), openPath(), flags, mode());
            case 6 -> new Call.Creat(task, path(), mode());
            default -> openat2(state, flags);
        };
    }

    private Call openat2(State state, int flags) {
        boolean creates = (flags & (Flags.O_CREAT | Flags.UNDERSCORE_O_TMPFILE)) != 0;
        long mode = creates || chance(10) ? mode() : 0;
        long resolve = chance(2) ? 0 : 1L << random.nextInt(5);
        resolve |= chance(6) ? 1L << random.nextInt(5) : 0;
        resolve |= chance(20) ? 1L << 40 : 0;
        long wide = chance(20) ? flags | 1L << 35 : Integer.toUnsignedLong(flags);
        OpenHow how = chance(20) ? null : new OpenHow(wide, mode, resolve);
        long size = chance(8) ? new long[]{0, 23, 32, 4096, 4097, -1}[random.nextInt(6)] : OpenHow.SIZE;
        boolean zeroTail = size <= OpenHow.SIZE || size > 4096 || chance(2);
        return new Call.Openat2(task, dirfd(state), path(), how, size, zeroTail);
    }

    private Call writing(State state) {
        int fd = fd(state);
        return switch (random.nextInt(9)) {
            case 0, 1, 2, 3 -> new Call.Write(task, fd, source());
            case 4 -> new Call.Pwrite64(task, fd, source(), offset());
            case 5 -> new Call.Writev(task, fd, sources());
            case 6 -> new Call.Pwritev(task, fd, sources(), offset());
            default -> new Call.Pwritev2(task, fd, sources(), chance(2) ? -1 : offset(), rwf());
        };
    }

    private Call reading(State state) {
        int fd = fd(state);
        return switch (random.nextInt(8)) {
            case 0, 1, 2 -> new Call.Read(task, fd, destination());
            case 3 -> new Call.Pread64(task, fd, destination(), offset());
            case 4 -> new Call.Readv(task, fd, destinations());
            case 5 -> new Call.Preadv(task, fd, destinations(), offset());
            case 6 -> new Call.Preadv2(task, fd, destinations(), chance(2) ? -1 : offset(), rwf());
            default -> new Call.Fstat(task, fd);
        };
    }

    private Call descriptor(State state) {
        int fd = fd(state);
        return switch (random.nextInt(14)) {
            case 0, 1 -> new Call.Close(task, fd);
            case 2 -> new Call.Dup(task, fd);
            case 3 -> new Call.Dup2(task, fd, random.nextInt(-1, 20));
            case 4 -> new Call.Dup3(task, fd, random.nextInt(-1, 20), chance(2) ? 0 : chance(4) ? 1 : Flags.O_CLOEXEC);
            case 5, 6, 7 ->
                new Call.Lseek(task, fd, chance(5) ? -random.nextInt(300) : offset(), random.nextInt(-1, 6));
            case 8, 9 -> fcntl(fd);
            case 10, 11 -> new Call.Ftruncate(task, fd, length());
            case 12 -> new Call.Pipe2(task, chance(2)
                    ? Flags.O_NONBLOCK
                    : random.nextInt(3) == 0 ? Flags.O_DIRECT | Flags.O_NONBLOCK : random.nextInt(3));
            default -> new Call.Fchmod(task, fd, mode());
        };
    }

    private Call fcntl(int fd) {
        return switch (random.nextInt(8)) {
            case 0 -> new Call.Fcntl(task, fd, Flags.F_DUPFD, random.nextInt(-1, 30));
            case 1 -> new Call.Fcntl(task, fd, Flags.F_DUPFD_CLOEXEC, random.nextInt(30));
            case 2 -> new Call.Fcntl(task, fd, Flags.F_GETFD, 0);
            case 3 -> new Call.Fcntl(task, fd, Flags.F_SETFD, random.nextInt(4));
            case 4 -> new Call.Fcntl(task, fd, Flags.F_GETFL, 0);
            case 5 -> new Call.Fcntl(task, fd, Flags.F_SETFL, openFlags());
            case 6 -> new Call.Fcntl(task, fd, chance(2) ? Flags.F_GETPIPE_SZ : Flags.F_SETPIPE_SZ,
                    random.nextInt(200_000));
            default -> new Call.Fcntl(task, fd, 999, 0);
        };
    }

    private int openFlags() {
        int[] settable = {Flags.O_APPEND, Flags.O_NONBLOCK, Flags.O_DIRECT, Flags.O_NOATIME};
        return settable[random.nextInt(settable.length)] | (chance(3) ? Flags.O_RDWR | Flags.O_CREAT : 0);
    }

    private Call naming(State state) {
        return switch (random.nextInt(15)) {
            case 0, 1, 2 -> new Call.Unlinkat(task, dirfd(state), path(), chance(4) ? Flags.AT_REMOVEDIR : 0);
            case 3, 4 -> new Call.Mkdirat(task, dirfd(state), path(), 0755);
            case 5, 6 -> new Call.Symlinkat(task, chance(10) ? "" : path(), dirfd(state), path());
            case 7 -> new Call.Linkat(task, dirfd(state), path(), dirfd(state), path(), chance(3) ? 0x400 : 0);
            case 8, 9 -> new Call.Renameat(task, dirfd(state), path(), dirfd(state), path());
            case 10 -> new Call.Mknodat(task, dirfd(state), path(), chance(2) ? Flags.S_IFIFO | 0644 : 0600);
            case 11 -> new Call.Fchmodat(task, dirfd(state), path(), chance(3) ? mode() : 0755);
            case 12 -> new Call.Truncate(task, path(), length());
            case 13 -> new Call.Umask(task, random.nextInt(01000));
            default -> new Call.Newfstatat(task, dirfd(state), chance(6) ? "" : path(), statFlags());
        };
    }

    private Call moving(State state) {
        int from = fd(state);
        int to = fd(state);
        long count = chance(4) ? length() : random.nextInt(20_000);
        Long in = chance(2) ? null : Long.valueOf(offset());
        Long out = chance(2) ? null : Long.valueOf(offset());
        return switch (random.nextInt(4)) {
            case 0 -> new Call.Sendfile(task, to, from, in, count);
            case 1 -> new Call.CopyFileRange(task, from, in, to, out, count, 0);
            case 2 -> new Call.Splice(task, from, in, to, out, count, 2);
            default -> new Call.Tee(task, from, to, count, 2);
        };
    }

    private boolean chance(int oneIn) {
        return random.nextInt(oneIn) == 0;
    }

    /** A descriptor, mostly an open one. */
    private int fd(State state) {
        List<Integer> open = new ArrayList<>(state.table(state.task(task)).entries().keySet());
        if (open.isEmpty() || chance(20)) {
            return random.nextInt(-2, 12);
        }
        return open.get(random.nextInt(open.size()));
    }

    private int dirfd(State state) {
        return chance(2) ? AT_FDCWD : fd(state);
    }

    private @Nullable String openPath() {
        return chance(12) ? DEVICES.get(random.nextInt(DEVICES.size())) : path();
    }

    private @Nullable String path() {
        if (chance(40)) {
            return null;
        }
        return chance(7) ? ODD_NAMES.get(random.nextInt(ODD_NAMES.size())) : NAMES.get(random.nextInt(NAMES.size()));
    }

    private int mode() {
        return switch (random.nextInt(6)) {
            case 0 -> 0600;
            case 1 -> 04755;
            case 2 -> 02770;
            case 3 -> random.nextInt(010000);
            default -> 0644;
        };
    }

    private int rwf() {
        int flags = 0;
        for (int i = random.nextInt(3); i > 0; i--) {
            flags |= RWF[random.nextInt(RWF.length)];
        }
        return flags;
    }

    private long offset() {
        return switch (random.nextInt(12)) {
            case 0 -> random.nextInt(30_000);
            case 1 -> -1;
            case 2 -> Long.MIN_VALUE;
            // Not the very last pages: there lseek itself overflows (mm/filemap.c, mapping_seek_hole_data).
            case 3 -> Long.MAX_VALUE - 16_384 - random.nextInt(10_000);
            case 4 -> 1L << 40;
            default -> EDGES[random.nextInt(EDGES.length)];
        };
    }

    private long length() {
        return switch (random.nextInt(10)) {
            case 0 -> -1;
            case 1 -> Long.MAX_VALUE;
            case 2 -> 1L << 41;
            case 3, 4 -> random.nextInt(200);
            default -> EDGES[random.nextInt(EDGES.length)];
        };
    }

    private Source source() {
        int size = chance(3) ? (int) EDGES[random.nextInt(EDGES.length)] : random.nextInt(300);
        byte[] bytes = new byte[size];
        for (int i = 0; i < size; i++) {
            bytes[i] = (byte) (fill + i / 7);
        }
        fill += 31;
        Rope data = Rope.of(bytes);
        return switch (random.nextInt(16)) {
            case 0 -> Source.faulting(data, size + EDGES[random.nextInt(EDGES.length)]);
            case 1 -> Source.unmapped(random.nextInt(10));
            case 2 -> Source.outsideUserSpace(random.nextInt(10));
            case 3 -> Source.faulting(data, -1 - random.nextInt(2));
            case 4 -> Source.faulting(data, Long.MAX_VALUE);
            default -> Source.of(data);
        };
    }

    private Destination destination() {
        int size = chance(3) ? (int) EDGES[random.nextInt(EDGES.length)] : random.nextInt(300);
        return switch (random.nextInt(16)) {
            case 0 -> Destination.faulting(size, size + EDGES[random.nextInt(EDGES.length)]);
            case 1 -> Destination.unmapped(random.nextInt(10));
            case 2 -> Destination.outsideUserSpace(random.nextInt(10));
            case 3 -> new Destination(size, -1, true);
            default -> Destination.of(size);
        };
    }

    private IoVector<Source> sources() {
        List<Source> segments = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            segments.add(source());
        }
        return chance(15) ? new IoVector<>(segments, badCount(segments.size())) : IoVector.of(segments);
    }

    private IoVector<Destination> destinations() {
        List<Destination> segments = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            segments.add(destination());
        }
        return chance(15) ? new IoVector<>(segments, badCount(segments.size())) : IoVector.of(segments);
    }

    private int statFlags() {
        return (chance(2) ? 0 : Flags.AT_SYMLINK_NOFOLLOW) | (chance(3) ? Flags.AT_EMPTY_PATH : 0)
                | (chance(4) ? Flags.AT_NO_AUTOMOUNT : 0) | (chance(12) ? Flags.AT_REMOVEDIR : 0);
    }

    private long badCount(int size) {
        return new long[]{-1, 1025, size + 1, size + 2}[random.nextInt(4)];
    }
}
