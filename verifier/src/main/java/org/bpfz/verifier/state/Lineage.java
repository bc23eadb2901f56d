package org.bpfz.verifier.state;

import org.jspecify.annotations.Nullable;

/**
 * Where a state stands in the depth-first search: its saved ancestor, how many of its branches are open, which stretch of the history is
 * its own, and which loop it belongs to (the rest of struct bpf_verifier_state).
 */
public final class Lineage {
    private @Nullable State parent;
    private @Nullable State loopEntry;
    private int branches;
    private int slot;
    private int firstSlot;
    private int lastSlot;
    private int historyStart;
    private int historyEnd;
    private int searchDepth;
    private boolean usedAsLoopEntry;

    /** The begin of a search. */
    public static Lineage root(int firstSlot) {
        Lineage root = new Lineage();
        root.branches = 1;
        root.firstSlot = firstSlot;
        root.lastSlot = -1;
        return root;
    }

    /** The begin of an asynchronous callback, with an empty history that starts where it may (push_async_cb). */
    public static Lineage asyncRoot(int historyStart) {
        Lineage root = new Lineage();
        root.branches = 1;
        root.historyStart = historyStart;
        root.historyEnd = historyStart;
        return root;
    }

    Lineage copy() {
        Lineage copy = new Lineage();
        copy.parent = parent;
        copy.loopEntry = loopEntry;
        copy.branches = branches;
        copy.firstSlot = firstSlot;
        copy.lastSlot = lastSlot;
        copy.historyStart = historyStart;
        copy.historyEnd = historyEnd;
        copy.searchDepth = searchDepth;
        copy.usedAsLoopEntry = usedAsLoopEntry;
        return copy;
    }

    /** The last saved state on this path, or null. */
    public @Nullable State parent() {
        return parent;
    }

    public void setParent(@Nullable State newParent) {
        parent = newParent;
    }

    /** The outermost known state of the loop that this one is in, or null (see get_loop_entry). */
    public @Nullable State loopEntry() {
        return loopEntry;
    }

    public void setLoopEntry(@Nullable State newLoopEntry) {
        loopEntry = newLoopEntry;
    }

    /** How many paths from here are still to be explored. */
    public int branches() {
        return branches;
    }

    public void setBranches(int newBranches) {
        branches = newBranches;
    }

    /** Where the state was saved. */
    public int slot() {
        return slot;
    }

    public void setSlot(int newSlot) {
        slot = newSlot;
    }

    /** The first instruction since the parent. */
    public int firstSlot() {
        return firstSlot;
    }

    public void setFirstSlot(int newFirstSlot) {
        firstSlot = newFirstSlot;
    }

    /** The last instruction that was left, or -1. */
    public int lastSlot() {
        return lastSlot;
    }

    public void setLastSlot(int newLastSlot) {
        lastSlot = newLastSlot;
    }

    /** Where the own stretch of the history begins. */
    public int historyStart() {
        return historyStart;
    }

    public void setHistoryStart(int newHistoryStart) {
        historyStart = newHistoryStart;
    }

    /** Where the own stretch of the history ends, exclusive. */
    public int historyEnd() {
        return historyEnd;
    }

    public void setHistoryEnd(int newHistoryEnd) {
        historyEnd = newHistoryEnd;
    }

    /** How many saved states lie above. */
    public int searchDepth() {
        return searchDepth;
    }

    public void setSearchDepth(int newSearchDepth) {
        searchDepth = newSearchDepth;
    }

    /** Whether another state names this one as its loop's entry. */
    public boolean isUsedAsLoopEntry() {
        return usedAsLoopEntry;
    }

    public void markUsedAsLoopEntry() {
        usedAsLoopEntry = true;
    }
}
