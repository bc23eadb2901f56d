package org.bpfz.spec.kernel;

import org.bpfz.spec.Errno;
import org.bpfz.spec.kernel.InodeKind.Regular;
import org.bpfz.spec.program.Clause;

/**
 * A store through a shared mapping, which is neither verified nor counted (clause HOOK-7; mm/mmap.c, do_mmap; mm/shmem.c,
 * shmem_fault). mmap, the store and munmap are one call here: nothing else of a mapping can be seen from outside.
 */
final class Mappings {
    private Mappings() {
    }

    static Outcomes store(Evaluation call, int fd, long offset, Rope data) {
        call.restsOn(Clause.HOOK_7);
        OpenFile file = call.state.file(call.file(fd));
        if (!file.canRead() || !file.canWrite()) {
            return call.fail(Errno.EACCES);
        }
        Inode inode = call.state.inode(file.inode());
        if (!(inode.kind() instanceof Regular(Rope content, Pages pages))) {
            return call.fail(Errno.ENODEV);
        }
        if (offset < 0 || data.isEmpty()) {
            return call.fail(Errno.EINVAL);
        }
        FileSystem fileSystem = call.state.fileSystem(inode);
        long mapped = Pages.ceiling(content.length()) * Limits.PAGE_SIZE;
        long end = Math.min(offset + data.length(), mapped);
        Pages taken = offset < end ? pages.plus(Pages.of(offset), Pages.ceiling(end)) : pages;
        long needed = taken.count() - pages.count();
        if (offset + data.length() > mapped || needed > fileSystem.free()) {
            call.raise(Signal.SIGBUS);
            return call.ok(0);
        }
        // What lies between the end of the file and the end of its last page is not part of the file.
        long kept = Math.max(Math.min(end, content.length()) - offset, 0);
        Rope stored = fileSystem.keepsContent() ? data.prefix(kept) : Rope.unknown(kept);
        call.state = call.state.with(inode.with(new Regular(content.overwrite(offset, stored), taken)))
                .with(fileSystem.withUsed(fileSystem.used() + needed));
        return call.ok(0);
    }
}
