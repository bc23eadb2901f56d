package org.bpfz.verifier.search;

import java.util.Arrays;
import org.bpfz.verifier.state.Value;

/** Which id of a saved state stands for which of the current one: ids are names, and equal up to renaming (struct bpf_idmap). */
final class IdMap {
    private int[] olds = new int[32];
    private int[] news = new int[32];
    private int count;
    private int nextTemporary;

    /** Forgets all pairs; temporary ids follow the last one given out. */
    void reset(int lastId) {
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
        for (int i = 0; i < count; i++) {
            if (olds[i] == oldId) {
                return news[i] == newId;
            }
            if (news[i] == newId) {
                return false;
            }
        }
        if (count == olds.length) {
            olds = Arrays.copyOf(olds, count * 2);
            news = Arrays.copyOf(news, count * 2);
        }
        olds[count] = oldId;
        news[count] = newId;
        count++;
        return true;
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
