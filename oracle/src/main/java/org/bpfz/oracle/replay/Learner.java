package org.bpfz.oracle.replay;

import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import org.bpfz.oracle.replay.KnownWorld.Place;
import org.bpfz.spec.Errno;
import org.bpfz.spec.kernel.Call;
import org.bpfz.spec.kernel.Destination;
import org.bpfz.spec.kernel.Flags;
import org.bpfz.spec.kernel.FsContext;
import org.bpfz.spec.kernel.Inode;
import org.bpfz.spec.kernel.InodeKind;
import org.bpfz.spec.kernel.IoVector;
import org.bpfz.spec.kernel.OpenFile;
import org.bpfz.spec.kernel.Outcome;
import org.bpfz.spec.kernel.Output;
import org.bpfz.spec.kernel.Rope;
import org.bpfz.spec.kernel.State;
import org.jspecify.annotations.Nullable;

/**
 * Explains a result that the model would not give by what may have been there before the recording began, and changes the world so
 * that the model gives it.
 *
 * <p>What a call of the recording has made is never explained away: a learner may only speak of files that it has put there itself,
 * of names that it knows nothing about, and of descriptors that were inherited.
 */
final class Learner {
    /** Refusals whose reasons the model does not know: permissions, mounts, file systems and devices of the recorded machine. */
    private static final Set<Errno> REFUSALS = EnumSet.of(Errno.EACCES, Errno.EPERM, Errno.EROFS, Errno.EXDEV,
            Errno.ENXIO, Errno.ENODEV, Errno.ETXTBSY, Errno.EBUSY, Errno.ELOOP, Errno.EOPNOTSUPP, Errno.ENOTEMPTY,
            Errno.EINVAL);

    private final KnownWorld world;

    /** What has become of a difference. */
    enum Verdict {
        /** The world is another one now: the model is to be asked again. */
        LEARNED,
        /** The result is explained, and changes nothing. */
        EXCUSED,
        /** Nothing explains it. */
        UNEXPLAINED
    }

    Learner(KnownWorld world) {
        this.world = world;
    }

    /** What must be so before the call can be asked at all: inherited descriptors. */
    void prepare(Call call, Recorded seen) {
        int pid = seen.pid();
        for (int fd : DescriptorUse.taken(call)) {
            boolean open = fd < 0 || world.state().open(pid, fd) != null;
            if (!open && !seen.failedWith(Errno.EBADF) && !world.wasSeen(pid, fd)) {
                world.installOutside(pid, fd, false);
            }
            if (seen.failedWith(Errno.EBADF)) {
                world.saw(pid, fd);
            }
        }
        for (PathUse use : PathUse.of(call)) {
            boolean relative = use.path() != null && !use.path().startsWith("/") && use.dirfd() >= 0;
            if (relative && world.state().open(pid, use.dirfd()) == null && !seen.failed()
                    && !world.wasSeen(pid, use.dirfd())) {
                world.installOutside(pid, use.dirfd(), false);
            }
        }
        if (seen.result() == 0 && isFstat(call)) {
            int fd = DescriptorUse.taken(call).getFirst();
            FileStat stat = FileStat.of(seen);
            if (stat != null && stat.type() == Flags.S_IFREG && world.isOutside(pid, fd)) {
                world.becomeRegular(pid, fd);
            }
        }
        fillBelow(call, seen);
    }

    private static boolean isFstat(Call call) {
        return call instanceof Call.Fstat || (call instanceof Call.Newfstatat stat && DescriptorUse.isFstat(stat));
    }

    /** A new descriptor is the lowest free one: lower numbers that the model has free were inherited. */
    private void fillBelow(Call call, Recorded seen) {
        if (call instanceof Call.Dup2 || call instanceof Call.Dup3) {
            return;
        }
        int from = DescriptorUse.lookedForFrom(call);
        for (int given : DescriptorUse.given(call, seen)) {
            State state = world.state();
            for (int fd = from; fd < given; fd++) {
                if (state.open(seen.pid(), fd) == null && !world.wasSeen(seen.pid(), fd)
                        && !DescriptorUse.given(call, seen).contains(fd)) {
                    world.installOutside(seen.pid(), fd, false);
                }
            }
        }
    }

