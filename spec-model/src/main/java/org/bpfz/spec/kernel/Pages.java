package org.bpfz.spec.kernel;

import java.util.Map;
import org.pcollections.TreePMap;

/**
 * Which pages of a file hold data, so that a sparse file takes no room where nobody wrote and SEEK_HOLE finds it (mm/shmem.c;
 * mm/filemap.c, mapping_seek_hole_data).
 *
 * @param runs  ends of runs of pages (exclusive) by their starts; runs neither overlap nor touch
 * @param count how many pages they are together
 */
public record Pages(TreePMap<Long, Long> runs, long count) {
    /** No page. */
    public static final Pages NONE = new Pages(TreePMap.empty(), 0);

    /** The page of a byte offset. */
    static long of(long offset) {
        return offset / Limits.PAGE_SIZE;
    }

    /** The page behind the last byte before an offset. */
    static long ceiling(long offset) {
        return offset == 0 ? 0 : of(offset - 1) + 1;
    }

    /** All pages of the first bytes. */
    public static Pages upTo(long bytes) {
        return NONE.plus(0, ceiling(bytes));
    }

    /** With the pages from {@code from} to {@code to} (exclusive). */
    Pages plus(long from, long to) {
        if (from >= to) {
            return this;
        }
        long start = from;
        long end = to;
        long added = to - from;
        TreePMap<Long, Long> rest = runs;
        Map.Entry<Long, Long> run = rest.floorEntry(to);
        while (run != null && run.getValue() >= from) {
            added -= Math.max(0, Math.min(run.getValue(), to) - Math.max(run.getKey(), from));
            start = Math.min(start, run.getKey());
            end = Math.max(end, run.getValue());
            rest = rest.minus(run.getKey());
            run = rest.floorEntry(to);
        }
        return added == 0 ? this : new Pages(rest.plus(start, end), count + added);
    }

    /** Without the pages from {@code from} on. */
    Pages before(long from) {
        TreePMap<Long, Long> rest = runs;
        long left = count;
        Map.Entry<Long, Long> run = rest.isEmpty() ? null : rest.lastEntry();
        while (run != null && run.getValue() > from) {
            long start = run.getKey();
            left -= run.getValue() - Math.max(start, from);
            rest = start < from ? rest.plus(start, from) : rest.minus(start);
            run = start < from || rest.isEmpty() ? null : rest.lastEntry();
        }
        return new Pages(rest, left);
    }

    /** Whether the page holds data. */
    boolean contains(long page) {
        return dataEnd(page) > page;
    }

    /** The end of the run of data that the page is in, or the page itself if it is in a hole. */
    long dataEnd(long page) {
        Map.Entry<Long, Long> run = runs.floorEntry(page);
        return run != null && run.getValue() > page ? run.getValue() : page;
    }

    /** The first page with data from the given one on; {@link Long#MAX_VALUE} if there is none. */
    long nextData(long page) {
        if (contains(page)) {
            return page;
        }
        Long start = runs.ceilingKey(page);
        return start == null ? Long.MAX_VALUE : start;
    }
}
