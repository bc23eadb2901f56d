package org.bpfz.spec.kernel;

import org.bpfz.spec.Errno;
import org.bpfz.spec.kernel.InodeKind.Regular;

/** lseek (fs/read_write.c, ksys_lseek and generic_file_llseek_size; mm/shmem.c, shmem_file_llseek; drivers/char/mem.c, null_lseek). */
final class Positions {
    private Positions() {
    }

    static Outcomes lseek(Evaluation call, int fd, long offset, int whence) {
        int id = call.file(fd);
        if (Integer.compareUnsigned(whence, Flags.SEEK_HOLE) > 0) {
            return call.fail(Errno.EINVAL);
        }
        if (!FileTraits.of(call.state, id).hasOffsets()) {
            return call.fail(Errno.ESPIPE);
        }
        OpenFile file = call.state.file(id);
        Inode inode = call.state.inode(file.inode());
        return switch (inode.kind()) {
            case Regular regular -> regular(call, id, regular, call.state.fileSystem(inode), offset, whence);
            case InodeKind.Directory _ -> directory(call, id, offset, whence);
            default -> set(call, id, 0);
        };
    }

    private static Outcomes regular(Evaluation call, int id, Regular file, FileSystem fileSystem, long offset,
            int whence) {
        long size = file.content().length();
        long position = call.state.file(id).position();
        return switch (whence) {
            case Flags.SEEK_SET -> set(call, id, offset);
            case Flags.SEEK_CUR -> set(call, id, position + offset);
            case Flags.SEEK_END -> set(call, id, size + offset);
            default -> dataOrHole(call, id, file, fileSystem, offset, whence);
        };
    }

    /** SEEK_DATA and SEEK_HOLE, which a file system may also answer as if there were no holes. */
    private static Outcomes dataOrHole(Evaluation call, int id, Regular file, FileSystem fileSystem, long offset,
            int whence) {
        long size = file.content().length();
        if (offset < 0 || offset >= size) {
            return call.fail(Errno.ENXIO);
        }
        State before = call.state;
        Outcomes simple = set(call, id, whence == Flags.SEEK_DATA ? offset : size);
        call.state = before;
        Pages pages = file.pages();
        long page = Pages.of(offset);
        long found = whence == Flags.SEEK_DATA
                ? start(pages.nextData(page), offset)
                : Math.min(start(pages.dataEnd(page), offset), size);
        Outcomes exact = found >= size && whence == Flags.SEEK_DATA ? call.fail(Errno.ENXIO) : set(call, id, found);
        return fileSystem.exact() ? exact : simple.or(exact);
    }

    /** The first byte of a page that is not before the offset. */
    private static long start(long page, long offset) {
        return page > Long.MAX_VALUE / Limits.PAGE_SIZE ? Long.MAX_VALUE : Math.max(page * Limits.PAGE_SIZE, offset);
    }

    /** fs/libfs.c, dcache_dir_lseek: a directory has no end to count from. */
    private static Outcomes directory(Evaluation call, int id, long offset, int whence) {
        return switch (whence) {
            case Flags.SEEK_SET -> set(call, id, offset);
            case Flags.SEEK_CUR -> set(call, id, call.state.file(id).position() + offset);
            default -> call.fail(Errno.EINVAL);
        };
    }

    private static Outcomes set(Evaluation call, int id, long position) {
        if (position < 0) {
            return call.fail(Errno.EINVAL);
        }
        call.state = call.state.withFile(id, call.state.file(id).withPosition(position));
        return call.ok(position);
    }
}