    /**
     * Explains a difference.
     *
     * @param modelled what the model would do
     */
    Verdict explain(Call call, Recorded seen, Outcome modelled) {
        return switch (call) {
            case Call.Umask c -> umask(c, seen);
            case Call.Read c -> read(seen, c.fd(), room(c.destination()), null);
            case Call.Pread64 c -> read(seen, c.fd(), room(c.destination()), c.offset());
            case Call.Readv c -> read(seen, c.fd(), room(c.vector()), null);
            case Call.Preadv c -> read(seen, c.fd(), room(c.vector()), c.offset());
            case Call.Preadv2 c -> read(seen, c.fd(), room(c.vector()), c.offset() == -1 ? null : c.offset());
            case Call.Sendfile c -> read(seen, c.inFd(), c.count(), c.offset());
            case Call.CopyFileRange c -> read(seen, c.inFd(), c.count(), c.inOffset());
            case Call.Splice c -> read(seen, c.inFd(), c.count(), c.inOffset());
            case Call.Lseek c -> lseek(c, seen);
            case Call.Fcntl c -> fcntl(c, seen);
            case Call.Fstat c -> attributes(fileBehind(seen.pid(), c.fd()), seen);
            case Call.Newfstatat c when DescriptorUse.isFstat(c) ->
                attributes(fileBehind(seen.pid(), c.dirfd()), seen);
            case Call.Newfstatat c -> stat(c, seen);
            default -> seen.failed() ? refused(call, seen) : succeeded(call, seen, modelled);
        };
    }

    private static long room(Destination destination) {
        return destination.length();
    }

    private static long room(IoVector<Destination> vector) {
        return vector.segments().stream().mapToLong(Destination::length).sum();
    }

    private @Nullable Inode fileBehind(int pid, int fd) {
        OpenFile file = world.state().open(pid, fd);
        return file == null ? null : world.state().inode(file.inode());
    }

    private Verdict umask(Call.Umask call, Recorded seen) {
        State state = world.state();
        FsContext context = state.context(state.task(call.task()));
        world.set(state.withContext(state.task(call.task()).fs(), context.withUmask((int) seen.result())));
        return Verdict.LEARNED;
    }

    /** A read has shown that the file is longer, or where it ends. */
    private Verdict read(Recorded seen, int fd, long count, @Nullable Long offset) {
        OpenFile file = world.state().open(seen.pid(), fd);
        Inode inode = fileBehind(seen.pid(), fd);
        if (file == null || inode == null || !world.isUnsized(inode)) {
            return Verdict.UNEXPLAINED;
        }
        if (seen.failedWith(Errno.EISDIR) && world.isGuessed(inode)) {
            world.become(inode, InodeKind.Directory.empty(), 0755);
            return Verdict.LEARNED;
        }
        if (seen.failed()) {
            return Verdict.UNEXPLAINED;
        }
        long from = offset == null ? file.position() : offset;
        long end = from + seen.result();
        if (seen.result() == 0 || (seen.result() < count && end < inode.size())) {
            world.size(inode, seen.result() == 0 ? Math.min(from, inode.size()) : end);
        } else {
            world.atLeast(inode, end);
        }
        if (world.isTouchedElsewhere(inode)) {
            forget(inode, from, end);
        }
        return Verdict.LEARNED;
    }

    /** What was at these bytes is not known any more. */
    private void forget(Inode inode, long from, long to) {
        Inode now = world.state().inode(inode.id());
        if (now.kind() instanceof InodeKind.Regular(var content, _) && from < to && to <= content.length()) {
            world.set(world.state().with(now.with(new InodeKind.Regular(
                    content.overwrite(from, Rope.unknown(to - from))))));
        }
    }

