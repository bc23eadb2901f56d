package org.bpfz.oracle.check;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bpfz.spec.kernel.Reading;
import org.bpfz.spec.kernel.Variant;
import org.jspecify.annotations.Nullable;

/**
 * A set of readings: for each open question the answers that are still possible, independent of each other. The hundreds of millions of
 * readings that there are stay one value until evidence tells two answers apart.
 */
public final class Answers {
    private static final ImmutableList<ImmutableList<Variant>> QUESTIONS = Reading.QUESTIONS.stream()
            .map(question -> ImmutableList.copyOf(Reading.answers(question))).collect(ImmutableList.toImmutableList());

    private static final ClassValue<Integer> INDEX = new ClassValue<>() {
        @Override
        protected Integer computeValue(Class<?> question) {
            return Reading.QUESTIONS.indexOf(question);
        }
    };

    private static final Answers ALL = new Answers(allMasks());

    private final byte[] masks;
    private @Nullable Reading first;

    private Answers(byte[] masks) {
        this.masks = masks;
    }

    private static byte[] allMasks() {
        byte[] masks = new byte[QUESTIONS.size()];
        for (int i = 0; i < masks.length; i++) {
            masks[i] = (byte) ((1 << QUESTIONS.get(i).size()) - 1);
        }
        return masks;
    }

    /** Every reading. */
    public static Answers all() {
        return ALL;
    }

    /** How many questions there are. */
    static int questions() {
        return QUESTIONS.size();
    }

    /** The number of a question. */
    static int index(Class<? extends Variant> question) {
        return INDEX.get(question);
    }

    /** All answers to the question of that number. */
    static ImmutableList<Variant> answers(int question) {
        return QUESTIONS.get(question);
    }

    /** The answers to a question that are possible, as a set of bits by their ordinals. */
    int mask(int question) {
        return masks[question];
    }

    /** The answers to a question that are possible. */
    public List<Variant> possible(Class<? extends Variant> question) {
        int index = index(question);
        List<Variant> possible = new ArrayList<>();
        for (int i = 0; i < QUESTIONS.get(index).size(); i++) {
            if ((masks[index] & 1 << i) != 0) {
                possible.add(QUESTIONS.get(index).get(i));
            }
        }
        return possible;
    }

    /** Whether one answer to the question is left. */
    boolean isDecided(int question) {
        return Integer.bitCount(masks[question]) == 1;
    }

    /** These with another set of answers to one question, which is not empty. */
    Answers with(int question, int mask) {
        if (masks[question] == mask) {
            return this;
        }
        byte[] changed = masks.clone();
        changed[question] = (byte) mask;
        return new Answers(changed);
    }

    /** These, if they have the answer, with it as the only one to its question; null if they have not. */
    public @Nullable Answers only(Variant answer) {
        int question = index(Reading.questionOf(answer));
        int bit = 1 << QUESTIONS.get(question).indexOf(answer);
        return (masks[question] & bit) == 0 ? null : with(question, bit);
    }

    /** The readings that are in both; null if none is. */
    public @Nullable Answers and(Answers other) {
        byte[] both = masks.clone();
        for (int i = 0; i < both.length; i++) {
            both[i] &= other.masks[i];
            if (both[i] == 0) {
                return null;
            }
        }
        return new Answers(both);
    }

    /** The readings that are in either, if they are such a set again; null if not. */
    @Nullable
    Answers or(Answers other) {
        int different = -1;
        for (int i = 0; i < masks.length; i++) {
            if (masks[i] != other.masks[i]) {
                if (different >= 0) {
                    return contains(other) ? this : other.contains(this) ? other : null;
                }
                different = i;
            }
        }
        return different < 0 ? this : with(different, masks[different] | other.masks[different]);
    }

    private boolean contains(Answers other) {
        for (int i = 0; i < masks.length; i++) {
            if ((masks[i] & other.masks[i]) != other.masks[i]) {
                return false;
            }
        }
        return true;
    }

    /** The strictest of the readings. */
    public Reading first() {
        Reading reading = first;
        if (reading == null) {
            reading = Reading.strict();
            for (int i = 0; i < masks.length; i++) {
                reading = reading.with(QUESTIONS.get(i).get(Integer.numberOfTrailingZeros(masks[i])));
            }
            first = reading;
        }
        return reading;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Answers that && Arrays.equals(masks, that.masks);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(masks);
    }

    /** The questions of which some answers are ruled out: {@code WR-1=NOTHING_WRITTEN, SYS-3=ZERO|ERROR}. */
    @Override
    public String toString() {
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < masks.length; i++) {
            if (masks[i] != ALL.masks[i]) {
                List<String> names = possible(Reading.QUESTIONS.get(i)).stream().map(Variant::name).toList();
                parts.add(QUESTIONS.get(i).getFirst().clause().id() + "=" + String.join("|", names));
            }
        }
        return parts.isEmpty() ? "any reading" : String.join(", ", parts);
    }
}
