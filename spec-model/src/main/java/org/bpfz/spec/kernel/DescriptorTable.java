package org.bpfz.spec.kernel;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.pcollections.IntTreePMap;

/**
 * What the numbers that a process calls descriptors stand for (struct files_struct).
 *
 * @param entries open descriptors by number
 * @param free    no number below it is free
 * @param users   how many tasks share the table
 */
public record DescriptorTable(IntTreePMap<Descriptor> entries, int free, int users) {
    /** A table with nothing open, of one task. */
    public static final DescriptorTable EMPTY = new DescriptorTable(IntTreePMap.empty(), 0, 1);

    /** The entry, or null for a number that is not open. */
    public @Nullable Descriptor get(int fd) {
        Descriptor entry = entries.get(fd);
        return entry == null || entry.file() == Descriptor.RESERVED.file() ? null : entry;
    }

    /** Whether the number has been taken by a call that is still at it. */
    boolean isReserved(int fd) {
        return entries.containsKey(fd) && get(fd) == null;
    }

    /** The lowest free number that is not below {@code from} (fs/file.c, alloc_fd). */
    public int lowestFree(int from) {
        int fd = Math.max(from, free);
        while (entries.containsKey(fd)) {
            fd++;
        }
        return fd;
    }

    /** The table with that number standing for the entry. */
    public DescriptorTable with(int fd, Descriptor entry) {
        return new DescriptorTable(entries.plus(fd, entry), fd == free ? fd + 1 : free, users);
    }

    /** The table with that number free. */
    public DescriptorTable without(int fd) {
        return new DescriptorTable(entries.minus(fd), Math.min(free, fd), users);
    }

    /** The table with another number of users. */
    public DescriptorTable withUsers(int count) {
        return new DescriptorTable(entries, free, count);
    }

    /** The entries with an open file behind them. */
    List<Descriptor> open() {
        return entries.values().stream().filter(entry -> entry.file() != Descriptor.RESERVED.file()).toList();
    }

    /** The table without the numbers that calls of other tasks have taken. */
    DescriptorTable withoutReserved() {
        DescriptorTable table = this;
        for (int fd : entries.keySet()) {
            table = isReserved(fd) ? table.without(fd) : table;
        }
        return table;
    }
}
