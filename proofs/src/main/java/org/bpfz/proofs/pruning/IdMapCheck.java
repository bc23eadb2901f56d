package org.bpfz.proofs.pruning;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The map of ids, asked every sequence of questions: the answers are those of a relation between ids that is one to one. */
public final class IdMapCheck implements Supplier<@Nullable String> {
    private static final int QUESTIONS = 4;
    private static final int IDS = 4;
    static final String BOUND = "all sequences of up to " + QUESTIONS + " questions about " + IDS + " ids on each side";

    private final Constructor<?> constructor;
    private final Method match;
    private final Method reset;

    /** Of the class beside the one that compares states. */
    public IdMapCheck() throws ReflectiveOperationException {
        Class<?> type = Class.forName("org.bpfz.verifier.search.IdMap", true, IdMapCheck.class.getClassLoader());
        constructor = type.getDeclaredConstructor();
        constructor.setAccessible(true);
        match = type.getDeclaredMethod("match", int.class, int.class);
        match.setAccessible(true);
        reset = type.getDeclaredMethod("reset", int.class);
        reset.setAccessible(true);
    }

    @Override
    public @Nullable String get() {
        return asked(new ArrayList<>());
    }

    private @Nullable String asked(List<int[]> questions) {
        String wrong = compare(questions);
        if (wrong != null || questions.size() == QUESTIONS) {
            return wrong;
        }
        for (int old = 0; old < IDS; old++) {
            for (int current = 0; current < IDS; current++) {
                questions.addLast(new int[]{old, current});
                wrong = asked(questions);
                questions.removeLast();
                if (wrong != null) {
                    return wrong;
                }
            }
        }
        return null;
    }

    /** The last question's answer is yes just where the pairs so far and this one leave each id one partner, and 0 none but 0. */
    private @Nullable String compare(List<int[]> questions) {
        try {
            Object map = constructor.newInstance();
            reset.invoke(map, IDS);
            List<int[]> pairs = new ArrayList<>();
            StringBuilder text = new StringBuilder();
            for (int[] question : questions) {
                boolean said = (boolean) match.invoke(map, question[0], question[1]);
                boolean fits = (question[0] == 0) == (question[1] == 0)
                        && pairs.stream().allMatch(pair -> (pair[0] == question[0]) == (pair[1] == question[1]));
                text.append(' ').append(question[0]).append('=').append(question[1]);
                if (said != fits) {
                    return "ids" + text + ": " + said;
                }
                if (fits && question[0] != 0) {
                    pairs.add(question);
                }
            }
            return null;
        } catch (InvocationTargetException e) {
            return String.valueOf(e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the map of ids can't be asked", e);
        }
    }
}
