package org.bpfz.oracle.syntax;

import java.util.ArrayList;
import java.util.List;
import org.bpfz.oracle.syntax.CallText.ResultText;
import org.bpfz.oracle.syntax.Value.Field;
import org.jspecify.annotations.Nullable;

/**
 * Reads values and calls off one line.
 *
 * <p>A strict reader refuses what it does not know. A lenient one, for what strace printed, takes an argument that it does not know
 * as {@link Value.Opaque opaque} text up to the comma or bracket that ends it: strace has a notation of its own for many a call.
 */
public final class NotationReader {
    /** Deeper nesting than any call has: a line of a million brackets must not overflow the stack. */
    private static final int MAX_DEPTH = 64;

    private final String line;
    private final boolean lenient;
    private int at;
    private int depth;

    private NotationReader(String line, int from, boolean lenient) {
        this.line = line;
        this.at = from;
        this.lenient = lenient;
    }

    /** A reader that refuses what it does not know, from a position of the line on. */
    public static NotationReader strict(String line, int from) {
        return new NotationReader(line, from, false);
    }

    /** A reader of what strace printed, from a position of the line on. */
    public static NotationReader lenient(String line, int from) {
        return new NotationReader(line, from, true);
    }

    /** The position of the next character to be read. */
    public int at() {
        return at;
    }

    /** Goes back to a position where the reader has been. */
    public void rewind(int position) {
        at = position;
    }

    /** Skips spaces and comments. */
    public void skipSpace() {
        while (at < line.length()) {
            char c = line.charAt(at);
            if (c == ' ' || c == '\t') {
                at++;
            } else if (line.startsWith("/*", at) && line.indexOf("*/", at + 2) >= 0) {
                at = line.indexOf("*/", at + 2) + 2;
            } else {
                return;
            }
        }
    }

    /** Whether only spaces and comments are left. */
    public boolean isAtEnd() {
        skipSpace();
        return at == line.length();
    }

    /** Takes the text if it comes next, spaces aside. */
    public boolean take(String text) {
        skipSpace();
        if (!line.startsWith(text, at)) {
            return false;
        }
        at += text.length();
        return true;
    }

    /** Takes the text or complains. */
    public void expect(String text) throws NotationException {
        if (!take(text)) {
            throw problem("'" + text + "' expected" + (at == line.length() ? " before the end of the line" : ""));
        }
    }

    /** Takes a word of letters, digits and underscores, which does not begin with a digit; null if none comes next. */
    public @Nullable String takeWord() {
        skipSpace();
        int end = at;
        while (end < line.length() && isWordPart(line.charAt(end))) {
            end++;
        }
        if (end == at || isDigit(line.charAt(at))) {
            return null;
        }
        String word = line.substring(at, end);
        at = end;
        return word;
    }

    /** Takes a file's name: between quotes, or up to the next space. */
    public String takeFileName() throws NotationException {
        skipSpace();
        if (at < line.length() && line.charAt(at) == '"') {
            return ((Value.Text) text()).latin1();
        }
        int start = at;
        while (at < line.length() && line.charAt(at) != ' ' && line.charAt(at) != '\t') {
            at++;
        }
        if (at == start) {
            throw problem("a file's name expected");
        }
        return line.substring(start, at);
    }

    /** Takes what is left of the line. */
    public String takeRest() {
        skipSpace();
        String rest = line.substring(at);
        at = line.length();
        return rest.strip();
    }

    /** A complaint of the place where the reader stands. */
    public NotationException problem(String message) {
        return new NotationException(at, message);
    }

    /** Reads {@code name(arguments)} and, if an equals sign follows, the result. */
    public CallText call() throws NotationException {
        skipSpace();
        int start = at;
        String name = takeWord();
        if (name == null) {
            throw problem("a system call's name expected");
        }
        expect("(");
        List<Field> arguments = fields(")");
        ResultText result = take("=") ? result() : null;
        return new CallText(name, arguments, result, start);
    }

    /** Reads the arguments of a call that has not returned yet, as far as they are printed. */
    public List<Field> openArguments() throws NotationException {
        expect("(");
        List<Field> arguments = new ArrayList<>();
        while (!isAtEnd()) {
            arguments.add(field());
            if (!take(",")) {
                break;
            }
        }
        return arguments;
    }

