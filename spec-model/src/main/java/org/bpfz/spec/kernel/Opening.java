package org.bpfz.spec.kernel;

import org.bpfz.spec.Errno;

/** The end of every successful open: the open file, its descriptor, and the question to decide (fs/open.c, do_dentry_open). */
final class Opening {
    private Opening() {
    }

    /**
     * Opens an inode that all checks allow.
     *
     * @param fd       a free descriptor
     * @param flags    f_flags of the open file
     * @param truncate whether a regular file loses its content
     */
    static Outcomes finish(Evaluation call, Inode inode, int fd, int flags, boolean closeOnExec, boolean truncate) {
        OpenFile file = new OpenFile(inode.id(), flags, 0, false, Sums.ZERO, 1);
        if (inode.kind() instanceof InodeKind.Fifo && !file.isPathOnly()) {
            return call.fail(Errno.ENXIO);
        }
        if (truncate && inode.isRegular()) {
            RegularFile.truncate(call, inode.id(), 0);
        }
        Inode opened = call.state.inode(inode.id());
        call.state = call.state.with(opened.withOpens(opened.opens() + 1));
        boolean verified = CompressionHooks.decide(call, opened, file.isPathOnly());
        int id = install(call, verified ? new OpenFile(inode.id(), flags, 0, true, Sums.ZERO, 1) : file, fd,
                closeOnExec);
        assert id > 0;
        return call.ok(fd);
    }

    /** Puts a new open file into the caller's table; returns the open file's id. */
    static int install(Evaluation call, OpenFile file, int fd, boolean closeOnExec) {
        int id = call.state.nextId();
        DescriptorTable table = call.table().with(fd, new Descriptor(id, closeOnExec));
        call.state = call.state.withIdTaken().withFile(id, file).withTable(call.task().files(), table);
        return id;
    }
}
