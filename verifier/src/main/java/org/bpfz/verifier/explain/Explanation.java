package org.bpfz.verifier.explain;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A refusal in plain words: one block of explanations.txt.
 *
 * @param likes  the messages of the rule, as the table writes them: N for a number, * for anything
 * @param why    what the verifier missed
 * @param remedy what would make the program pass
 */
public record Explanation(List<String> likes, String why, String remedy) {
    private static final String TABLE = "explanations.txt";
    private static final List<Rule> RULES = read();

    public Explanation {
        likes = List.copyOf(likes);
    }

    private record Rule(List<Pattern> patterns, Explanation explanation) {}

    /** The explanation of a message of the log, or null where no rule of the table matches. */
    public static @Nullable Explanation of(String message) {
        for (Rule rule : RULES) {
            if (rule.patterns.stream().anyMatch(pattern -> pattern.matcher(message).matches())) {
                return rule.explanation;
            }
        }
        return null;
    }

    /** All of the table, in its order. */
    public static List<Explanation> all() {
        return RULES.stream().map(Rule::explanation).toList();
    }

    private static List<Rule> read() {
        List<Rule> rules = new ArrayList<>();
        List<String> likes = new ArrayList<>();
        String why = "";
        for (String line : lines()) {
            int space = line.indexOf(' ');
            String rest = line.substring(space + 1);
            switch (line.substring(0, Math.max(space, 0))) {
                case "like" -> likes.add(rest);
                case "why" -> why = rest;
                case "try" -> {
                    rules.add(new Rule(likes.stream().map(Explanation::pattern).toList(),
                            new Explanation(likes, why, rest)));
                    likes = new ArrayList<>();
                }
                default -> throw new IllegalStateException(TABLE + ": " + line);
            }
        }
        return rules;
    }

    private static List<String> lines() {
        InputStream in = Explanation.class.getResourceAsStream(TABLE);
        if (in == null) {
            throw new IllegalStateException("resource " + TABLE + " is missing from the class path");
        }
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            return reader.lines().filter(line -> !line.isBlank() && !line.startsWith("#")).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(TABLE, e);
        }
    }

    /** A number stands where an N is that no other letter touches but R, u, s, {@code #} before it. */
    private static Pattern pattern(String like) {
        StringBuilder regex = new StringBuilder();
        for (int i = 0; i < like.length(); i++) {
            char c = like.charAt(i);
            boolean letterBehind = i + 1 < like.length() && Character.isLetter(like.charAt(i + 1));
            boolean wordBefore = i > 0 && Character.isLetter(like.charAt(i - 1))
                    && "Rus".indexOf(like.charAt(i - 1)) < 0;
            if (c == 'N' && !letterBehind && !wordBefore) {
                regex.append("-?\\d+");
            } else if (c == '*') {
                regex.append(".*");
            } else {
                regex.append(Pattern.quote(String.valueOf(c)));
            }
        }
        return Pattern.compile(regex.toString());
    }
}
