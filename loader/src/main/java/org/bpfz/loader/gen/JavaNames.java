package org.bpfz.loader.gen;

import java.util.HashSet;
import java.util.Set;
import javax.lang.model.SourceVersion;

/** Makes Java identifiers of an object's names, each once. */
final class JavaNames {
    /** Methods without parameters that every object has already. */
    private static final Set<String> TAKEN = Set.of("hashCode", "toString", "getClass", "notify", "notifyAll", "wait",
            "clone", "finalize");

    private final Set<String> given = new HashSet<>();

    /** An identifier that no other call of this object has returned. */
    String unique(String name) {
        String base = identifier(name);
        String unique = base;
        for (int i = 2; !given.add(unique); i++) {
            unique = base + "_" + i;
        }
        return unique;
    }

    /** The name with other characters than Java's replaced. */
    static String identifier(String name) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean good = text.isEmpty() ? Character.isJavaIdentifierStart(c) : Character.isJavaIdentifierPart(c);
            text.append(good && c < 128 ? c : '_');
        }
        String identifier = text.isEmpty() ? "_1" : text.toString();
        boolean reserved = SourceVersion.isKeyword(identifier) || TAKEN.contains(identifier);
        return reserved || identifier.equals("_") ? identifier + "_1" : identifier;
    }

    /** The same with a large first letter, for a class or behind a verb. */
    static String capitalized(String name) {
        String identifier = identifier(name);
        return Character.toUpperCase(identifier.charAt(0)) + identifier.substring(1);
    }
}
