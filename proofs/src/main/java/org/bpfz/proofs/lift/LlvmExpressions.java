package org.bpfz.proofs.lift;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bpfz.proofs.term.Op;
import org.bpfz.proofs.term.Term;
import org.bpfz.proofs.term.Terms;
import org.jspecify.annotations.Nullable;

/** What LLVM's instructions on values mean (LLVM 19 language reference); {@code i1} is a truth value. */
final class LlvmExpressions {
    private static final Pattern BINARY = Pattern
            .compile(
                    "^(add|sub|mul|udiv|urem|sdiv|srem|and|or|xor|shl|lshr|ashr) (?:nuw |nsw |exact |disjoint )*(i\\d+) (\\S+), (\\S+)$");
    private static final Pattern COMPARE = Pattern.compile("^icmp (?:samesign )?(\\w+) (i\\d+) (\\S+), (\\S+)$");
    private static final Pattern CONVERT = Pattern
            .compile("^(zext|sext|trunc) (?:nneg |nuw |nsw )*(i\\d+) (\\S+) to (i\\d+)$");
    private static final Pattern SELECT = Pattern.compile("^select i1 (\\S+), (i\\d+) (\\S+), i\\d+ (\\S+)$");
    private static final Pattern FREEZE = Pattern.compile("^freeze (i\\d+) (\\S+)$");
    private static final Pattern CALL = Pattern.compile("^(?:tail |notail )?call .*?@llvm\\.([\\w.]+)\\((.*)\\).*$");
    private static final Pattern UNKNOWN = Pattern.compile("^(?:tail |notail )?call (i\\d+) @([\\w.]+)\\((.*)\\).*$");
    private static final Pattern ARGUMENT = Pattern.compile("(i\\d+) (?:noundef )?([^\\s,]+)");
    private static final Pattern EXTRACT = Pattern.compile("^extractvalue \\{.*\\} (%[\\w.]+), (\\d)$");
    private static final Pattern INSERT = Pattern
            .compile("^insertvalue \\{ (i\\d+), (i\\d+) \\} (\\S+), (i\\d+) (\\S+), (\\d)$");

    private final Terms terms;
    private final Map<String, Term> registers = new HashMap<>();
    /** What a number of bits counts the bits of. */
    private final Map<Term, Term> counted = new HashMap<>();

    LlvmExpressions(Terms terms) {
        this.terms = terms;
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
        return terms.binary(switch (op) {
            case "add" -> Op.ADD;
            case "sub" -> Op.SUB;
            case "mul" -> Op.MUL;
            case "udiv" -> Op.UDIV;
            case "urem" -> Op.UREM;
            case "sdiv" -> Op.SDIV;
            case "srem" -> Op.SREM;
            case "and" -> Op.BVAND;
            case "or" -> Op.BVOR;
            case "xor" -> Op.BVXOR;
            case "shl" -> Op.SHL;
            case "lshr" -> Op.LSHR;
            case "ashr" -> Op.ASHR;
            default -> throw new LiftException("not understood");
        }, a, b);
    }

    private Term compare(String predicate, Term a, Term b) {
        Term of = counted.get(a);
        if (of != null && b.isConstant() && (predicate + " " + b.value()).matches("(eq|ne) 1|ult 2|ugt 1")) {
            return oneBit(predicate, of);
        }
        return switch (predicate) {
            case "eq" -> terms.eq(a, b);
            case "ne" -> terms.not(terms.eq(a, b));
            case "ult" -> terms.ult(a, b);
            case "ule" -> terms.ule(a, b);
            case "ugt" -> terms.ult(b, a);
            case "uge" -> terms.ule(b, a);
            case "slt" -> terms.slt(a, b);
            case "sle" -> terms.sle(a, b);
            case "sgt" -> terms.slt(b, a);
            case "sge" -> terms.sle(b, a);
            default -> throw new LiftException("icmp " + predicate);
        };
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
        List<Term> args = new java.util.ArrayList<>();
        while (argument.find()) {
            args.add(operand(argument.group(1), argument.group(2)));
        }
        return args;
    }

    private void call(String register, String intrinsic, String arguments) {
        List<Term> args = arguments(arguments);
        String name = intrinsic.substring(0, intrinsic.lastIndexOf('.'));
        Term a = args.get(0);
        switch (name) {
            case "smin" -> define(register, terms.ite(terms.slt(a, args.get(1)), a, args.get(1)));
            case "smax" -> define(register, terms.ite(terms.slt(a, args.get(1)), args.get(1), a));
            case "umin" -> define(register, terms.ite(terms.ult(a, args.get(1)), a, args.get(1)));
            case "umax" -> define(register, terms.ite(terms.ult(a, args.get(1)), args.get(1), a));
            case "usub.sat" -> define(register,
                    terms.ite(terms.ult(a, args.get(1)), terms.bv(a.width(), 0), terms.sub(a, args.get(1))));
            case "ctlz" -> define(register, Intrinsics.leadingZeros(terms, a, a.width()));
            case "ctpop" -> {
                Term count = Intrinsics.bitCount(terms, a, a.width());
                counted.put(count, a);
                define(register, count);
            }
            case "fshl" -> define(register, funnelShiftLeft(a, args.get(1), args.get(2)));
            case "sadd.with.overflow", "uadd.with.overflow", "ssub.with.overflow", "usub.with.overflow" ->
                withOverflow(register, name, a,
                        args.get(1));
            default -> throw new LiftException("calls llvm." + intrinsic);
        }
    }

    private void withOverflow(String register, String name, Term a, Term b) {
        boolean adds = name.charAt(1) == 'a';
        Term result = adds ? terms.add(a, b) : terms.sub(a, b);
        Term zero = terms.bv(a.width(), 0);
        Term overflow = switch (name) {
            case "uadd.with.overflow" -> terms.ult(result, a);
            case "usub.with.overflow" -> terms.ult(a, b);
            case "sadd.with.overflow" -> terms.slt(terms.bvAnd(terms.bvXor(a, result), terms.bvXor(b, result)), zero);
            default -> terms.slt(terms.bvAnd(terms.bvXor(a, b), terms.bvXor(a, result)), zero);
        };
        define(register + ".0", result);
        define(register + ".1", overflow);
    }

    /** The upper half of a:b shifted to the left by the distance modulo the width. */
    private Term funnelShiftLeft(Term a, Term b, Term distance) {
        if (!distance.isConstant()) {
            throw new LiftException("a funnel shift by a variable");
        }
        int by = (int) Long.remainderUnsigned(distance.value(), a.width());
        return by == 0 ? a : terms.concat(terms.extract(a, 0, a.width() - by), terms.extract(b, a.width() - by, by));
    }
}
