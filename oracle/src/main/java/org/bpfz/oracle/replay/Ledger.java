package org.bpfz.oracle.replay;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bpfz.spec.kernel.InodeKind;

/** Counts what became of the calls of a recording, and keeps the differences to be told. */
public final class Ledger {
    /** Differences that are kept word for word; the others are counted. */
    static final int MAX_KEPT = 1000;

    private final List<Difference> differences = new ArrayList<>();
    private final Map<String, Long> outside = new TreeMap<>();
    private final List<Remark> remarks = new ArrayList<>();
    private long equal;
    private long different;
    private long remarked;
    private long files;
    private long folders;
    private long links;
    private long others;

    /**
     * A call that the model answers otherwise.
     *
     * @param line     of the recording
     * @param call     as the model has it, with the model's result
     * @param recorded what the recording has
     */
    public record Difference(int line, int pid, String call, String recorded) {}

    /** A line that is no call. */
    public record Remark(int line, String text) {}

    void equal() {
        equal++;
    }

    void differs(Difference difference) {
        different++;
        if (differences.size() < MAX_KEPT) {
            differences.add(difference);
        }
    }

    void outside(String name) {
        outside.merge(name, 1L, Long::sum);
    }

    void remark(int line, String text) {
        remarked++;
        if (remarks.size() < MAX_KEPT) {
            remarks.add(new Remark(line, text));
        }
    }

    void learned(InodeKind kind) {
        switch (kind) {
            case InodeKind.Directory _ -> folders++;
            case InodeKind.Symlink _ -> links++;
            default -> files++;
        }
    }

    void changedByOthers() {
        others++;
    }

    /** Calls whose result is the recorded one. */
    public long equalCalls() {
        return equal;
    }

    /** Calls whose result is another one. */
    public long differentCalls() {
        return different;
    }

    /** The first of them. */
    public List<Difference> differences() {
        return List.copyOf(differences);
    }

    /** Calls that the model does not have, or that work on what it does not have, by name. */
    public Map<String, Long> outsideCalls() {
        return Map.copyOf(outside);
    }

    /** How many lines were no call, signal or end of a task. */
    public long remarkCount() {
        return remarked;
    }

    /** The first of them. */
    public List<Remark> remarks() {
        return List.copyOf(remarks);
    }

    /** Files that were there before. */
    public long files() {
        return files;
    }

    /** Folders that were there before. */
    public long folders() {
        return folders;
    }

    /** Symbolic links that were there before. */
    public long links() {
        return links;
    }

    /** Names that came or went without a call in the recording. */
    public long changesByOthers() {
        return others;
    }
}
