package org.bpfz.proofs.lift;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bpfz.proofs.term.Op;
import org.bpfz.proofs.term.Term;
import org.bpfz.proofs.term.Terms;
import org.jspecify.annotations.Nullable;

/** What LLVM's instructions on values mean (LLVM 19 language reference); {@code i1} is a truth value. */
final class LlvmExpressions {
    private static final Map<String, Op> OPERATORS = Map.ofEntries(Map.entry("add", Op.ADD), Map.entry("sub", Op.SUB),
            Map.entry("mul", Op.MUL), Map.entry("udiv", Op.UDIV), Map.entry("urem", Op.UREM),
            Map.entry("sdiv", Op.SDIV), Map.entry("srem", Op.SREM), Map.entry("and", Op.BVAND),
            Map.entry("or", Op.BVOR), Map.entry("xor", Op.BVXOR), Map.entry("shl", Op.SHL),
            Map.entry("lshr", Op.LSHR), Map.entry("ashr", Op.ASHR));
    private static final Set<String> CONVERSIONS = Set.of("zext", "sext", "trunc");
    private static final Set<String> OTHERS = Set.of("select", "freeze", "extractvalue", "insertvalue");
    private static final Pattern BINARY = Pattern
            .compile("^(" + String.join("|", OPERATORS.keySet())
                    + ") (?:nuw |nsw |exact |disjoint )*(i\\d+) (\\S+), (\\S+)$");
    private static final Pattern MNEMONIC = Pattern.compile("^(?:tail |notail )?(\\w+).*$");
    private static final Pattern COMPARE = Pattern.compile("^icmp (?:samesign )?(\\w+) (i\\d+) (\\S+), (\\S+)$");
    private static final Pattern CONVERT = Pattern
            .compile("^(" + String.join("|", CONVERSIONS) + ") (?:nneg |nuw |nsw )*(i\\d+) (\\S+) to (i\\d+)$");
    private static final Pattern SELECT = Pattern.compile("^select i1 (\\S+), (i\\d+) (\\S+), i\\d+ (\\S+)$");
    private static final Pattern FREEZE = Pattern.compile("^freeze (i\\d+) (\\S+)$");
    private static final Pattern CALL = Pattern.compile("^(?:tail |notail )?call .*?@llvm\\.([\\w.]+)\\((.*)\\).*$");
    private static final Pattern UNKNOWN = Pattern.compile("^(?:tail |notail )?call (i\\d+) @([\\w.]+)\\((.*)\\).*$");
    private static final Pattern ARGUMENT = Pattern.compile("(i\\d+) (?:noundef )?([^\\s,]+)");
    private static final Pattern EXTRACT = Pattern.compile("^extractvalue \\{.*\\} (%[\\w.]+), (\\d)$");
    private static final Pattern INSERT = Pattern
            .compile("^insertvalue \\{ (i\\d+), (i\\d+) \\} (\\S+), (i\\d+) (\\S+), (\\d)$");

    /** A comparison of two bit vectors. */
    private interface Comparison {
        Term of(Terms t, Term a, Term b);
    }

    private static final Map<String, Comparison> COMPARISONS = Map.of("eq", Terms::eq, "ne",
            (t, a, b) -> t.not(t.eq(a, b)), "ult", Terms::ult, "ule", Terms::ule, "ugt", (t, a, b) -> t.ult(b, a),
            "uge", (t, a, b) -> t.ule(b, a), "slt", Terms::slt, "sle", Terms::sle, "sgt", (t, a, b) -> t.slt(b, a),
            "sge", (t, a, b) -> t.sle(b, a));

    /** What a call of one of LLVM's own functions leaves in a register. */
    private interface Intrinsic {
        void define(LlvmExpressions at, String register, List<Term> args);
    }

