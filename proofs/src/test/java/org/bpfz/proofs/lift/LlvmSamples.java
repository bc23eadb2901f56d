package org.bpfz.proofs.lift;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Functions in LLVM's language, of one instruction each beside what widens and narrows: of three {@code i64}, yielding one. */
final class LlvmSamples {
    private static final int[] WIDTHS = {8, 16, 32, 64};

    /** The functions' bodies by the name of what they try and some suffix after a slash. */
    private final Map<String, String> bodies = new LinkedHashMap<>();

    private LlvmSamples() {
    }

    /** Bodies by the name of what they are about, which may be followed by a slash and more. */
    static Map<String, String> bodies() {
        LlvmSamples samples = new LlvmSamples();
        for (int width : WIDTHS) {
            samples.operators(width);
            samples.comparisons(width);
            samples.functions(width);
            samples.add("select/" + width, width, "%c = icmp ult iW %a, %b", "%r = select i1 %c, iW %b, iW 5");
            samples.add("freeze/" + width, width, "%r = freeze iW %a");
        }
        samples.truthValues();
        samples.conversions();
        samples.control();
        return samples.bodies;
    }

    /** A function of %a and %b, which are the arguments narrowed, that leaves its result in %r. */
    private void add(String name, int width, String... lines) {
        StringBuilder body = new StringBuilder();
        for (String register : List.of("a", "b")) {
            String from = register.equals("a") ? "%0" : "%1";
            body.append(width == 64
                    ? "  %" + register + " = add i64 " + from + ", 0\n"
                    : "  %" + register + " = trunc i64 " + from + " to i" + width + "\n");
        }
        for (String line : lines) {
            // Labels stand in the first column.
            body.append(line.endsWith(":") ? "" : "  ").append(line.replace("iW", "i" + width)).append('\n');
        }
        body.append(width == 64 ? "  ret i64 %r\n" : "  %w = zext i" + width + " %r to i64\n  ret i64 %w\n");
        bodies.put(name, body.toString());
    }

    /** A function whose result is the truth value %t. */
    private void addTruth(String name, int width, String... lines) {
        String[] all = new String[lines.length + 1];
        System.arraycopy(lines, 0, all, 0, lines.length);
        all[lines.length] = width == 1 ? "%r = xor i1 %t, false" : "%r = zext i1 %t to iW";
        add(name, width, all);
    }

    private void operators(int width) {
        for (String op : List.of("add", "sub", "mul", "and", "or", "xor")) {
            add(op + "/" + width, width, "%r = " + op + " iW %a, %b");
        }
        for (String op : List.of("shl", "lshr", "ashr")) {
            // A distance of the width or more is poison.
            add(op + "/" + width, width, "%d = and iW %b, " + (width - 1), "%r = " + op + " iW %a, %d");
        }
        for (String op : List.of("udiv", "urem", "sdiv", "srem")) {
            // So is a divisor of 0, and the one overflow of signed division.
            add(op + "/" + width, width, "%z = icmp eq iW %b, 0", "%m = icmp eq iW %b, -1", "%o = or i1 %z, %m",
                    "%d = select i1 %o, iW 3, iW %b", "%r = " + op + " iW %a, %d");
        }
    }

    private void comparisons(int width) {
        for (String predicate : List.of("eq", "ne", "ult", "ule", "ugt", "uge", "slt", "sle", "sgt", "sge")) {
            addTruth("icmp " + predicate + "/" + width, width, "%t = icmp " + predicate + " iW %a, %b");
        }
    }

    private void functions(int width) {
        for (String name : List.of("smin", "smax", "umin", "umax", "usub.sat")) {
            add("llvm." + name + "/" + width, width, "%r = call iW @llvm." + name + ".iW(iW %a, iW %b)");
        }
        add("llvm.ctlz/" + width, width, "%r = tail call iW @llvm.ctlz.iW(iW %a, i1 false)");
        add("llvm.ctpop/" + width, width, "%r = call iW @llvm.ctpop.iW(iW %a)");
        for (String compared : List.of("eq iW %n, 1", "ne iW %n, 1", "ult iW %n, 2", "ugt iW %n, 1", "ult iW %n, 3")) {
            addTruth("llvm.ctpop/" + width + " " + compared, width, "%n = call iW @llvm.ctpop.iW(iW %a)",
                    "%t = icmp " + compared);
        }
        for (int distance : new int[]{0, 1, width - 1, width + 3}) {
            add("llvm.fshl/" + width + " by " + distance, width,
                    "%r = call iW @llvm.fshl.iW(iW %a, iW %b, iW " + distance + ")");
        }
        for (String name : List.of("sadd", "uadd", "ssub", "usub")) {
            String call = "%p = call { iW, i1 } @llvm." + name + ".with.overflow.iW(iW %a, iW %b)";
            add("llvm." + name + ".with.overflow/" + width, width, call, "%v = extractvalue { iW, i1 } %p, 0",
                    "%o = extractvalue { iW, i1 } %p, 1", "%r = select i1 %o, iW 77, iW %v");
        }
    }

