package org.bpfz.spec.isa;

import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A line of assembly and how far it has been read: the words, numbers and signs that {@link Assembler}'s grammar is made of.
 *
 * <p>A method whose name begins with {@code accept} reads nothing and says so where the line goes on with something else;
 * the others refuse the line.
 */
final class AssemblyLine {
    private final String text;
    private final int number;
    private int at;

    /**
     * A line without its comment.
     *
     * @param number from 1
     */
    AssemblyLine(String line, int number) {
        this.number = number;
        text = line.substring(0, endOfCode(line));
    }

    /** Where {@code ;}, {@code //} or, behind white space, {@code #} begins a comment. */
    private static int endOfCode(String line) {
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            boolean fresh = i == 0 || Character.isWhitespace(line.charAt(i - 1));
            if (c == ';' || (c == '/' && line.startsWith("//", i)) || (c == '#' && fresh)) {
                return i;
            }
        }
        return line.length();
    }

    /** An error at the place that is read next. */
    AssemblyException error(String message) {
        skipSpace();
        return errorAt(at, message);
    }

    /** An error at a {@link #position}. */
    AssemblyException errorAt(int position, String message) {
        return new AssemblyException(number, position + 1, message);
    }

    /** The place that is read next, behind white space. */
    int position() {
        skipSpace();
        return at;
    }

    /** Goes back to a {@link #position}. */
    void reset(int position) {
        at = position;
    }

    boolean atEnd() {
        skipSpace();
        return at == text.length();
    }

    /** Whether the line goes on with the sign, or with the word as a whole; reads it if so. */
    boolean accept(String token) {
        skipSpace();
        int end = at + token.length();
        if (!text.startsWith(token, at)) {
            return false;
        }
        boolean word = isWordPart(token.charAt(token.length() - 1));
        if (word && end < text.length() && isWordPart(text.charAt(end))) {
            return false;
        }
        at = end;
        return true;
    }

    void expect(String token) {
        if (!accept(token)) {
            throw error("expected '" + token + "', found " + found());
        }
    }

    /** The longest of the signs that the line goes on with, or null. */
    @Nullable
    String acceptAny(List<String> signs) {
        skipSpace();
        String longest = signs.stream().filter(sign -> text.startsWith(sign, at))
                .max(Comparator.comparingInt(String::length)).orElse(null);
        if (longest != null) {
            at += longest.length();
        }
        return longest;
    }

    /** A name: letters, digits, {@code _ . $}, not beginning with a digit; null if there is none. */
    @Nullable
    String acceptName() {
        skipSpace();
        int end = at;
        while (end < text.length() && isWordPart(text.charAt(end))) {
            end++;
        }
        if (end == at || isDigit(text.charAt(at))) {
            return null;
        }
        String name = text.substring(at, end);
        at = end;
        return name;
    }

    /** Whether a number is next, with or without sign. */
    boolean isNumber() {
        skipSpace();
        int i = at;
        if (i < text.length() && (text.charAt(i) == '-' || text.charAt(i) == '+')) {
            i++;
            while (i < text.length() && Character.isWhitespace(text.charAt(i))) {
                i++;
            }
        }
        return i < text.length() && isDigit(text.charAt(i));
    }

    /** Whether a number with a sign is next. */
    boolean isSigned() {
        return isNumber() && !isDigit(text.charAt(at));
    }

    /** Two hexadecimal digits. */
    int hexByte() {
        skipSpace();
        if (at + 2 <= text.length() && HexFormat.isHexDigit(text.charAt(at))
                && HexFormat.isHexDigit(text.charAt(at + 1))) {
            at += 2;
            return HexFormat.fromHexDigits(text, at - 2, at);
        }
        throw error("expected two hexadecimal digits, found " + found());
    }

    /**
     * A number, decimal or with 0x, with or without sign.
     *
     * @param min the lowest that is legal
     * @param max the highest that is legal
     */
    long number(long min, long max) {
        Numeral numeral = numeral();
        if (!numeral.isBetween(min, max)) {
            throw errorAt(numeral.position, "number out of range " + min + " to " + max);
        }
        return numeral.value();
    }

    /**
     * A number as it was written.
     *
     * @param magnitude unsigned
     */
    record Numeral(int position, boolean negative, boolean hex, long magnitude) {
        /** Meaningful only if {@link #isBetween} some bounds. */
        long value() {
            return negative ? -magnitude : magnitude;
        }

        boolean isBetween(long min, long max) {
            return fitsLong() && value() >= min && value() <= max;
        }

        /** Whether 64 bits hold the number, signed or unsigned. */
        boolean fits64Bits() {
            return !negative || fitsLong();
        }

        private boolean fitsLong() {
            return negative ? Long.compareUnsigned(magnitude, Long.MIN_VALUE) <= 0 : magnitude >= 0;
        }
    }

    Numeral numeral() {
        int position = position();
        boolean negative = accept("-");
        if (!negative) {
            accept("+");
        }
        skipSpace();
        boolean hex = text.startsWith("0x", at) || text.startsWith("0X", at);
        int from = hex ? at + 2 : at;
        int end = from;
        while (end < text.length() && isWordPart(text.charAt(end))) {
            end++;
        }
        try {
            long magnitude = Long.parseUnsignedLong(text, from, end, hex ? 16 : 10);
            at = end;
            return new Numeral(position, negative, hex, magnitude);
        } catch (NumberFormatException e) {
            boolean digits = end > from && text.substring(from, end).matches(hex ? "\\p{XDigit}+" : "\\d+");
            throw errorAt(position, digits ? "number does not fit 64 bits" : "expected a number, found " + found());
        }
    }

    void expectEnd() {
        if (!atEnd()) {
            throw error("unexpected " + found());
        }
    }

    /** The next word or sign, for a message. */
    String found() {
        skipSpace();
        if (at == text.length()) {
            return "end of line";
        }
        int end = at + 1;
        while (end < text.length() && isWordPart(text.charAt(at)) && isWordPart(text.charAt(end))) {
            end++;
        }
        return "'" + text.substring(at, end) + "'";
    }

    private void skipSpace() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isWordPart(char c) {
        return c == '_' || c == '.' || c == '$' || isDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }
}