    private static final Map<String, Intrinsic> INTRINSICS = Map.ofEntries(
            value("smin", (t, a, b) -> t.ite(t.slt(a, b), a, b)), value("smax", (t, a, b) -> t.ite(t.slt(a, b), b, a)),
            value("umin", (t, a, b) -> t.ite(t.ult(a, b), a, b)), value("umax", (t, a, b) -> t.ite(t.ult(a, b), b, a)),
            value("usub.sat", (t, a, b) -> t.ite(t.ult(a, b), t.bv(a.width(), 0), t.sub(a, b))),
            value("ctlz", (t, a, _) -> Intrinsics.leadingZeros(t, a, a.width())),
            Map.entry("ctpop", LlvmExpressions::countBits), Map.entry("fshl", LlvmExpressions::funnelShiftLeft),
            overflow("uadd.with.overflow", Terms::add, (t, a, b) -> t.ult(t.add(a, b), a)),
            overflow("usub.with.overflow", Terms::sub, Terms::ult),
            overflow("sadd.with.overflow", Terms::add,
                    (t, a, b) -> isNegative(t, t.bvAnd(t.bvXor(a, t.add(a, b)), t.bvXor(b, t.add(a, b))))),
            overflow("ssub.with.overflow", Terms::sub,
                    (t, a, b) -> isNegative(t, t.bvAnd(t.bvXor(a, b), t.bvXor(a, t.sub(a, b))))));

    private final Terms terms;
    private final Map<String, Term> registers = new HashMap<>();
    /** What a number of bits counts the bits of. */
    private final Map<Term, Term> counted = new HashMap<>();

    LlvmExpressions(Terms terms) {
        this.terms = terms;
    }

    /**
     * All that is understood, a name each: {@code add}, {@code icmp ult}, {@code llvm.smin}. Calls of functions that the module only declares
     * are not among them: nothing is known of those.
     */
    static Set<String> names() {
        Set<String> names = new TreeSet<>(OPERATORS.keySet());
        names.addAll(CONVERSIONS);
        names.addAll(OTHERS);
        COMPARISONS.keySet().forEach(predicate -> names.add("icmp " + predicate));
        INTRINSICS.keySet().forEach(intrinsic -> names.add("llvm." + intrinsic));
        return names;
    }

    private static Map.Entry<String, Intrinsic> value(String name, Comparison value) {
        return Map.entry(name,
                (at, register, args) -> at.define(register, value.of(at.terms, args.get(0), args.get(1))));
    }

    private static Map.Entry<String, Intrinsic> overflow(String name, Comparison result, Comparison overflows) {
        return Map.entry(name, (at, register, args) -> {
            at.define(register + ".0", result.of(at.terms, args.get(0), args.get(1)));
            at.define(register + ".1", overflows.of(at.terms, args.get(0), args.get(1)));
        });
    }

    private static Term isNegative(Terms t, Term a) {
        return t.slt(a, t.bv(a.width(), 0));
    }

    void define(String register, Term value) {
        registers.put(register, value);
    }

    Term operand(String type, String text) {
        int width = Integer.parseInt(type.substring(1));
        if (text.startsWith("%")) {
            Term value = registers.get(text);
            if (value == null) {
                throw new LiftException(text + " is not defined here");
            }
            return value;
        }
        return switch (text) {
            case "true" -> terms.bool(true);
            case "false" -> terms.bool(false);
            default -> terms.bv(width, Long.parseLong(text));
        };
    }

    void assign(String register, String right) {
        String mnemonic = MNEMONIC.matcher(right).replaceFirst("$1");
        if (!OPERATORS.containsKey(mnemonic) && !CONVERSIONS.contains(mnemonic) && !OTHERS.contains(mnemonic)
                && !mnemonic.equals("icmp") && !mnemonic.equals("call")) {
            throw new LiftException("not understood");
        }
        Matcher extract = EXTRACT.matcher(right);
        Matcher insert = INSERT.matcher(right);
        Matcher call = CALL.matcher(right);
        if (extract.matches()) {
            define(register, field(extract.group(1), extract.group(2)));
        } else if (insert.matches()) {
            insert(register, insert);
        } else if (call.matches()) {
            call(register, call.group(1), call.group(2));
        } else {
            Matcher unknown = UNKNOWN.matcher(right);
            define(register, unknown.matches()
                    ? terms.any(unknown.group(2), Integer.parseInt(unknown.group(1).substring(1)),
                            arguments(unknown.group(3)))
                    : value(right));
        }
    }

    /** The parts of a pair are kept as registers of their own: {@code %7.0}. */
    private Term field(String pair, String index) {
        return operand("i64", pair + "." + index);
    }

    private void insert(String register, Matcher insert) {
        String from = insert.group(3);
        String index = insert.group(6);
        if (from.startsWith("%")) {
            String other = index.equals("0") ? "1" : "0";
            @Nullable
            Term kept = registers.get(from + "." + other);
            if (kept != null) {
                define(register + "." + other, kept);
            }
        }
        define(register + "." + index, operand(insert.group(4), insert.group(5)));
    }

