package org.bpfz.oracle.check;

import org.bpfz.spec.kernel.Call;
import org.bpfz.spec.kernel.Descriptor;
import org.bpfz.spec.kernel.InodeKind;
import org.bpfz.spec.kernel.OpenFile;
import org.bpfz.spec.kernel.State;
import org.jspecify.annotations.Nullable;

/** Which one file a call works on, by its descriptor: calls on different files can not get into each other's way. */
final class Touched {
    private static final int NONE = -1;

    private Touched() {
    }

    /** The descriptor of a call that works on one open file and on nothing else; -1 for other calls. */
    static int descriptor(Call call) {
        return switch (call) {
            case Call.Read c -> c.fd();
            case Call.Pread64 c -> c.fd();
            case Call.Readv c -> c.fd();
            case Call.Preadv c -> c.fd();
            case Call.Preadv2 c -> c.fd();
            case Call.Write c -> c.fd();
            case Call.Pwrite64 c -> c.fd();
            case Call.Writev c -> c.fd();
            case Call.Pwritev c -> c.fd();
            case Call.Pwritev2 c -> c.fd();
            case Call.Lseek c -> c.fd();
            case Call.Ftruncate c -> c.fd();
            case Call.Fstat c -> c.fd();
            case Call.Close c -> c.fd();
            case Call.GetCompressionStats c -> c.fd();
            case Call.ResetCompressionStats c -> c.fd();
            default -> NONE;
        };
    }

    /** The open file that a call works on, by id; null if there is none, or more than one. */
    static @Nullable Integer file(State state, Call call) {
        return file(state, call.task(), descriptor(call));
    }

    private static @Nullable Integer file(State state, int task, int fd) {
        if (fd < 0 || !state.tasks().containsKey(task)) {
            return null;
        }
        Descriptor descriptor = state.table(state.task(task)).get(fd);
        return descriptor == null ? null : descriptor.file();
    }

    /** The inode of that file, by id. */
    static @Nullable Integer inode(State state, Call call) {
        return inode(state, call.task(), descriptor(call));
    }

    /** The inode behind a descriptor, by id; null if there is none. */
    static @Nullable Integer inode(State state, int task, int fd) {
        Integer file = file(state, task, fd);
        OpenFile open = file == null ? null : state.files().get(file);
        return open == null ? null : open.inode();
    }

    /** Whether the inode is a regular file: then calls on it touch nothing else. */
    static boolean isRegular(State state, int inode) {
        return state.inode(inode).kind() instanceof InodeKind.Regular;
    }

    /** Whether the call opens a file and returns its descriptor. */
    static boolean opens(Call call) {
        return switch (call) {
            case Call.Open _,Call.Openat _,Call.Openat2 _,Call.Creat _ -> true;
            default -> false;
        };
    }

    /** Whether the call may store into the file. */
    static boolean writes(Call call) {
        return switch (call) {
            case Call.Write _,Call.Pwrite64 _,Call.Writev _,Call.Pwritev _,Call.Pwritev2 _,Call.Ftruncate _ -> true;
            default -> false;
        };
    }
}
