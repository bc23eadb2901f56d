package org.bpfz.oracle.replay;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bpfz.spec.kernel.Inode;
import org.bpfz.spec.kernel.InodeKind.Directory;
import org.bpfz.spec.kernel.OpenFile;
import org.bpfz.spec.kernel.State;
import org.bpfz.spec.kernel.Sums;
import org.jspecify.annotations.Nullable;

/** Adds up by file what the programs counted by open file, beyond the life of either. */
final class FileSums {
    private final Map<Integer, Sums> byInode = new LinkedHashMap<>();
    private final Map<Integer, String> openedAs = new HashMap<>();

    /** A file was opened by a name. */
    void opened(int inode, String path) {
        openedAs.putIfAbsent(inode, path);
    }

    /** Whether the file is under verification already, so that it will be listed. */
    void verified(int inode) {
        byInode.putIfAbsent(inode, Sums.ZERO);
    }

    /** A call was made that may have counted: what has been added to the sums of an open file goes to its inode. */
    void moved(State before, State after, int file) {
        OpenFile old = before.files().get(file);
        OpenFile now = after.files().get(file);
        if (old != null && now != null && !old.sums().equals(now.sums())) {
            Sums sum = byInode.getOrDefault(now.inode(), Sums.ZERO);
            byInode.put(now.inode(), new Sums(sum.written() + now.sums().written() - old.sums().written(),
                    sum.after() + now.sums().after() - old.sums().after()));
        }
    }

    /** All of them, in the order in which they were first written to, with the names that they have in a state. */
    List<FileSum> list(State end) {
        Map<Integer, String> names = new HashMap<>();
        collect(end, end.inode(State.ROOT), "", names);
        List<FileSum> files = new ArrayList<>();
        byInode.forEach((inode, sums) -> {
            @Nullable
            String name = names.get(inode);
            String label = name != null ? name : openedAs.getOrDefault(inode, "(pipe or file without a name)");
            files.add(new FileSum(KnownWorld.shown(label), name == null, sums.written(), sums.after()));
        });
        return files;
    }

    private static void collect(State state, Inode folder, String path, Map<Integer, String> names) {
        if (folder.kind() instanceof Directory(var entries, _)) {
            entries.forEach((name, id) -> {
                names.putIfAbsent(id, path + "/" + name);
                Inode inode = state.inode(id);
                if (inode.isDirectory()) {
                    collect(state, inode, path + "/" + name, names);
                }
            });
        }
    }
}
