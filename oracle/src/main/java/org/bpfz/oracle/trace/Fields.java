package org.bpfz.oracle.trace;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The members of one JSON object of a trace by the types that they must have: a trace is not trusted. */
final class Fields {
    private static final int SHOWN = 60;

    private final JsonObject object;

    Fields(JsonObject object) {
        this.object = object;
    }

    /** Says what is wrong with a line of a trace. */
    static final class BadEventException extends RuntimeException {
        private static final long serialVersionUID = 1;

        BadEventException(String message) {
            super(message);
        }
    }

    static BadEventException problem(String name, String expected, @Nullable JsonElement seen) {
        String text = String.valueOf(seen);
        return new BadEventException(seen == null
                ? "no \"" + name + "\""
                : "\"" + name + "\": " + expected + " expected, not "
                        + (text.length() > SHOWN ? text.substring(0, SHOWN) + "..." : text));
    }

    boolean has(String name) {
        return object.has(name) && !object.get(name).isJsonNull();
    }

    @Nullable
    JsonElement element(String name) {
        return object.get(name);
    }

    long number(String name) {
        return number(name, object.get(name));
    }

    long number(String name, long otherwise) {
        return has(name) ? number(name) : otherwise;
    }

    private static long number(String name, @Nullable JsonElement value) {
        if (value instanceof JsonPrimitive primitive && primitive.isNumber()) {
            try {
                return Long.parseLong(primitive.getAsString());
            } catch (NumberFormatException e) {
                throw problem(name, "a whole number of 64 bits", value);
            }
        }
        throw problem(name, "a number", value);
    }

    /** A number of 32 bits, signed or not. */
    int integer(String name) {
        long value = number(name);
        if (value < Integer.MIN_VALUE || value > 0xffff_ffffL) {
            throw problem(name, "a number of 32 bits", object.get(name));
        }
        return (int) value;
    }

    int integer(String name, int otherwise) {
        return has(name) ? integer(name) : otherwise;
    }

    /** A number in a range. */
    long number(String name, long least, long most) {
        long value = number(name);
        if (value < least || value > most) {
            throw problem(name, "a number from " + least + " to " + most, object.get(name));
        }
        return value;
    }

    String text(String name) {
        JsonElement value = object.get(name);
        if (value instanceof JsonPrimitive primitive && primitive.isString()) {
            return primitive.getAsString();
        }
        throw problem(name, "a string", value);
    }

    String text(String name, String otherwise) {
        return has(name) ? text(name) : otherwise;
    }

    @Nullable
    String textOrNull(String name) {
        return has(name) ? text(name) : null;
    }

    boolean flag(String name) {
        JsonElement value = object.get(name);
        if (value == null || value.isJsonNull()) {
            return false;
        }
        if (value instanceof JsonPrimitive primitive && primitive.isBoolean()) {
            return primitive.getAsBoolean();
        }
        throw problem(name, "true or false", value);
    }

    Fields object(String name) {
        if (object.get(name) instanceof JsonObject inner) {
            return new Fields(inner);
        }
        throw problem(name, "an object", object.get(name));
    }

    List<Fields> objects(String name) {
        List<Fields> objects = new ArrayList<>();
        for (JsonElement item : array(name)) {
            if (!(item instanceof JsonObject inner)) {
                throw problem(name, "objects", item);
            }
            objects.add(new Fields(inner));
        }
        return objects;
    }

    List<String> texts(String name) {
        List<String> texts = new ArrayList<>();
        for (JsonElement item : array(name)) {
            if (!(item instanceof JsonPrimitive primitive && primitive.isString())) {
                throw problem(name, "strings", item);
            }
            texts.add(item.getAsString());
        }
        return texts;
    }

    /** Numbers of 32 bits. */
    List<Integer> integers(String name) {
        List<Integer> numbers = new ArrayList<>();
        for (JsonElement item : array(name)) {
            long value = number(name, item);
            if (value != (int) value) {
                throw problem(name, "numbers of 32 bits", item);
            }
            numbers.add((int) value);
        }
        return numbers;
    }

    private JsonArray array(String name) {
        if (object.get(name) instanceof JsonArray array) {
            return array;
        }
        throw problem(name, "an array", object.get(name));
    }
}
