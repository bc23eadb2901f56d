package org.bpfz.verifier.search;

import org.bpfz.verifier.state.Lineage;
import org.bpfz.verifier.state.State;
import org.jspecify.annotations.Nullable;

/**
 * Which saved states belong to a loop whose body is still being explored (get_loop_entry, update_loop_entry).
 *
 * <p>Loops over iterators and callbacks end when a state repeats. A saved state inside of such a loop may get more marks as long as the
 * loop's entry has open branches; until then it must not be used as if its marks were complete.
 */
final class Loops {
    private Loops() {
    }

    /** The outermost known entry of the state's loop, or null; shortens the chain on the way. */
    static @Nullable State entryOf(State state) {
        State topmost = state.lineage().loopEntry();
        while (topmost != null && topmost.lineage().loopEntry() != null && topmost.lineage().loopEntry() != topmost) {
            topmost = topmost.lineage().loopEntry();
        }
        State current = state;
        while (current != null && current.lineage().loopEntry() != topmost) {
            State next = current.lineage().loopEntry();
            current.lineage().setLoopEntry(topmost);
            current = next;
        }
        return topmost;
    }

    /** The path of a state leads back to a header: both are in one loop, unless the header's is closed or further in. */
    static void link(State state, State header) {
        State outerState = orSelf(entryOf(state), state);
        State outerHeader = orSelf(entryOf(header), header);
        if (outerHeader.lineage().branches() != 0
                && outerHeader.lineage().searchDepth() <= outerState.lineage().searchDepth()) {
            state.lineage().setLoopEntry(header);
            header.lineage().markUsedAsLoopEntry();
        }
    }

    private static State orSelf(@Nullable State entry, State self) {
        return entry == null ? self : entry;
    }

    /** A path of the state ended; where it was the last one, its parent's path did too, and its loop becomes the parent's. */
    static void closeBranch(State state) {
        State current = state;
        while (current != null) {
            Lineage lineage = current.lineage();
            lineage.setBranches(lineage.branches() - 1);
            State parent = lineage.parent();
            State entry = lineage.loopEntry();
            if (lineage.branches() == 0 && parent != null && entry != null) {
                link(parent, entry);
            }
            if (lineage.branches() != 0) {
                return;
            }
            current = parent;
        }
    }
}
