package org.bpfz.spec.kernel;

import org.bpfz.spec.Errno;

/** The kernel's f_op: hands a transfer to the kind of file that an open file is of. */
final class FileOps {
    private FileOps() {
    }

    /**
     * Writes without asking any hook.
     *
     * @param who   the caller
     * @param limit RLIMIT_FSIZE of the caller
     */
    static Moved write(State state, OpenFile file, WriteRequest request, Credentials who, long limit) {
        boolean mayWait = !file.nonBlocking() && (request.flags() & Flags.RWF_NOWAIT) == 0;
        return switch (state.inode(file.inode()).kind()) {
            case InodeKind.Regular _ ->
                RegularFile.write(state, file.inode(), request, request.appendsTo(file), who, limit);
            case InodeKind.Fifo _ -> {
                Moved moved = Pipes.write(state, file.inode(), request.readable(), request.length(),
                        (file.flags() & Flags.O_DIRECT) != 0);
                yield mayWait ? moved : moved.withoutWaiting();
            }
            case InodeKind.Socket _ -> {
                Moved moved = Sockets.write(state, file.inode(), request.readable(), request.length());
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

    /** Reads. */
    static Taken read(State state, OpenFile file, ReadRequest request) {
        long offset = request.offset();
        return switch (state.inode(file.inode()).kind()) {
            case InodeKind.Regular(Rope content, _) -> {
                long from = Math.min(offset, content.length());
                yield stored(state, request, Math.min(content.length() - from, request.length()),
                        count -> content.slice(from, from + count));
            }
            case InodeKind.Fifo _ -> Pipes.read(state, file.inode(), request.length(), request.writable());
            case InodeKind.Socket _ -> Sockets.read(state, file.inode(), request.length(), request.writable());
            case InodeKind.CharDevice(InodeKind.Device device) -> switch (device) {
                case NULL -> Taken.bytes(state, Rope.empty(), offset);
                case ZERO, FULL -> {
                    Taken zeros = stored(state, request, request.length(), Rope::zeros);
                    yield new Taken(state, zeros.data(), offset, zeros.errno(), false);
                }
            };
            case InodeKind.Directory _ -> Taken.failed(state, Errno.EISDIR);
            // kernel/bpf/syscall.c, bpf_dummy_read; a link cannot be opened for reading.
            case InodeKind.BpfLink _,InodeKind.BpfProgram _,InodeKind.Symlink _ -> Taken.failed(state, Errno.EINVAL);
        };
    }

    /** Where the bytes of a transfer come from. */
    @FunctionalInterface
    private interface Bytes {
        Rope first(long count);
    }

    /** As many of the available bytes as can be stored; none at all where there are some is EFAULT. */
    private static Taken stored(State state, ReadRequest request, long available, Bytes bytes) {
        long count = Math.min(available, request.writable());
        if (count == 0 && available > 0) {
            return Taken.failed(state, Errno.EFAULT);
        }
        return Taken.bytes(state, bytes.first(count), request.offset() + count);
    }
}
