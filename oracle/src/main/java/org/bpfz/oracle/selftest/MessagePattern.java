package org.bpfz.oracle.selftest;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A piece of log that is expected: plain text with regular expressions between double braces (compile_regex in test_loader.c). */
final class MessagePattern {
    private final String text;
    private final Pattern pattern;

    MessagePattern(String text) {
        this.text = text;
        StringBuilder regex = new StringBuilder();
        int at = 0;
        while (at < text.length()) {
            int open = text.indexOf("{{", at);
            int close = open < 0 ? -1 : text.indexOf("}}", open);
            if (close < 0) {
                regex.append(Pattern.quote(text.substring(at)));
                break;
            }
            regex.append(Pattern.quote(text.substring(at, open))).append(text, open + 2, close);
            at = close + 2;
        }
        pattern = Pattern.compile(regex.toString(), Pattern.MULTILINE);
    }

    /** Where the first match from a position on ends, or -1. */
    int endOfMatch(String log, int from) {
        Matcher matcher = pattern.matcher(log);
        return matcher.find(from) ? matcher.end() : -1;
    }

    @Override
    public String toString() {
        return text;
    }
}
