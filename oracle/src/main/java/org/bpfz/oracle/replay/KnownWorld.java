package org.bpfz.oracle.replay;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.bpfz.oracle.model.Machine;
import org.bpfz.spec.kernel.Credentials;
import org.bpfz.spec.kernel.Descriptor;
import org.bpfz.spec.kernel.DescriptorTable;
import org.bpfz.spec.kernel.Flags;
import org.bpfz.spec.kernel.FsContext;
import org.bpfz.spec.kernel.Inode;
import org.bpfz.spec.kernel.InodeKind;
import org.bpfz.spec.kernel.InodeKind.Directory;
import org.bpfz.spec.kernel.InodeKind.Symlink;
import org.bpfz.spec.kernel.OpenFile;
import org.bpfz.spec.kernel.ProcessLimits;
import org.bpfz.spec.kernel.Rope;
import org.bpfz.spec.kernel.State;
import org.bpfz.spec.kernel.Sums;
import org.bpfz.spec.kernel.Task;
import org.jspecify.annotations.Nullable;

/**
 * The machine that a recording is replayed on, and how much of it is known for certain: which files were there before, which of
 * their sizes and types are guesses, which descriptors stand for something that the model does not have.
 */
final class KnownWorld {
    /** Where the first task is, as long as nothing says where that was; {@link #shown} leaves it out. */
    private static final String SOMEWHERE = "/.";
    private static final int MAX_LINKS = 40;
    private static final Set<String> MODELLED_DEVICES = Set.of("/dev/null", "/dev/zero", "/dev/full");
    private static final List<String> OUTSIDE = List.of("/dev/", "/proc/", "/sys/");

    private final Machine machine;
    private final Credentials user;
    private final boolean filtered;
    private final Ledger ledger;
    private final Set<Integer> outside = new HashSet<>();
    private final Set<Integer> learned = new HashSet<>();
    private final Set<Integer> guessed = new HashSet<>();
    private final Set<Integer> unsized = new HashSet<>();
    private final Set<Integer> touchedElsewhere = new HashSet<>();
    private final Map<Integer, BitSet> usedDescriptors = new HashMap<>();

    /** Where a path leads: an inode, or a free name in a folder. */
    record Place(int folder, String name, @Nullable Inode inode) {}

    /**
     * A world of which nothing is known.
     *
     * @param user     whom its tasks act for, and who owns what is found
     * @param filtered whether some calls were not recorded, so that descriptors come from nowhere
     */
    KnownWorld(Machine machine, Credentials user, boolean filtered, Ledger ledger) {
        this.machine = machine;
        this.user = user;
        this.filtered = filtered;
        this.ledger = ledger;
    }

    State state() {
        return machine.state();
    }

    void set(State changed) {
        machine.set(changed);
    }

    /** A process that was there before the recording began, with nothing known of its descriptors. */
    void addProcess(int pid, @Nullable String cwd, int umask) {
        int folder = directory(cwd == null ? SOMEWHERE + "cwd" : cwd);
        int table = state().nextId();
        State next = state().withIdTaken().withIdTaken();
        set(next.withNextPid(Math.max(next.nextPid(), pid + 1)).withTable(table, DescriptorTable.EMPTY)
                .withContext(table + 1, new FsContext(State.ROOT, folder, umask, 1))
                .withLimits(pid, new ProcessLimits(-1, -1, 1 << 20, 1 << 20))
                .with(new Task(pid, pid, "", user, table, table + 1)));
    }

    private int directory(String path) {
        int at = State.ROOT;
        for (String name : path.split("/", -1)) {
            if (!name.isEmpty()) {
                Integer next = ((Directory) state().inode(at).kind()).entries().get(name);
                at = next == null ? make(at, name, Directory.empty(), 0755) : next;
            }
        }
        return at;
    }

    boolean hasTask(int pid) {
        return state().tasks().containsKey(pid);
    }

    // Files.

    /** Whether an inode was there before the recording began. */
    boolean isLearned(Inode inode) {
        return learned.contains(inode.id());
    }

    /** Whether its type is a guess that something seen may correct. */
    boolean isGuessed(Inode inode) {
        return guessed.contains(inode.id());
    }

    /** Whether its size is not known: it may be longer than what the model has of it, or shorter. */
    boolean isUnsized(Inode inode) {
        return unsized.contains(inode.id());
    }

    /** Whether it was changed by something that the model does not know, such as a store through a mapping. */
    boolean isTouchedElsewhere(Inode inode) {
        return touchedElsewhere.contains(inode.id());
    }

    /** From here on its size and content are what is seen of them. */
    void touchElsewhere(Inode inode) {
        touchedElsewhere.add(inode.id());
        unsized.add(inode.id());
    }

