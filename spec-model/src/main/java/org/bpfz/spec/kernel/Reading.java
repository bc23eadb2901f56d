package org.bpfz.spec.kernel;

import com.google.common.collect.ImmutableList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.bpfz.spec.program.Clause;
import org.jspecify.annotations.Nullable;

/**
 * One answer to each question that the assignment leaves open: a {@link Variant} of every kind. A submission holds to one
 * reading throughout; the oracle finds out to which.
 */
public final class Reading {
    /** The questions, each by the enum of its answers, in the order of the clauses. */
    public static final List<Class<? extends Variant>> QUESTIONS = questions();

    private static final ClassValue<Integer> INDEX = new ClassValue<>() {
        @Override
        protected Integer computeValue(Class<?> question) {
            return QUESTIONS.indexOf(question);
        }
    };

    private static final Reading STRICT = new Reading(
            QUESTIONS.stream().map(question -> answers(question).getFirst()).toArray(Variant[]::new));

    private final Variant[] answers;

    private Reading(Variant[] answers) {
        this.answers = answers;
    }

    /** The text read to the letter. */
    public static Reading strict() {
        return STRICT;
    }

    /**
     * Every reading, lazily; there are many millions, so a checker asks {@link Outcomes#questions()} which questions matter
     * and does not walk this.
     */
    public static Stream<Reading> all() {
        Stream<Reading> readings = Stream.of(STRICT);
        for (Class<? extends Variant> question : QUESTIONS) {
            readings = readings.flatMap(reading -> answers(question).stream().map(reading::with));
        }
        return readings;
    }

    /** The possible answers to a question, the strict one first. */
    public static List<Variant> answers(Class<? extends Variant> question) {
        return ImmutableList.copyOf(question.getEnumConstants());
    }

    /**
     * The answer of the given name to a question of a clause.
     *
     * @return null if the clause leaves no such choice
     */
    public static @Nullable Variant find(Clause clause, String name) {
        for (Class<? extends Variant> question : QUESTIONS) {
            for (Variant answer : answers(question)) {
                if (answer.clause() == clause && answer.name().equals(name)) {
                    return answer;
                }
            }
        }
        return null;
    }

    /** This reading's answer to a question. */
    public <V extends Variant> V get(Class<V> question) {
        return question.cast(answers[INDEX.get(question)]);
    }

    /** This reading with another answer to one question. */
    public Reading with(Variant answer) {
        int index = INDEX.get(questionOf(answer));
        if (answers[index] == answer) {
            return this;
        }
        Variant[] changed = answers.clone();
        changed[index] = answer;
        return new Reading(changed);
    }

    /** The question that an answer answers. */
    public static Class<? extends Variant> questionOf(Variant answer) {
        return answer.getClass().asSubclass(Variant.class);
    }

    /** The answers in which this reading is not the strict one. */
    public List<Variant> departures() {
        return Arrays.stream(answers).filter(answer -> answer != STRICT.get(questionOf(answer))).toList();
    }

    private static List<Class<? extends Variant>> questions() {
        return Arrays.stream(Variant.class.getPermittedSubclasses())
                .<Class<? extends Variant>>map(question -> question.asSubclass(Variant.class))
                .collect(ImmutableList.toImmutableList());
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Reading that && Arrays.equals(answers, that.answers);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(answers);
    }

    /** {@code strict}, or the departures from it: {@code strict with WR-1=DATA_WRITTEN}. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("strict");
        String separator = " with ";
        for (Variant answer : departures()) {
            text.append(separator).append(answer.clause().id()).append('=').append(answer.name());
            separator = ", ";
        }
        return text.toString();
    }
}
