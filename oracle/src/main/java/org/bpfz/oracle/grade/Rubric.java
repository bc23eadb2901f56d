package org.bpfz.oracle.grade;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import org.bpfz.oracle.InputException;
import org.bpfz.spec.program.Clause;

/**
 * How many points each clause gives when it holds; a file that course staff edit ({@code suite/rubric.json}).
 *
 * @param points     for each clause, 0 or more
 * @param notReached the share of a clause's points that it gives when nothing reached it, 0 to 1
 */
public record Rubric(Map<Clause, Double> points, double notReached) {
    /** One point for each clause. */
    public static Rubric even() {
        Map<Clause, Double> points = new EnumMap<>(Clause.class);
        for (Clause clause : Clause.values()) {
            points.put(clause, 1.0);
        }
        return new Rubric(points, 0);
    }

    /** Reads a rubric: {@code {"default":1,"not_reached":0,"points":{"WR-1":3}}}. */
    public static Rubric read(Path file) throws IOException {
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            if (!(JsonParser.parseReader(reader) instanceof JsonObject document)) {
                throw new InputException(file, "one JSON object expected");
            }
            double otherwise = number(file, document, "default", 1);
            double share = number(file, document, "not_reached", 0);
            if (share > 1) {
                throw new InputException(file, "\"not_reached\": a share from 0 to 1 expected");
            }
            Map<Clause, Double> points = new EnumMap<>(Clause.class);
            for (Clause clause : Clause.values()) {
                points.put(clause, otherwise);
            }
            if (document.get("points") instanceof JsonObject given) {
                for (String name : given.keySet()) {
                    Clause clause = Clause.of(name);
                    if (clause == null) {
                        throw new InputException(file, "there is no clause " + name);
                    }
                    points.put(clause, number(file, given, name, 0));
                }
            }
            return new Rubric(points, share);
        } catch (JsonParseException e) {
            throw new InputException(file, "not JSON");
        }
    }

    private static double number(Path file, JsonObject object, String name, double otherwise) {
        JsonElement value = object.get(name);
        if (value == null) {
            return otherwise;
        }
        if (value instanceof JsonPrimitive primitive && primitive.isNumber() && primitive.getAsDouble() >= 0) {
            return primitive.getAsDouble();
        }
        throw new InputException(file, "\"" + name + "\": a number of points expected");
    }

    /** What a clause gives if it holds. */
    double possible(Clause clause) {
        return points.getOrDefault(clause, 0.0);
    }

    /** What a clause gives. */
    double given(Clause clause, ClauseRow.Verdict verdict) {
        return switch (verdict) {
            case HELD -> possible(clause);
            case VIOLATED -> 0;
            case NOT_REACHED -> possible(clause) * notReached;
        };
    }
}