    /** Whether it stands for something that the model does not have: a terminal, a socket, a file of the kernel's own. */
    boolean isOutside(Inode inode) {
        return outside.contains(inode.id());
    }

    /** From here on it stands for something that the model does not have. */
    void declareOutside(Inode inode) {
        outside.add(inode.id());
        guessed.remove(inode.id());
    }

    /** Whether a path leads to a device or into a file system of the kernel's own, none of which is modelled. */
    boolean isOutside(int pid, int dirfd, @Nullable String path) {
        if (path == null) {
            return false;
        }
        if (!path.startsWith("/") && dirfd != Flags.AT_FDCWD && isOutside(pid, dirfd)) {
            return true;
        }
        Place place = find(pid, dirfd, path, false);
        if (place != null && place.inode != null) {
            return isOutside(place.inode);
        }
        return OUTSIDE.stream().anyMatch(path::startsWith) && !MODELLED_DEVICES.contains(path);
    }

    /** The inode at a path; null if there is none. */
    @Nullable
    Inode inode(int pid, int dirfd, @Nullable String path, boolean follow) {
        Place place = find(pid, dirfd, path, follow);
        return place == null ? null : place.inode;
    }

    /** Where a path leads; null if a folder on the way is missing or is none. */
    @Nullable
    Place find(int pid, int dirfd, @Nullable String path, boolean follow) {
        return walk(pid, dirfd, path, follow, false);
    }

    /** The same; folders that are missing on the way were there all along. Null if the path leads nowhere. */
    @Nullable
    Place reach(int pid, int dirfd, @Nullable String path, boolean follow) {
        return walk(pid, dirfd, path, follow, true);
    }

    private @Nullable Place walk(int pid, int dirfd, @Nullable String path, boolean follow, boolean learn) {
        Integer start = path == null ? null : start(pid, dirfd, path);
        if (start == null || path == null) {
            return null;
        }
        Deque<String> rest = new ArrayDeque<>(components(path));
        int root = state().context(state().task(pid)).root();
        int at = start;
        int links = 0;
        while (true) {
            String name = rest.poll();
            if (name == null) {
                return new Place(at, ".", state().inode(at));
            }
            Directory folder = folder(at, learn);
            if (folder == null) {
                return null;
            }
            if (name.equals("..")) {
                at = at == root ? at : folder.parent();
                continue;
            }
            Integer id = folder.entries().get(name);
            if (id == null && rest.isEmpty()) {
                return new Place(at, name, null);
            }
            if (id == null && !learn) {
                return null;
            }
            int there = id == null ? make(at, name, Directory.empty(), 0755) : id;
            Inode found = state().inode(there);
            if (found.kind() instanceof Symlink(String target) && (follow || !rest.isEmpty())) {
                if (++links > MAX_LINKS) {
                    return null;
                }
                at = target.startsWith("/") ? root : at;
                components(target).reversed().forEach(rest::push);
            } else if (rest.isEmpty()) {
                return new Place(at, name, found);
            } else {
                at = found.id();
            }
        }
    }

    private @Nullable Integer start(int pid, int dirfd, String path) {
        FsContext context = state().context(state().task(pid));
        if (path.startsWith("/")) {
            return context.root();
        }
        if (dirfd == Flags.AT_FDCWD) {
            return context.cwd();
        }
        OpenFile file = state().open(pid, dirfd);
        return file == null ? null : Integer.valueOf(file.inode());
    }

    private static List<String> components(String path) {
        return Arrays.stream(path.split("/", -1)).filter(name -> !name.isEmpty() && !name.equals("."))
                .toList();
    }

    private @Nullable Directory folder(int id, boolean learn) {
        Inode inode = state().inode(id);
        if (learn && !inode.isDirectory() && isGuessed(inode)) {
            become(inode, Directory.empty(), 0755);
            inode = state().inode(id);
        }
        return inode.kind() instanceof Directory folder ? folder : null;
    }

    /** Something was there before the recording began; returns its id. */
    int make(int folder, String name, InodeKind kind, int permissions) {
        State before = state();
        int id = before.nextId();
        set(before.withNode(before.inode(folder), name, user.uid(), user.gid(), permissions, kind));
        learned.add(id);
        if (kind instanceof InodeKind.Regular) {
            guessed.add(id);
            unsized.add(id);
        }
        ledger.learned(kind);
        return id;
    }

    /** A symbolic link of which only the length of its target is known: the target is a name of that length. */
    int makeLink(int folder, String name, long length) {
        String unique = String.format(Locale.ROOT, "%0" + Math.max(1, length) + "d", state().nextId());
        return make(folder, name, new Symlink(unique), 0777);
    }

