package org.bpfz.verifier.search;

import java.util.Arrays;
import org.bpfz.verifier.state.Value;

/**
 * Which id of a saved state stands for which of the current one: ids are names, and equal up to renaming (struct bpf_idmap). Pairs are found by
 * either id in a table with open addressing, since states may have hundreds of ids.
 */
final class IdMap {
    private static final int FREE = 0;
    private static final int SCATTER = 0x9e37_79b9;

    private int[] olds = new int[32];
    private int[] news = new int[32];
    /** By hash of an old and of a new id: the index of its pair plus one, or {@link #FREE}; at least half of each is free. */
    private int[] byOld = new int[64];
    private int[] byNew = new int[64];
    private int count;
    private int nextTemporary;

    /** Forgets all pairs; temporary ids follow the last one given out. */
    void reset(int lastId) {
        if (count > 0) {
            Arrays.fill(byOld, FREE);
            Arrays.fill(byNew, FREE);
        }
        count = 0;
        nextTemporary = lastId;
    }

    /** Whether the ids name the same; both or neither must be 0 (check_ids). */
    boolean match(int oldId, int newId) {
        if ((oldId == 0) != (newId == 0)) {
            return false;
        }
        if (oldId == 0) {
            return true;
        }
        int oldPlace = find(byOld, olds, oldId);
        int newPlace = find(byNew, news, newId);
        if (byOld[oldPlace] != FREE || byNew[newPlace] != FREE) {
            return byOld[oldPlace] == byNew[newPlace];
        }
        olds[count] = oldId;
        news[count] = newId;
        count++;
        byOld[oldPlace] = count;
        byNew[newPlace] = count;
        if (count == olds.length) {
            grow();
        }
        return true;
    }

    /** The place in a table where the id is, or else would be. */
    private static int find(int[] table, int[] ids, int id) {
        int place = (id * SCATTER) >>> (Integer.numberOfLeadingZeros(table.length) + 1);
        while (table[place] != FREE && ids[table[place] - 1] != id) {
            place = (place + 1) & (table.length - 1);
        }
        return place;
    }

    private void grow() {
        olds = Arrays.copyOf(olds, 2 * count);
        news = Arrays.copyOf(news, 2 * count);
        byOld = new int[4 * count];
        byNew = new int[4 * count];
        for (int i = 0; i < count; i++) {
            byOld[find(byOld, olds, olds[i])] = i + 1;
            byNew[find(byNew, news, news[i])] = i + 1;
        }
    }

    /** As {@link #match} for links of numbers: an old number without a link matches any, and none matches an unlinked one but itself. */
    boolean matchLinks(int oldId, int newId) {
        if (oldId == 0) {
            return true;
        }
        int known = newId != 0 ? newId : ++nextTemporary;
        if (!match(oldId, known)) {
            return false;
        }
        boolean byDistance = (oldId & Value.ADD_CONST) != 0;
        return !byDistance || match(oldId & Integer.MAX_VALUE, known & Integer.MAX_VALUE);
    }
}
