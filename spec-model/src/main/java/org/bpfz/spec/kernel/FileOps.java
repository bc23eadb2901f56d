package org.bpfz.spec.kernel;

import org.bpfz.spec.Errno;

/** The kernel's f_op: hands data to the kind of file that an open file is of. */
final class FileOps {
    private FileOps() {
    }

    /**
     * Writes without asking any hook.
     *
     * @param limit RLIMIT_FSIZE of the caller
     */
    static Moved write(State state, OpenFile file, WriteRequest request, long limit) {
        return switch (state.inode(file.inode()).kind()) {
            case InodeKind.Regular _ -> RegularFile.write(state, file.inode(), request, request.appendsTo(file), limit);
            case InodeKind.Fifo _ -> {
                Moved moved = Pipes.write(state, file.inode(), request.readable(), request.length(),
                        (file.flags() & Flags.O_DIRECT) != 0);
                boolean mayWait = !file.nonBlocking() && (request.flags() & Flags.RWF_NOWAIT) == 0;
                yield mayWait ? moved : moved.withoutWaiting();
            }
            case InodeKind.CharDevice(InodeKind.Device device) -> switch (device) {
                // drivers/char/mem.c, write_null and write_full: neither looks at the data or moves the position.
                case NULL, ZERO -> Moved.bytes(state, request.length(), request.offset());
                case FULL -> Moved.failed(state, Errno.ENOSPC);
            };
            // kernel/bpf/syscall.c, bpf_dummy_write; the other two cannot be opened for writing.
            case InodeKind.BpfLink _,InodeKind.BpfProgram _,InodeKind.Directory _,InodeKind.Symlink _ ->
                Moved.failed(state, Errno.EINVAL);
        };
    }
}