    private Verdict lseek(Call.Lseek call, Recorded seen) {
        OpenFile file = world.state().open(seen.pid(), call.fd());
        Inode inode = fileBehind(seen.pid(), call.fd());
        if (file == null || inode == null || !(world.isLearned(inode) || world.isUnsized(inode))) {
            return Verdict.UNEXPLAINED;
        }
        if (call.whence() == Flags.SEEK_END && !seen.failed() && world.isUnsized(inode)) {
            world.size(inode, seen.result() - call.offset());
            return Verdict.LEARNED;
        }
        boolean holes = call.whence() == Flags.SEEK_DATA || call.whence() == Flags.SEEK_HOLE;
        if (seen.failed()) {
            // Not a file that can be sought in, or no data behind the offset.
            return holes || seen.failedWith(Errno.ESPIPE) ? Verdict.EXCUSED : Verdict.UNEXPLAINED;
        }
        if (holes || (call.whence() == Flags.SEEK_CUR && world.isTouchedElsewhere(inode))) {
            moveTo(seen.pid(), call.fd(), seen.result());
            return Verdict.EXCUSED;
        }
        return Verdict.UNEXPLAINED;
    }

    private void moveTo(int pid, int fd, long position) {
        State state = world.state();
        int id = Objects.requireNonNull(state.table(state.task(pid)).get(fd)).file();
        world.set(state.withFile(id, state.file(id).withPosition(position)));
    }

    /** The flags of an inherited descriptor. */
    private Verdict fcntl(Call.Fcntl call, Recorded seen) {
        Inode inode = fileBehind(seen.pid(), call.fd());
        boolean inherited = inode != null && world.isTouchedElsewhere(inode);
        if (call.command() != Flags.F_GETFL || !inherited || seen.failed()) {
            return Verdict.UNEXPLAINED;
        }
        State state = world.state();
        int id = Objects.requireNonNull(state.table(state.task(seen.pid())).get(call.fd())).file();
        world.set(state.withFile(id, state.file(id).withFlags((int) seen.result())));
        return Verdict.LEARNED;
    }

    private Verdict stat(Call.Newfstatat call, Recorded seen) {
        boolean follow = (call.flags() & Flags.AT_SYMLINK_NOFOLLOW) == 0;
        FileStat stat = seen.failed() ? null : FileStat.of(seen);
        if (seen.failed()) {
            return refused(call, seen);
        }
        Place place = world.reach(seen.pid(), call.dirfd(), call.path(), follow);
        if (place == null) {
            return Verdict.UNEXPLAINED;
        }
        if (place.inode() != null) {
            return attributes(place.inode(), seen);
        }
        if (stat != null && stat.type() == Flags.S_IFLNK) {
            world.makeLink(place.folder(), place.name(), stat.size().orElse(1));
        } else {
            world.make(place.folder(), place.name(), new InodeKind.Regular(Rope.empty()), 0644);
        }
        return Verdict.LEARNED;
    }

    /** Type, permissions, size and owner of a file that was there before, or of one that others change. */
    private Verdict attributes(@Nullable Inode inode, Recorded seen) {
        FileStat stat = seen.failed() ? null : FileStat.of(seen);
        if (inode == null || stat == null
                || !(world.isLearned(inode) || world.isUnsized(inode) || inode.isDirectory())) {
            return Verdict.UNEXPLAINED;
        }
        if (stat.type() != inode.kind().typeBits()) {
            if (!world.isGuessed(inode)) {
                return Verdict.UNEXPLAINED;
            }
            switch (stat.type()) {
                case Flags.S_IFDIR -> world.become(inode, InodeKind.Directory.empty(), stat.permissions());
                case Flags.S_IFLNK -> world.become(inode, new InodeKind.Symlink("?"), stat.permissions());
                default -> {
                    world.declareOutside(inode);
                    return Verdict.EXCUSED;
                }
            }
            return Verdict.LEARNED;
        }
        boolean regular = stat.type() == Flags.S_IFREG;
        if (regular && stat.size().isPresent()) {
            if (stat.size().getAsLong() != inode.size() && !world.isUnsized(inode)) {
                return Verdict.UNEXPLAINED;
            }
            boolean keepsChanging = world.isTouchedElsewhere(inode);
            world.size(inode, stat.size().getAsLong());
            if (keepsChanging) {
                world.touchElsewhere(inode);
            }
        }
        world.attributes(inode, stat);
        return Verdict.LEARNED;
    }

