package org.bpfz.spec.bpf;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.bpfz.spec.Errno;

/**
 * The BPF file system at {@value #MOUNT}: folders, and objects that are pinned in them (kernel/bpf/inode.c). Of other file systems only the
 * folders on the way there exist.
 */
public final class BpfFileSystem {
    /** Where it is mounted. */
    public static final String MOUNT = "/sys/fs/bpf";

    private static final int NAME_MAX = 255;
    private static final int PATH_MAX = 4096;

    private final TreeMap<String, BpfFile> objects = new TreeMap<>();
    private final TreeSet<String> folders = new TreeSet<>(List.of("", "/sys", "/sys/fs", MOUNT));

    BpfFileSystem() {
    }

    /** Where a path leads: a folder that exists, and the last name in it. */
    private record Walked(String folder, String name, boolean slash) {
        String path() {
            return folder + "/" + name;
        }
    }

    /** Makes a folder: 0, or an error number negated (mkdir(2)). */
    public int mkdir(String path) {
        try {
            Walked walked = walkToNew(path);
            folders.add(walked.path());
            return 0;
        } catch (BpfException e) {
            return e.errno().negative();
        }
    }

    /** The paths of all pins below a folder, in order. */
    public List<String> list(String folder) {
        return objects.keySet().stream().filter(path -> path.startsWith(folder + "/")).toList();
    }

    /** Removes a pin: 0, or an error number negated (unlink(2)). */
    int unlink(String path) {
        try {
            Walked walked = walk(path);
            boolean folder = walked.name().isEmpty() || folders.contains(walked.path());
            if (folder) {
                return Errno.EISDIR.negative();
            }
            return objects.remove(find(walked)) == null ? Errno.ENOENT.negative() : 0;
        } catch (BpfException e) {
            return e.errno().negative();
        }
    }

    Collection<BpfFile> files() {
        return objects.values();
    }

    /** Pins an object under a path where nothing is yet (bpf_obj_do_pin). */
    void pin(String path, BpfFile file) throws BpfException {
        Walked walked = walkToNew(path);
        if (walked.slash()) {
            throw new BpfException(Errno.ENOENT, path + " is no folder");
        }
        if (!isInside(walked.folder())) {
            throw new BpfException(Errno.EPERM, path + " is not in a BPF file system");
        }
        objects.put(walked.path(), file);
    }

    /** What is pinned under a path (bpf_obj_do_get). */
    BpfFile get(String path) throws BpfException {
        Walked walked = walk(path);
        if (walked.name().isEmpty() || folders.contains(walked.path())) {
            throw new BpfException(Errno.EACCES, path + " is a folder");
        }
        String found = find(walked);
        if (walked.slash()) {
            throw new BpfException(Errno.ENOTDIR, path + " is no folder");
        }
        return Optional.ofNullable(objects.get(found)).orElseThrow();
    }

    private static boolean isInside(String folder) {
        return folder.equals(MOUNT) || folder.startsWith(MOUNT + "/");
    }

    /** The path of an object that is there. */
    private String find(Walked walked) throws BpfException {
        if (!objects.containsKey(walked.path())) {
            throw missing(walked.folder(), walked.name());
        }
        return walked.path();
    }

    /** A name that is not there: one with a dot may not even be looked up (bpf_lookup). */
    private static BpfException missing(String folder, String name) {
        boolean reserved = isInside(folder) && name.indexOf('.') >= 0;
        return new BpfException(reserved ? Errno.EPERM : Errno.ENOENT, "there is no " + folder + "/" + name);
    }

    private Walked walkToNew(String path) throws BpfException {
        Walked walked = walk(path);
        if (walked.name().isEmpty() || folders.contains(walked.path()) || objects.containsKey(walked.path())) {
            throw new BpfException(Errno.EEXIST, path + " exists");
        }
        if (missing(walked.folder(), walked.name()).errno() == Errno.EPERM) {
            throw missing(walked.folder(), walked.name());
        }
        return walked;
    }

    /** Goes through all folders of a path; a name that is empty stands for the folder itself. */
    private Walked walk(String path) throws BpfException {
        if (path.isEmpty()) {
            throw new BpfException(Errno.ENOENT, "an empty path");
        }
        if (path.length() >= PATH_MAX) {
            throw new BpfException(Errno.ENAMETOOLONG, "a path that is too long");
        }
        Deque<String> names = new ArrayDeque<>(Arrays.stream(path.split("/", -1)).filter(name -> !name.isEmpty())
                .toList());
        String folder = "";
        while (!names.isEmpty()) {
            String name = names.pop();
            if (name.length() > NAME_MAX) {
                throw new BpfException(Errno.ENAMETOOLONG, "a name that is too long");
            }
            if (name.equals("..")) {
                folder = folder.substring(0, Math.max(0, folder.lastIndexOf('/')));
            } else if (!name.equals(".")) {
                if (names.isEmpty()) {
                    return new Walked(folder, name, path.endsWith("/"));
                }
                folder = enter(folder, name);
            }
        }
        return new Walked(folder, "", true);
    }

    private String enter(String folder, String name) throws BpfException {
        String next = folder + "/" + name;
        if (objects.containsKey(next)) {
            throw new BpfException(Errno.ENOTDIR, next + " is no folder");
        }
        if (!folders.contains(next)) {
            throw missing(folder, name);
        }
        return next;
    }
}
