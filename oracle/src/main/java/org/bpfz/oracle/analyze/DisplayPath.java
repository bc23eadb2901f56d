package org.bpfz.oracle.analyze;

import java.nio.file.Path;
import java.util.Locale;

/** A path on one line: a file's name may hold line ends and terminal control sequences. */
public final class DisplayPath {
    private DisplayPath() {
    }

    /** The path with control characters as {@code \x1b}. */
    public static String of(Path path) {
        String text = path.toString();
        if (text.chars().noneMatch(Character::isISOControl)) {
            return text;
        }
        StringBuilder shown = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            shown.append(Character.isISOControl(c) ? String.format(Locale.ROOT, "\\x%02x", (int) c) : c);
        }
        return shown.toString();
    }
}
