package org.bpfz.oracle.replay;

import java.util.List;
import java.util.Set;
import org.bpfz.oracle.calls.PathBytes;
import org.bpfz.oracle.model.Machine;
import org.bpfz.oracle.syntax.NotationException;
import org.bpfz.oracle.syntax.Value;
import org.bpfz.spec.kernel.Call;
import org.bpfz.spec.kernel.Descriptor;
import org.bpfz.spec.kernel.Flags;
import org.bpfz.spec.kernel.Inode;
import org.bpfz.spec.kernel.InodeKind;
import org.bpfz.spec.kernel.OpenFile;
import org.bpfz.spec.kernel.Output;
import org.bpfz.spec.kernel.State;
import org.jspecify.annotations.Nullable;

/**
 * Calls that the model does not have, and calls on what it does not have: counted by name, and followed as far as they touch what the
 * model has, which is descriptors, positions, and what files are known to hold.
 */
final class OutsideCalls {
    /** Calls that the model does not have and that give a descriptor. */
    private static final Set<String> GIVES_DESCRIPTOR = Set.of("socket", "accept", "accept4", "epoll_create",
            "epoll_create1", "eventfd", "eventfd2", "memfd_create", "memfd_secret", "signalfd", "signalfd4",
            "timerfd_create", "inotify_init", "inotify_init1", "fanotify_init", "userfaultfd", "perf_event_open", "bpf",
            "pidfd_open", "pidfd_getfd", "open_by_handle_at", "io_uring_setup", "landlock_create_ruleset", "fsopen",
            "fsmount", "fspick", "open_tree", "mq_open");
    /** Those of them whose descriptors are closed by execve without being asked to. */
    private static final Set<String> ALWAYS_CLOEXEC = Set.of("bpf", "pidfd_open", "pidfd_getfd", "io_uring_setup",
            "landlock_create_ruleset");

    private final Machine machine;
    private final KnownWorld world;
    private final Ledger ledger;

    OutsideCalls(Machine machine, KnownWorld world, Ledger ledger) {
        this.machine = machine;
        this.world = world;
        this.ledger = ledger;
    }

    /** A modelled call on something that the model does not have. */
    void modelled(Call call, Recorded seen) {
        ledger.outside(seen.name());
        for (int fd : DescriptorUse.given(call, seen)) {
            world.installOutside(seen.pid(), fd, isCloseOnExec(seen));
        }
        if (call instanceof Call.Sendfile sent && sent.offset() == null && seen.result() > 0) {
            OpenFile in = world.state().open(seen.pid(), sent.inFd());
            Descriptor descriptor = world.state().table(world.state().task(seen.pid())).get(sent.inFd());
            if (in != null && descriptor != null) {
                world.set(world.state().withFile(descriptor.file(), in.withPosition(in.position() + seen.result())));
            }
        }
    }

    /** A call that the model does not have. */
    void unmodelled(Recorded seen) {
        ledger.outside(seen.name());
        int pid = seen.pid();
        if (seen.failed()) {
            return;
        }
        if (GIVES_DESCRIPTOR.contains(seen.name())) {
            world.installOutside(pid, (int) seen.result(), isCloseOnExec(seen));
            return;
        }
        switch (seen.name()) {
            case "socketpair" -> {
                if (seen.observation().output() instanceof Output.Pair(int one, int two)) {
                    world.installOutside(pid, one, isCloseOnExec(seen));
                    world.installOutside(pid, two, isCloseOnExec(seen));
                }
            }
            case "close_range" -> closeRange(seen);
            case "fallocate", "ioctl", "mmap" -> touched(seen);
            case "readlink", "readlinkat" -> readlink(seen);
            default -> {
            }
        }
    }

    /** close_range is as many calls of close, or of fcntl with F_SETFD. */
    private void closeRange(Recorded seen) {
        Long first = number(seen, 0);
        Long last = number(seen, 1);
        if (first == null || last == null) {
            return;
        }
        boolean marks = mentions(seen, "CLOSE_RANGE_CLOEXEC");
        State state = world.state();
        for (int fd : state.table(state.task(seen.pid())).entries().keySet()) {
            if (fd >= first && (last < 0 || fd <= last)) {
                machine.call(marks
                        ? new Call.Fcntl(seen.pid(), fd, Flags.F_SETFD, Flags.FD_CLOEXEC)
                        : new Call.Close(seen.pid(), fd));
                world.saw(seen.pid(), fd);
            }
        }
    }

    /** Calls of which the model only knows that they may change a file: what it has of the file is a guess from then on. */
    private void touched(Recorded seen) {
        Long fd = switch (seen.name()) {
            case "mmap" -> mentions(seen, "MAP_SHARED") && mentions(seen, "PROT_WRITE") ? number(seen, 4) : null;
            case "ioctl" -> mentions(seen, "FICLONE") || mentions(seen, "FICLONERANGE") ? number(seen, 0) : null;
            default -> number(seen, 0);
        };
        OpenFile file = fd == null ? null : world.state().open(seen.pid(), fd.intValue());
        if (file != null) {
            Inode inode = world.state().inode(file.inode());
            if (inode.isRegular()) {
                world.touchElsewhere(inode);
            }
        }
    }

    /** readlink says where a symbolic link leads that was there before. */
    private void readlink(Recorded seen) {
        int at = seen.name().equals("readlink") ? 0 : 1;
        Long dirfd = at == 0 ? Long.valueOf(Flags.AT_FDCWD) : number(seen, 0);
        if (dirfd == null || !(seen.text().argument(at) instanceof Value.Text path)
                || !(seen.text().argument(at + 1) instanceof Value.Text target)) {
            return;
        }
        String name = PathBytes.decode(path.bytes());
        if (world.isOutside(seen.pid(), dirfd.intValue(), name)) {
            return;
        }
        KnownWorld.Place place = world.reach(seen.pid(), dirfd.intValue(), name, false);
        InodeKind link = new InodeKind.Symlink(PathBytes.decode(target.bytes()));
        if (place != null && place.inode() == null) {
            world.make(place.folder(), place.name(), link, 0777);
        } else if (place != null && place.inode().kind() instanceof InodeKind.Symlink
                && world.isLearned(place.inode())) {
            world.set(world.state().with(place.inode().with(link)));
        }
    }

    private static @Nullable Long number(Recorded seen, int index) {
        Value value = seen.text().argument(index);
        try {
            return value == null ? null : RecordedCalls.NUMBERS.number(value);
        } catch (NotationException unknown) {
            return null;
        }
    }

    private static boolean isCloseOnExec(Recorded seen) {
        return ALWAYS_CLOEXEC.contains(seen.name())
                || seen.text().arguments().stream().anyMatch(argument -> mentions(argument.value(), "CLOEXEC"));
    }

    private static boolean mentions(Recorded seen, String name) {
        return seen.text().arguments().stream().anyMatch(argument -> mentions(argument.value(), name));
    }

    private static boolean mentions(Value value, String name) {
        return switch (value) {
            case Value.Name(String text, _) -> text.contains(name);
            case Value.Flags(List<Value> parts, _) -> parts.stream().anyMatch(part -> mentions(part, name));
            default -> false;
        };
    }
}