    private void truthValues() {
        for (String op : List.of("and", "or", "xor")) {
            addTruth(op + "/1", 64, "%x = icmp slt i64 %a, %b", "%y = icmp ult i64 %b, 7",
                    "%t = " + op + " i1 %x, %y");
        }
        addTruth("icmp eq/1", 64, "%x = icmp slt i64 %a, %b", "%y = icmp ult i64 %a, %b", "%t = icmp eq i1 %x, %y");
        addTruth("select/1", 64, "%x = icmp slt i64 %a, %b", "%y = icmp ult i64 %a, %b",
                "%t = select i1 %x, i1 %y, i1 true");
        addTruth("freeze/1", 64, "%x = icmp slt i64 %a, %b", "%t = freeze i1 %x");
    }

    private void conversions() {
        for (int width : WIDTHS) {
            if (width < 64) {
                add("zext/" + width, 64, "%n = trunc i64 %a to i" + width, "%r = zext i" + width + " %n to i64");
                add("sext/" + width, 64, "%n = trunc i64 %a to i" + width, "%r = sext i" + width + " %n to i64");
                add("trunc/" + width, width, "%n = trunc i64 %1 to iW", "%r = add iW %n, %a");
            }
        }
        add("zext/1", 64, "%n = icmp slt i64 %a, %b", "%r = zext i1 %n to i64");
        add("sext/1", 64, "%n = icmp slt i64 %a, %b", "%r = sext i1 %n to i64");
        add("trunc/1", 64, "%n = trunc i64 %a to i1", "%r = select i1 %n, i64 %b, i64 2");
        add("extractvalue", 64, "%p = insertvalue { i64, i64 } poison, i64 %a, 0",
                "%q = insertvalue { i64, i64 } %p, i64 %b, 1", "%x = extractvalue { i64, i64 } %q, 0",
                "%y = extractvalue { i64, i64 } %q, 1", "%r = sub i64 %x, %y");
        add("insertvalue", 64, "%p = insertvalue { i64, i64 } poison, i64 %a, 1",
                "%q = insertvalue { i64, i64 } %p, i64 %b, 0", "%s = insertvalue { i64, i64 } %q, i64 9, 0",
                "%x = extractvalue { i64, i64 } %s, 0", "%y = extractvalue { i64, i64 } %s, 1",
                "%r = sub i64 %x, %y");
    }

    private void control() {
        add("br", 64, "%c = icmp slt i64 %a, %b", "br i1 %c, label %yes, label %no", "yes:", "%p = mul i64 %a, 3",
                "br label %end", "no:", "%n = sub i64 %b, 1", "br label %end", "end:",
                "%r = phi i64 [ %p, %yes ], [ %n, %no ]");
        add("phi", 64, "%c = icmp ult i64 %a, %b", "br i1 %c, label %end, label %no", "no:",
                "%d = icmp eq i64 %a, %b", "br i1 %d, label %end, label %other", "other:", "br label %end", "end:",
                "%r = phi i64 [ 1, %3 ], [ %b, %no ], [ -3, %other ]");
        add("switch", 64, "switch i64 %a, label %rest [", "i64 0, label %zero", "i64 -1, label %minus",
                "i64 2, label %zero", "]", "zero:", "br label %end", "minus:", "br label %end", "rest:",
                "br label %end", "end:", "%r = phi i64 [ %b, %zero ], [ 5, %minus ], [ 6, %rest ]");
        bodies.put("ret", """
                  %c = icmp slt i64 %0, %1
                  br i1 %c, label %yes, label %no
                yes:
                  ret i64 %2
                no:
                  ret i64 -1
                """);
        bodies.put("unreachable", """
                  %d = and i64 %0, 1
                  switch i64 %d, label %never [
                    i64 0, label %even
                    i64 1, label %odd
                  ]
                even:
                  ret i64 %1
                odd:
                  ret i64 %2
                never:
                  unreachable
                """);
    }
}