    /**
     * Reads what stands behind a call's equals sign; {@code -EINVAL} is short for {@code -1 EINVAL}. A lenient reader takes the rest of
     * the line with it.
     */
    public ResultText result() throws NotationException {
        skipSpace();
        int start = at;
        if (take("?")) {
            String errno = takeWord();
            return new ResultText(0, errno, true, remark(), start);
        }
        if (take("-E")) {
            at--;
            return new ResultText(-1, takeWord(), false, remark(), start);
        }
        long value = number().value();
        String errno = null;
        skipSpace();
        if (value == -1 && at < line.length() && line.charAt(at) == 'E') {
            errno = takeWord();
        }
        return new ResultText(value, errno, false, remark(), start);
    }

    private String remark() {
        return lenient ? takeRest() : "";
    }

    /** Reads fields separated by commas up to and including the closing bracket. */
    private List<Field> fields(String close) throws NotationException {
        List<Field> fields = new ArrayList<>();
        if (take(close)) {
            return fields;
        }
        do {
            fields.add(field());
        } while (take(","));
        expect(close);
        return fields;
    }

    /** {@code name=value} or a value. */
    private Field field() throws NotationException {
        skipSpace();
        int start = at;
        String name = takeWord();
        boolean named = name != null && at < line.length() && line.charAt(at) == '=' && !line.startsWith("==", at)
                && !line.startsWith("=>", at);
        if (named) {
            at++;
        } else {
            name = null;
            at = start;
        }
        return new Field(name, value());
    }

    /** Reads one value. */
    public Value value() throws NotationException {
        skipSpace();
        int start = at;
        if (!lenient) {
            return change();
        }
        try {
            Value value = change();
            skipSpace();
            if (at == line.length() || ",)]}".indexOf(line.charAt(at)) >= 0) {
                return value;
            }
        } catch (NotationException unknown) {
            // What strace prints in its own way for one call: taken as it stands, below.
        }
        at = start;
        return opaque();
    }

    private Value change() throws NotationException {
        Value before = flags();
        return take("=>") ? new Value.Change(before, flags(), before.at()) : before;
    }

    private Value flags() throws NotationException {
        Value first = term();
        skipSpace();
        if (at == line.length() || line.charAt(at) != '|') {
            return first;
        }
        List<Value> parts = new ArrayList<>();
        parts.add(first);
        while (take("|")) {
            parts.add(term());
        }
        for (Value part : parts) {
            if (!(part instanceof Value.Name || part instanceof Value.Int)) {
                throw new NotationException(part.at(), "only names and numbers can be joined by '|'");
            }
        }
        return new Value.Flags(parts, first.at());
    }

    private Value term() throws NotationException {
        skipSpace();
        if (at == line.length()) {
            throw problem("a value expected before the end of the line");
        }
        int start = at;
        char c = line.charAt(at);
        if (c == '"') {
            return text();
        }
        if (c == '[' || c == '{') {
            if (depth == MAX_DEPTH) {
                throw problem("brackets nested deeper than " + MAX_DEPTH);
            }
            depth++;
            try {
                return c == '[' ? sequence() : struct();
            } finally {
                depth--;
            }
        }
        if (c == '-' || isDigit(c)) {
            return number();
        }
        String word = takeWord();
        if (word == null) {
            throw problem("a value expected, not '" + c + "'");
        }
        if (at < line.length() && line.charAt(at) == '(') {
            return invocation(word, start);
        }
        skipDecoration();
        return new Value.Name(word, start);
    }

    private Value invocation(String function, int start) throws NotationException {
        if (depth == MAX_DEPTH) {
            throw problem("brackets nested deeper than " + MAX_DEPTH);
        }
        depth++;
        try {
            at++;
            return new Value.Invocation(function, fields(")"), start);
        } finally {
            depth--;
        }
    }

    private Value sequence() throws NotationException {
        int start = at++;
        List<Value> items = new ArrayList<>();
        if (take("]")) {
            return new Value.Sequence(items, false, start);
        }
        do {
            if (take("...")) {
                expect("]");
                return new Value.Sequence(items, true, start);
            }
            items.add(value());
        } while (take(","));
        expect("]");
        return new Value.Sequence(items, false, start);
    }

    private Value struct() throws NotationException {
        int start = at++;
        List<Field> fields = new ArrayList<>();
        if (take("}")) {
            return new Value.Struct(fields, false, start);
        }
        do {
            if (take("...")) {
                expect("}");
                return new Value.Struct(fields, true, start);
            }
            fields.add(field());
        } while (take(","));
        expect("}");
        return new Value.Struct(fields, false, start);
    }

