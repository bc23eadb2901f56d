package org.bpfz.spec.kernel;

/**
 * What the operations of a kind of file leave possible, one row a kind: the part of f_mode that does not come from open's flags
 * (fs/open.c, do_dentry_open; fs/pipe.c, stream_open; drivers/char/mem.c).
 *
 * @param hasOffsets  FMODE_LSEEK, FMODE_PREAD and FMODE_PWRITE: otherwise ESPIPE
 * @param isStream    FMODE_STREAM: there is no position
 * @param readIter    whether vectored reads reach it in one piece and RWF flags mean something; otherwise segment by segment
 * @param writeIter   the same for writes
 * @param nowait      FMODE_NOWAIT: whether RWF_NOWAIT is known
 */
record FileTraits(boolean hasOffsets, boolean isStream, boolean readIter, boolean writeIter, boolean nowait) {
    private static final FileTraits REGULAR = new FileTraits(true, false, true, true, false);
    private static final FileTraits DIRECTORY = new FileTraits(true, false, false, false, false);
    private static final FileTraits STREAM = new FileTraits(false, true, true, true, true);
    private static final FileTraits NULL_OR_ZERO = new FileTraits(true, false, true, true, true);
    private static final FileTraits FULL = new FileTraits(true, false, true, false, false);
    private static final FileTraits BPF = new FileTraits(false, false, false, false, false);

    static FileTraits of(State state, int file) {
        return switch (state.inode(state.file(file).inode()).kind()) {
            case InodeKind.Regular _ -> REGULAR;
            case InodeKind.Directory _,InodeKind.Symlink _ -> DIRECTORY;
            case InodeKind.Fifo _,InodeKind.Socket _ -> STREAM;
            case InodeKind.CharDevice(var device) -> device == InodeKind.Device.FULL ? FULL : NULL_OR_ZERO;
            case InodeKind.BpfLink _,InodeKind.BpfProgram _ -> BPF;
        };
    }
}
