package org.bpfz.spec.kernel;

import org.bpfz.spec.kernel.InodeKind.Directory;
import org.jspecify.annotations.Nullable;
import org.pcollections.IntTreePMap;

/**
 * Everything that system calls can see and change, as a value: a changed state shares all that did not change with the state
 * before it.
 *
 * @param tasks       threads by pid
 * @param limits      resource limits by tgid
 * @param tables      descriptor tables by id
 * @param contexts    root, current directory and umask by id
 * @param files       open files by id
 * @param inodes      inodes by id
 * @param fileSystems file systems by id
 * @param attachments the programs on the hooks
 * @param nextId      the next id of anything but a task
 * @param nextPid     the next pid
 */
public record State(IntTreePMap<Task> tasks, IntTreePMap<ProcessLimits> limits, IntTreePMap<DescriptorTable> tables,
        IntTreePMap<FsContext> contexts, IntTreePMap<OpenFile> files, IntTreePMap<Inode> inodes,
        IntTreePMap<FileSystem> fileSystems, Attachments attachments, int nextId, int nextPid) {
    /** The inode of "/". */
    public static final int ROOT = 1;
    /** The first task, a process of root with nothing open and umask 022. */
    public static final int INIT = 1;
    /** The file system of "/", and of what has no name. */
    public static final int ROOT_FILE_SYSTEM = 1;

    /** A machine with the given root file system, {@code /dev/null}, {@code /dev/zero}, {@code /dev/full}, {@code /tmp} and one task. */
    public static State boot(FileSystem root) {
        FileSystem fileSystem = root.id() == ROOT_FILE_SYSTEM ? root : root.withId(ROOT_FILE_SYSTEM);
        Inode top = new Inode(ROOT, ROOT_FILE_SYSTEM, 0, 0, 0755, 2, 0, Sums.ZERO,
                Directory.empty().in(ROOT));
        State empty = new State(IntTreePMap.empty(), IntTreePMap.empty(), IntTreePMap.empty(), IntTreePMap.empty(),
                IntTreePMap.empty(), IntTreePMap.singleton(ROOT, top),
                IntTreePMap.singleton(ROOT_FILE_SYSTEM, fileSystem), Attachments.NONE, 2, 2);
        return empty.with(new Task(INIT, INIT, "init", Credentials.ROOT, 1, 1)).withLimits(INIT, ProcessLimits.INITIAL)
                .withTable(1, DescriptorTable.EMPTY).withContext(1, new FsContext(ROOT, ROOT, 022, 1))
                .withNode("/dev", 0755, Directory.empty())
                .withNode("/dev/null", 0666, new InodeKind.CharDevice(InodeKind.Device.NULL))
                .withNode("/dev/zero", 0666, new InodeKind.CharDevice(InodeKind.Device.ZERO))
                .withNode("/dev/full", 0666, new InodeKind.CharDevice(InodeKind.Device.FULL))
                .withNode("/tmp", 01777, Directory.empty());
    }

    /** A machine with an unlimited file system. */
    public static State boot() {
        return boot(FileSystem.unlimited(ROOT_FILE_SYSTEM));
    }

    /** The task; asking for one that does not exist is a mistake of the caller. */
    public Task task(int pid) {
        return required(tasks.get(pid), "task", pid);
    }

    /** The limits of a task's process. */
    public ProcessLimits limits(Task task) {
        return required(limits.get(task.tgid()), "limits of process", task.tgid());
    }

    /** The descriptor table of a task. */
    public DescriptorTable table(Task task) {
        return required(tables.get(task.files()), "descriptor table", task.files());
    }

    /** The paths' starting points of a task. */
    public FsContext context(Task task) {
        return required(contexts.get(task.fs()), "fs context", task.fs());
    }

    /** The open file of that id. */
    public OpenFile file(int id) {
        return required(files.get(id), "open file", id);
    }

    /** The inode of that id. */
    public Inode inode(int id) {
        return required(inodes.get(id), "inode", id);
    }

    /** The file system that an inode lives in. */
    public FileSystem fileSystem(Inode inode) {
        return required(fileSystems.get(inode.fileSystem()), "file system", inode.fileSystem());
    }

    /** The open file behind a descriptor of a task, O_PATH or not; null if the descriptor is not open. */
    public @Nullable OpenFile open(int pid, int fd) {
        Descriptor descriptor = table(task(pid)).get(fd);
        return descriptor == null ? null : file(descriptor.file());
    }

    private static <T> T required(@Nullable T value, String what, int id) {
        if (value == null) {
            throw new IllegalArgumentException("there is no " + what + " " + id);
        }
        return value;
    }

    /** With this task in the place of the one with its pid. */
    public State with(Task task) {
        return new State(tasks.plus(task.pid(), task), limits, tables, contexts, files, inodes, fileSystems,
                attachments,
                nextId, nextPid);
    }

    /** Without a task. */
    public State withoutTask(int pid) {
        return new State(tasks.minus(pid), limits, tables, contexts, files, inodes, fileSystems, attachments, nextId,
                nextPid);
    }

    /** With other limits for a process. */
    public State withLimits(int tgid, ProcessLimits changed) {
        return new State(tasks, limits.plus(tgid, changed), tables, contexts, files, inodes, fileSystems, attachments,
                nextId, nextPid);
    }

    /** Without the limits of a process that is gone. */
    public State withoutLimits(int tgid) {
        return new State(tasks, limits.minus(tgid), tables, contexts, files, inodes, fileSystems, attachments, nextId,
                nextPid);
    }

    /** With another descriptor table of that id. */
    public State withTable(int id, DescriptorTable table) {
        return new State(tasks, limits, tables.plus(id, table), contexts, files, inodes, fileSystems, attachments,
                nextId,
                nextPid);
    }

    /** Without a descriptor table. */
    public State withoutTable(int id) {
        return new State(tasks, limits, tables.minus(id), contexts, files, inodes, fileSystems, attachments, nextId,
                nextPid);
    }

    /** With other starting points of that id. */
    public State withContext(int id, FsContext context) {
        return new State(tasks, limits, tables, contexts.plus(id, context), files, inodes, fileSystems, attachments,
                nextId, nextPid);
    }

    /** Without starting points. */
    public State withoutContext(int id) {
        return new State(tasks, limits, tables, contexts.minus(id), files, inodes, fileSystems, attachments, nextId,
                nextPid);
    }

    /** With another open file of that id. */
    public State withFile(int id, OpenFile file) {
        return new State(tasks, limits, tables, contexts, files.plus(id, file), inodes, fileSystems, attachments,
                nextId,
                nextPid);
    }

    /** Without an open file. */
    public State withoutFile(int id) {
        return new State(tasks, limits, tables, contexts, files.minus(id), inodes, fileSystems, attachments, nextId,
                nextPid);
    }

    /** With this inode in the place of the one with its id. */
    public State with(Inode inode) {
        return new State(tasks, limits, tables, contexts, files, inodes.plus(inode.id(), inode), fileSystems,
                attachments,
                nextId, nextPid);
    }

    /** Without an inode. */
    public State withoutInode(int id) {
        return new State(tasks, limits, tables, contexts, files, inodes.minus(id), fileSystems, attachments, nextId,
                nextPid);
    }

    /** With this file system in the place of the one with its id. */
    public State with(FileSystem fileSystem) {
        return new State(tasks, limits, tables, contexts, files, inodes, fileSystems.plus(fileSystem.id(), fileSystem),
                attachments, nextId, nextPid);
    }

    /** With other programs on the hooks. */
    public State with(Attachments changed) {
        return new State(tasks, limits, tables, contexts, files, inodes, fileSystems, changed, nextId, nextPid);
    }

    /** With {@link #nextId} used up. */
    public State withIdTaken() {
        return new State(tasks, limits, tables, contexts, files, inodes, fileSystems, attachments, nextId + 1, nextPid);
    }

    /** With pids counted on from a number. */
    public State withNextPid(int pid) {
        return new State(tasks, limits, tables, contexts, files, inodes, fileSystems, attachments, nextId, pid);
    }

    /**
     * With one more file of root's, for setting up a machine: what existed before the first call.
     *
     * @param path        absolute, without links and dots; its folder must exist and hold nothing of that name
     * @param permissions the 12 low bits of the mode
     */
    public State withNode(String path, int permissions, InodeKind kind) {
        return withNode(path, 0, 0, permissions, kind);
    }

    /** With one more file of an owner's; see {@link #withNode(String, int, InodeKind)}. */
    public State withNode(String path, int uid, int gid, int permissions, InodeKind kind) {
        int slash = path.lastIndexOf('/');
        Inode folder = required(lookup(path.substring(0, slash)), "folder for " + path + ", inode", 0);
        return withNode(folder, path.substring(slash + 1), uid, gid, permissions, kind);
    }

    /** With one more file in a directory of this state, which has {@link #nextId} as its id. */
    public State withNode(Inode folder, String name, int uid, int gid, int permissions, InodeKind kind) {
        if (!(folder.kind() instanceof Directory(var entries, _)) || entries.containsKey(name)) {
            throw new IllegalArgumentException(name + " cannot be made");
        }
        int id = nextId;
        boolean directory = kind instanceof Directory;
        InodeKind placed = kind instanceof Directory unplaced ? unplaced.in(folder.id()) : kind;
        Inode made = new Inode(id, folder.fileSystem(), uid, gid, permissions, directory ? 2 : 1, 0, Sums.ZERO, placed);
        Inode listed = folder.with(((Directory) folder.kind()).plus(name, id));
        FileSystem fileSystem = fileSystem(folder);
        long pages = kind instanceof InodeKind.Regular(_, Pages taken) ? taken.count() : 0;
        return withIdTaken().with(made).with(directory ? listed.withLinks(folder.links() + 1) : listed)
                .with(fileSystem.withUsed(fileSystem.used() + pages));
    }

    /**
     * With another file system mounted on a new directory.
     *
     * @param path absolute, without links and dots; its folder must exist and hold nothing of that name
     */
    public State withMount(String path, FileSystem mounted) {
        int id = nextId;
        State made = withIdTaken().with(mounted.withId(id)).withNode(path, 0755, Directory.empty());
        Inode top = required(made.lookup(path), "mount point, inode", 0);
        return made.with(new Inode(top.id(), id, top.uid(), top.gid(), top.permissions(), top.links(), top.opens(),
                top.sums(), top.kind()));
    }

    /** The inode at an absolute path without links and dots, whatever its permissions; null if there is none. */
    public @Nullable Inode lookup(String path) {
        Inode at = inode(ROOT);
        for (String name : path.split("/", -1)) {
            if (name.isEmpty()) {
                continue;
            }
            Integer id = at.kind() instanceof Directory(var entries, _) ? entries.get(name) : null;
            if (id == null) {
                return null;
            }
            at = inode(id);
        }
        return at;
    }
}