    /** A call that works on paths has succeeded where the model fails. */
    private Verdict succeeded(Call call, Recorded seen, Outcome modelled) {
        Errno error = modelled instanceof Outcome.Returned returned ? returned.errno() : null;
        if (error == null) {
            return Verdict.UNEXPLAINED;
        }
        boolean changed = false;
        for (PathUse use : PathUse.of(call)) {
            boolean free = use.role() == PathUse.Role.FREE;
            Place place = world.reach(seen.pid(), use.dirfd(), use.path(), use.follow());
            if (place == null) {
                return Verdict.UNEXPLAINED;
            }
            Inode there = place.inode();
            if (there == null && !free && use.role() != PathUse.Role.REACHABLE) {
                world.make(place.folder(), place.name(), use.role() == PathUse.Role.FOLDER
                        ? InodeKind.Directory.empty()
                        : new InodeKind.Regular(Rope.empty()), 0755);
                changed = true;
            } else if (there != null && free && error == Errno.EEXIST && world.isLearned(there)) {
                world.remove(place);
                changed = true;
            } else if (there != null && use.role() == PathUse.Role.FOLDER && world.isGuessed(there)) {
                world.become(there, InodeKind.Directory.empty(), 0755);
                changed = true;
            }
        }
        // Folders on the way may have been all that was missing.
        return changed || error == Errno.ENOENT || error == Errno.ENOTDIR ? Verdict.LEARNED : Verdict.UNEXPLAINED;
    }

    /** A call that works on paths has failed where the model does not, or fails otherwise. */
    private Verdict refused(Call call, Recorded seen) {
        Errno error = Errno.of((int) -seen.result());
        for (PathUse use : PathUse.of(call)) {
            Place place = world.find(seen.pid(), use.dirfd(), use.path(), use.follow());
            Inode there = place == null ? null : place.inode();
            boolean unknown = there == null || world.isLearned(there);
            if (error == Errno.ENOENT && there != null && unknown && use.role() != PathUse.Role.FREE) {
                world.remove(new Place(place.folder(), place.name(), there));
                return Verdict.LEARNED;
            }
            if (error == Errno.EEXIST && there == null && use.role() == PathUse.Role.FREE) {
                return exists(call, seen, use);
            }
            if (error == Errno.EISDIR && there != null && world.isGuessed(there)) {
                world.become(there, InodeKind.Directory.empty(), 0755);
                return Verdict.LEARNED;
            }
            if (error == Errno.EISDIR && there == null) {
                return make(seen, use, InodeKind.Directory.empty());
            }
            if (unknown && (REFUSALS.contains(error) || error == Errno.ENOTDIR || error == Errno.ENOENT)) {
                return Verdict.EXCUSED;
            }
        }
        return Verdict.UNEXPLAINED;
    }

    private Verdict exists(Call call, Recorded seen, PathUse use) {
        return make(seen, use, call instanceof Call.Mkdirat
                ? InodeKind.Directory.empty()
                : new InodeKind.Regular(Rope.empty()));
    }

    private Verdict make(Recorded seen, PathUse use, InodeKind kind) {
        Place place = world.reach(seen.pid(), use.dirfd(), use.path(), use.follow());
        if (place == null || place.inode() != null) {
            return Verdict.UNEXPLAINED;
        }
        world.make(place.folder(), place.name(), kind, 0755);
        return Verdict.LEARNED;
    }

    /** Whether the attributes that a call printed are those of the model; true where none were printed. */
    static boolean agrees(Recorded seen, Outcome outcome) {
        FileStat stat = seen.failed() ? null : FileStat.of(seen);
        return stat == null || !(outcome instanceof Outcome.Returned returned)
                || !(returned.output() instanceof Output.Attributes attributes) || stat.agreesWith(attributes);
    }
}