    /** A guess is corrected: the inode is of another kind. */
    void become(Inode inode, InodeKind kind, int permissions) {
        guessed.remove(inode.id());
        unsized.remove(inode.id());
        InodeKind placed = kind instanceof Directory folder ? folder.in(parentOf(inode.id())) : kind;
        set(state().with(inode.with(placed).withPermissions(permissions)
                .withLinks(kind instanceof Directory ? 2 : inode.links())));
    }

    private int parentOf(int id) {
        for (Map.Entry<Integer, Inode> entry : state().inodes().entrySet()) {
            if (entry.getValue().kind() instanceof Directory folder && folder.entries().containsValue(id)) {
                return entry.getKey();
            }
        }
        return State.ROOT;
    }

    /** Someone else has removed a name. */
    void remove(Place place) {
        Inode folder = state().inode(place.folder);
        Inode gone = place.inode;
        if (gone == null || !(folder.kind() instanceof Directory entries)) {
            return;
        }
        State next = state().with(folder.with(entries.minus(place.name)));
        set(next.with(next.inode(gone.id()).withLinks(Math.max(0, gone.links() - 1))));
        ledger.changedByOthers();
    }

    /** The size of a file is now known. */
    void size(Inode inode, long size) {
        resize(inode, size);
        unsized.remove(inode.id());
        guessed.remove(inode.id());
    }

    /** A file is at least so long; of the bytes that the model has not seen nothing is known. */
    void atLeast(Inode inode, long size) {
        if (size > inode.size()) {
            resize(inode, size);
        }
        guessed.remove(inode.id());
    }

    private void resize(Inode inode, long size) {
        if (inode.kind() instanceof InodeKind.Regular(Rope content, _)) {
            Rope resized = size <= content.length()
                    ? content.prefix(size)
                    : content.concat(Rope.unknown(size - content.length()));
            set(state().with(inode.with(new InodeKind.Regular(resized))));
        }
    }

    /** Permissions, and the owner if known, are now known. */
    void attributes(Inode inode, FileStat stat) {
        Inode now = state().inode(inode.id()).withPermissions(stat.permissions());
        set(state().with(now.withOwner(stat.uid().orElse(now.uid()), stat.gid().orElse(now.gid()))));
        guessed.remove(inode.id());
    }

    /** A path as a user wrote it: what is in the folder where the first task was has a short name. */
    static String shown(String path) {
        return path.startsWith(SOMEWHERE + "cwd/") ? path.substring(SOMEWHERE.length() + 4) : path;
    }

    // Descriptors.

    /** Whether a descriptor stands for something that the model does not have. */
    boolean isOutside(int pid, int fd) {
        OpenFile file = state().open(pid, fd);
        return file != null && outside.contains(file.inode());
    }

    /** Whether the recording has shown the number in use or free, so that nothing inherited can hide behind it. */
    boolean wasSeen(int pid, int fd) {
        BitSet used = usedDescriptors.get(state().task(pid).files());
        return !filtered && used != null && used.get(fd);
    }

    /** The recording shows what the number is. */
    void saw(int pid, int fd) {
        if (fd >= 0) {
            usedDescriptors.computeIfAbsent(state().task(pid).files(), _ -> new BitSet()).set(fd);
        }
    }

    /** A new task knows of its descriptors what its parent knew. */
    void inherit(int table, int newTable) {
        BitSet used = usedDescriptors.get(table);
        if (used != null && table != newTable) {
            usedDescriptors.put(newTable, (BitSet) used.clone());
        }
    }

    /** Puts a descriptor there that stands for something that the model does not have. */
    void installOutside(int pid, int fd, boolean closeOnExec) {
        State before = state();
        Task task = before.task(pid);
        int inode = before.nextId();
        int file = inode + 1;
        Inode standIn = new Inode(inode, State.ROOT_FILE_SYSTEM, user.uid(), user.gid(), 0600, 1, 1,
                Sums.ZERO, new InodeKind.CharDevice(InodeKind.Device.NULL));
        set(before.withIdTaken().withIdTaken().with(standIn)
                .withFile(file, OpenFile.of(inode, Flags.O_RDWR))
                .withTable(task.files(), before.table(task).with(fd, new Descriptor(file, closeOnExec))));
        outside.add(inode);
        saw(pid, fd);
    }

    /** An inherited descriptor turns out to be a regular file, at an unknown position. */
    void becomeRegular(int pid, int fd) {
        OpenFile file = state().open(pid, fd);
        if (file != null) {
            Inode inode = state().inode(file.inode());
            outside.remove(inode.id());
            learned.add(inode.id());
            touchedElsewhere.add(inode.id());
            unsized.add(inode.id());
            set(state().with(inode.with(new InodeKind.Regular(Rope.empty()))));
        }
    }
}
