package org.bpfz.oracle.analyze;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Goes through folders in an order that depends on nothing but the names: each folder's entries by their bytes, folders where they
 * stand. Follows symbolic links that are named as arguments and no others. Holds the names of one folder a level.
 */
public final class FileWalk implements Iterator<Found> {
    private static final int S_IFMT = 0170000;

    /** File systems whose files are no stored data: to read them may wait, never end, or do something (proc(5), sysfs(5)). */
    private static final Set<String> KERNEL_FILE_SYSTEMS = Set.of("proc", "sysfs", "debugfs", "tracefs", "securityfs",
            "bpf",
            "cgroup", "cgroup2", "configfs", "pstore", "efivarfs", "selinuxfs", "fusectl", "binfmt_misc", "devpts",
            "mqueue",
            "nsfs", "rpc_pipefs", "autofs");

    /** Entries of a folder that are still to come, and the device that the folder lives on. */
    private record Level(Iterator<Path> rest, Object device) {}

    private final Deque<Level> levels = new ArrayDeque<>();
    private final Iterator<Path> roots;
    private @Nullable Found next;

    /** A walk through these files and folders, in this order. */
    public FileWalk(List<Path> roots) {
        this.roots = List.copyOf(roots).iterator();
    }

    @Override
    public boolean hasNext() {
        while (next == null && (!levels.isEmpty() || roots.hasNext())) {
            if (levels.isEmpty()) {
                next = visit(roots.next(), null);
            } else if (levels.element().rest().hasNext()) {
                next = visit(levels.element().rest().next(), levels.element().device());
            } else {
                levels.remove();
            }
        }
        return next != null;
    }

    @Override
    public Found next() {
        if (!hasNext() || next == null) {
            throw new java.util.NoSuchElementException();
        }
        Found found = next;
        next = null;
        return found;
    }

    /** What is at the path; null for a folder, whose entries come next. */
    private @Nullable Found visit(Path path, @Nullable Object parentDevice) {
        try {
            LinkOption[] options = parentDevice == null
                    ? new LinkOption[0]
                    : new LinkOption[]{LinkOption.NOFOLLOW_LINKS};
            Map<String, Object> attributes = Files.readAttributes(path, "unix:mode,uid,gid,dev", options);
            int mode = (Integer) attributes.get("mode");
            return switch (mode & S_IFMT) {
                case 0100000 ->
                    new Found.RegularFile(path, (Integer) attributes.get("uid"), (Integer) attributes.get("gid"));
                case 0040000 -> enter(path, attributes.get("dev"), parentDevice);
                case 0120000 -> new Found.LeftOut(path, Found.Why.LINK, "symbolic link, not followed");
                case 0010000 -> special(path, "named pipe");
                case 0140000 -> special(path, "socket");
                case 0020000 -> special(path, "character device");
                case 0060000 -> special(path, "block device");
                default -> special(path, "no regular file");
            };
        } catch (IOException e) {
            return new Found.LeftOut(path, Found.Why.UNREADABLE, reason(e));
        }
    }

    private @Nullable Found enter(Path folder, Object device, @Nullable Object parentDevice) throws IOException {
        if (!device.equals(parentDevice)) {
            String type = Files.getFileStore(folder).type();
            if (KERNEL_FILE_SYSTEMS.contains(type)) {
                return special(folder, "file system without stored data (" + type + ")");
            }
        }
        List<Path> entries = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
            stream.forEach(entries::add);
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        Collections.sort(entries);
        levels.push(new Level(entries.iterator(), device));
        return null;
    }

    private static Found special(Path path, String reason) {
        return new Found.LeftOut(path, Found.Why.SPECIAL, reason);
    }

    /** Why a file could not be used, in a few words. */
    static String reason(IOException problem) {
        return switch (problem) {
            case NoSuchFileException _ -> "vanished";
            case NotDirectoryException _ -> "vanished";
            case AccessDeniedException _ -> "permission denied";
            case FileSystemException e when e.getReason() != null -> e.getReason();
            default -> problem.getMessage() == null ? problem.getClass().getSimpleName() : problem.getMessage();
        };
    }
}