    private Term value(String right) {
        Matcher binary = BINARY.matcher(right);
        if (binary.matches()) {
            String type = binary.group(2);
            return binary(binary.group(1), operand(type, binary.group(3)), operand(type, binary.group(4)));
        }
        Matcher compare = COMPARE.matcher(right);
        if (compare.matches()) {
            String type = compare.group(2);
            return compare(compare.group(1), operand(type, compare.group(3)), operand(type, compare.group(4)));
        }
        Matcher convert = CONVERT.matcher(right);
        if (convert.matches()) {
            return convert(convert.group(1), operand(convert.group(2), convert.group(3)),
                    Integer.parseInt(convert.group(4).substring(1)));
        }
        Matcher select = SELECT.matcher(right);
        if (select.matches()) {
            String type = select.group(2);
            return terms.ite(operand("i1", select.group(1)), operand(type, select.group(3)),
                    operand(type, select.group(4)));
        }
        Matcher freeze = FREEZE.matcher(right);
        if (freeze.matches()) {
            return operand(freeze.group(1), freeze.group(2));
        }
        throw new LiftException("not understood");
    }

    private Term binary(String op, Term a, Term b) {
        if (a.isBool()) {
            return switch (op) {
                case "and" -> terms.and(a, b);
                case "or" -> terms.or(a, b);
                case "xor" -> terms.not(terms.eq(a, b));
                default -> throw new LiftException("i1 " + op);
            };
        }
        return terms.binary(OPERATORS.get(op), a, b);
    }

    private Term compare(String predicate, Term a, Term b) {
        Term of = counted.get(a);
        if (of != null && b.isConstant() && (predicate + " " + b.value()).matches("(eq|ne) 1|ult 2|ugt 1")) {
            return oneBit(predicate, of);
        }
        Comparison comparison = COMPARISONS.get(predicate);
        if (comparison == null) {
            throw new LiftException("icmp " + predicate);
        }
        return comparison.of(terms, a, b);
    }

    /** Powers of two, for which clang counts bits, as the C has them: a sum of 64 bits is more than a solver likes. */
    private Term oneBit(String predicate, Term of) {
        Term zero = terms.bv(of.width(), 0);
        Term atMostOne = terms.eq(terms.bvAnd(of, terms.sub(of, terms.bv(of.width(), 1))), zero);
        Term one = terms.and(terms.not(terms.eq(of, zero)), atMostOne);
        return switch (predicate) {
            case "eq" -> one;
            case "ne" -> terms.not(one);
            case "ult" -> atMostOne;
            default -> terms.not(atMostOne);
        };
    }

    private Term convert(String how, Term a, int width) {
        if (a.isBool()) {
            return terms.ite(a, terms.bv(width, how.equals("sext") ? -1 : 1), terms.bv(width, 0));
        }
        return switch (how) {
            case "zext" -> terms.zeroExtend(a, width);
            case "sext" -> terms.signExtend(a, width);
            default -> width == 1 ? terms.eq(terms.extract(a, 0, 1), terms.bv(1, 1)) : terms.extract(a, 0, width);
        };
    }

    private List<Term> arguments(String text) {
        Matcher argument = ARGUMENT.matcher(text);
        List<Term> args = new ArrayList<>();
        while (argument.find()) {
            args.add(operand(argument.group(1), argument.group(2)));
        }
        return args;
    }

    private void call(String register, String full, String arguments) {
        Intrinsic intrinsic = INTRINSICS.get(full.substring(0, full.lastIndexOf('.')));
        if (intrinsic == null) {
            throw new LiftException("calls llvm." + full);
        }
        intrinsic.define(this, register, arguments(arguments));
    }

    private static void countBits(LlvmExpressions at, String register, List<Term> args) {
        Term a = args.getFirst();
        Term count = Intrinsics.bitCount(at.terms, a, a.width());
        at.counted.put(count, a);
        at.define(register, count);
    }

    /** The upper half of a:b shifted to the left by the distance modulo the width. */
    private static void funnelShiftLeft(LlvmExpressions at, String register, List<Term> args) {
        Terms t = at.terms;
        Term a = args.get(0);
        Term distance = args.get(2);
        if (!distance.isConstant()) {
            throw new LiftException("a funnel shift by a variable");
        }
        int by = (int) Long.remainderUnsigned(distance.value(), a.width());
        at.define(register, by == 0
                ? a
                : t.concat(t.extract(a, 0, a.width() - by), t.extract(args.get(1), a.width() - by, by)));
    }
}