    private Value.Int number() throws NotationException {
        skipSpace();
        int start = at;
        long value = simpleNumber();
        while (at < line.length() && line.charAt(at) == '*') {
            at++;
            value *= simpleNumber();
        }
        skipDecoration();
        return new Value.Int(value, start);
    }

    private long simpleNumber() throws NotationException {
        int start = at;
        boolean negative = at < line.length() && line.charAt(at) == '-';
        if (negative) {
            at++;
        }
        int digits = at;
        int radix = 10;
        if (line.startsWith("0x", at) || line.startsWith("0X", at)) {
            radix = 16;
            digits += 2;
        } else if (at < line.length() && line.charAt(at) == '0') {
            radix = 8;
        }
        int end = digits;
        while (end < line.length() && Character.digit(line.charAt(end), radix) >= 0) {
            end++;
        }
        if (end == digits) {
            at = start;
            throw problem("a number expected");
        }
        long value;
        try {
            value = Long.parseUnsignedLong(line, digits, end, radix);
        } catch (NumberFormatException tooLarge) {
            at = start;
            throw problem("a number of more than 64 bits");
        }
        at = end;
        value <<= radix == 10 ? takeUnit() : 0;
        if (at < line.length() && isWordPart(line.charAt(at))) {
            at = start;
            throw problem("a number expected");
        }
        return negative ? -value : value;
    }

    /** {@code K}, {@code M} or {@code G} as a shift. */
    private int takeUnit() {
        int unit = at < line.length() ? "KMG".indexOf(line.charAt(at)) : -1;
        if (unit >= 0) {
            at++;
        }
        return 10 * (unit + 1);
    }

    /** Skips what {@code strace -y} puts behind a descriptor or a process: {@code 3</etc/passwd>}, {@code 4<TCP:[a->b]>}, {@code 1</dev/null<char 1:3>>}. */
    private void skipDecoration() {
        if (at == line.length() || line.charAt(at) != '<') {
            return;
        }
        int open = 0;
        for (int end = at; end < line.length(); end++) {
            char c = line.charAt(end);
            if (c == '<') {
                open++;
            } else if (c == '>' && line.charAt(end - 1) != '-' && --open == 0) {
                at = end + 1;
                return;
            }
        }
    }

    private Value text() throws NotationException {
        int start = at++;
        StringBuilder bytes = new StringBuilder();
        while (true) {
            if (at == line.length()) {
                at = start;
                throw problem("a string without its closing quote");
            }
            char c = line.charAt(at++);
            if (c == '"') {
                break;
            }
            bytes.append(c == '\\' ? escape() : c);
        }
        boolean cut = line.startsWith("...", at);
        if (cut) {
            at += 3;
        }
        return new Value.Text(bytes.toString(), cut, start);
    }

    /** What stands behind a backslash, by C's rules. */
    private char escape() throws NotationException {
        if (at == line.length()) {
            throw problem("an escape expected before the end of the line");
        }
        char c = line.charAt(at++);
        return switch (c) {
            case 'n' -> '\n';
            case 't' -> '\t';
            case 'r' -> '\r';
            case 'v' -> '\013';
            case 'f' -> '\f';
            case 'a' -> '\007';
            case 'b' -> '\b';
            case 'e' -> '\033';
            case '\\', '"', '\'' -> c;
            case 'x' -> code(16, 2);
            case '0', '1', '2', '3', '4', '5', '6', '7' -> {
                at--;
                yield code(8, 3);
            }
            default -> {
                at -= 2;
                throw problem("no such escape: \\" + c);
            }
        };
    }

    private char code(int radix, int maxDigits) throws NotationException {
        int value = 0;
        int digits = 0;
        while (digits < maxDigits && at < line.length() && Character.digit(line.charAt(at), radix) >= 0) {
            value = value * radix + Character.digit(line.charAt(at++), radix);
            digits++;
        }
        if (digits == 0 || value > 0xff) {
            throw problem("an escape must stand for one byte");
        }
        return (char) value;
    }

    /** Everything up to the comma or bracket that ends the argument, brackets and strings inside it skipped. */
    private Value opaque() throws NotationException {
        int start = at;
        int open = 0;
        while (at < line.length()) {
            char c = line.charAt(at);
            if (c == '"') {
                text();
                continue;
            }
            if (open == 0 && ",)]}".indexOf(c) >= 0) {
                break;
            }
            if ("([{".indexOf(c) >= 0) {
                open++;
            } else if (")]}".indexOf(c) >= 0) {
                open--;
            }
            at++;
        }
        return new Value.Opaque(line.substring(start, at).strip(), start);
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isWordPart(char c) {
        return isDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    }
}
