package org.bpfz.oracle.cli;

import java.util.ArrayList;
import java.util.List;
import org.bpfz.oracle.InputException;
import org.jspecify.annotations.Nullable;

/** The words of a command in bpftool's grammar, taken one after the other. */
final class Words {
    private final List<String> words;
    private int next;

    Words(List<String> words) {
        this.words = List.copyOf(words);
    }

    boolean isEmpty() {
        return next == words.size();
    }

    /** Whether the next word is this one; bpftool takes any beginning of a keyword. */
    boolean isNext(String keyword) {
        return !isEmpty() && keyword.startsWith(words.get(next)) && !words.get(next).isEmpty();
    }

    /** Takes the next word if it is this one. */
    boolean take(String keyword) {
        boolean found = isNext(keyword);
        if (found) {
            next++;
        }
        return found;
    }

    /**
     * Takes the next word.
     *
     * @param what for the complaint if there is none
     */
    String take(String what, String example) {
        if (isEmpty()) {
            throw new InputException(what + " is missing: " + example);
        }
        return words.get(next++);
    }

    /** The next word that is there, or null. */
    @Nullable
    String peek() {
        return isEmpty() ? null : words.get(next);
    }

    /** Complains of words that are left. */
    void end() {
        if (!isEmpty()) {
            throw new InputException("'" + words.get(next) + "' is one word too many");
        }
    }

    /**
     * Bytes as bpftool takes them: numbers in any base, or hexadecimal ones without prefix behind the word {@code hex}.
     *
     * @param count how many there must be
     */
    byte[] bytes(String what, int count) {
        boolean hex = take("hex");
        List<Byte> bytes = new ArrayList<>();
        while (bytes.size() < count) {
            String word = take("byte " + (bytes.size() + 1) + " of the " + count + " of the " + what,
                    what + " 1 0 0 0");
            try {
                int value = hex ? Integer.parseInt(word, 16) : Integer.decode(word);
                if (value < 0 || value > 255) {
                    throw new NumberFormatException();
                }
                bytes.add((byte) value);
            } catch (NumberFormatException e) {
                throw new InputException("'" + word + "' is no byte of the " + what + ", which has " + count);
            }
        }
        byte[] all = new byte[count];
        for (int i = 0; i < count; i++) {
            all[i] = bytes.get(i);
        }
        return all;
    }
}
