package org.bpfz.proofs.term;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes terms, each once, and folds what is known: lifted code decides its branches on constants, and only what depends on inputs
 * reaches a solver. Not for use by several threads.
 *
 * <p>Folding is by {@link Evaluator#apply} on constants and by the laws named at each method; a test compares both with the solver.
 */
public final class Terms {
    private static final List<Term> NONE = List.of();

    private record Key(Term term) {
        @Override
        public boolean equals(Object other) {
            return other instanceof Key(Term that) && term.sameAs(that);
        }

        @Override
        public int hashCode() {
            return term.structuralHash();
        }
    }

    private record Application(String function, List<Term> args) {}

    private final Map<Application, Term> applications = new LinkedHashMap<>();
    private final Map<Key, Term> made = new HashMap<>();
    private final Term yes = intern(new Term(Op.CONSTANT, 0, NONE, 1, "", 0));
    private final Term no = intern(new Term(Op.CONSTANT, 0, NONE, 0, "", 1));

    private Term intern(Term term) {
        return made.computeIfAbsent(new Key(term), _ -> term);
    }

    private Term make(Op op, int width, Term... args) {
        return make(op, width, 0, args);
    }

    private Term make(Op op, int width, long value, Term... args) {
        for (Term arg : args) {
            if (!arg.isConstant()) {
                return intern(new Term(op, width, List.of(args), value, "", made.size()));
            }
        }
        return constant(width, Evaluator.apply(op, width, value, args));
    }

    private Term constant(int width, long value) {
        return width == 0 ? bool(value != 0) : bv(width, value);
    }

    /** A known truth value. */
    public Term bool(boolean value) {
        return value ? yes : no;
    }

    /** The low {@code width} bits of a number. */
    public Term bv(int width, long value) {
        return intern(new Term(Op.CONSTANT, width, NONE, value & mask(width), "", made.size()));
    }

    /** A free bit vector, or for width 0 a free truth value; the same name is the same variable. */
    public Term variable(String name, int width) {
        return intern(new Term(Op.VARIABLE, width, NONE, 0, name, made.size()));
    }

    /** What a function of which nothing is known yields: free, but the same for the same arguments; see {@link #congruence}. */
    public Term any(String function, int width, List<Term> args) {
        Application application = new Application(function, List.copyOf(args));
        return applications.computeIfAbsent(application,
                _ -> variable(function + " #" + applications.size(), width));
    }

    /** That unknown functions yield the same for arguments that are equal, whatever their terms. */
    public List<Term> congruence() {
        List<Term> laws = new ArrayList<>();
        applications.forEach((one, result) -> applications.forEach((other, otherResult) -> {
            if (one.function.equals(other.function) && result.number() < otherResult.number()) {
                Term same = yes;
                for (int i = 0; i < one.args.size(); i++) {
                    same = and(same, eq(one.args.get(i), other.args.get(i)));
                }
                laws.add(implies(same, eq(result, otherResult)));
            }
        }));
        return laws;
    }

    static long mask(int width) {
        return width == 64 ? -1 : (1L << width) - 1;
    }

    private static void requireSameWidth(Term a, Term b) {
        if (a.width() != b.width()) {
            throw new IllegalArgumentException("terms of " + a.width() + " and " + b.width() + " bits");
        }
    }

    /** Not a; twice is a. */
    public Term not(Term a) {
        return a.op() == Op.NOT ? a.arg(0) : make(Op.NOT, 0, a);
    }

    /** Both. */
    public Term and(Term a, Term b) {
        if (a.isFalse() || b.isTrue() || a == b) {
            return a;
        }
        if (b.isFalse() || a.isTrue()) {
            return b;
        }
        if (isLessAndNotEqual(b, a)) {
            return b;
        }
        return a == not(b) ? no : make(Op.AND, 0, a, b);
    }

    /** Whether one says x < y and the other x != y, which follows: so Java's three-way comparisons come down to one. */
    private static boolean isLessAndNotEqual(Term less, Term unequal) {
        return (less.op() == Op.SLT || less.op() == Op.ULT) && unequal.op() == Op.NOT
                && unequal.arg(0).op() == Op.EQ && unequal.arg(0).args().containsAll(less.args());
    }

    /** Either. */
    public Term or(Term a, Term b) {
        if (a.isTrue() || b.isFalse() || a == b) {
            return a;
        }
        if (b.isTrue() || a.isFalse()) {
            return b;
        }
        return a == not(b) ? yes : make(Op.OR, 0, a, b);
    }

    /** a implies b. */
    public Term implies(Term a, Term b) {
        return or(not(a), b);
    }

    /**
     * Equality, of truth values too. A choice between constants compared with a constant is its condition, which is what Java's
     * booleans come down to.
     */
    public Term eq(Term a, Term b) {
        requireSameWidth(a, b);
        if (a == b) {
            return yes;
        }
        if (a.isConstant() && !b.isConstant()) {
            return eq(b, a);
        }
        if (b.isConstant()) {
            if (a.isBool()) {
                return b.isTrue() ? a : not(a);
            }
            if (a.op() == Op.ITE && (a.arg(1).isConstant() || a.arg(2).isConstant())) {
                return ite(a.arg(0), eq(a.arg(1), b), eq(a.arg(2), b));
            }
        }
        return make(Op.EQ, 0, a, b);
    }

    /** One or the other; of equal arms, and of truth values, less is left. */
    public Term ite(Term condition, Term then, Term otherwise) {
        requireSameWidth(then, otherwise);
        if (condition.isConstant()) {
            return condition.isTrue() ? then : otherwise;
        }
        if (then == otherwise) {
            return then;
        }
        if (condition.op() == Op.NOT) {
            return ite(condition.arg(0), otherwise, then);
        }
        if (then.isBool()) {
            if (then.isConstant()) {
                return then.isTrue() ? or(condition, otherwise) : and(not(condition), otherwise);
            }
            if (otherwise.isConstant()) {
                return otherwise.isTrue() ? or(not(condition), then) : and(condition, then);
            }
        }
        if (then.op() == Op.ITE && then.arg(0) == condition) {
            return ite(condition, then.arg(1), otherwise);
        }
        if (otherwise.op() == Op.ITE && otherwise.arg(0) == condition) {
            return ite(condition, then, otherwise.arg(2));
        }
        return make(Op.ITE, then.width(), condition, then, otherwise);
    }

    /** A bit-vector operation on two operands of one width: ADD to ASHR. */
    public Term binary(Op op, Term a, Term b) {
        requireSameWidth(a, b);
        int width = a.width();
        boolean zeroB = b.isConstant() && b.value() == 0;
        boolean zeroA = a.isConstant() && a.value() == 0;
        boolean onesB = b.isConstant() && b.value() == mask(width);
        boolean onesA = a.isConstant() && a.value() == mask(width);
        return switch (op) {
            case ADD -> zeroB ? a : zeroA ? b : Sums.sum(this, a, b, false);
            case SUB -> zeroB ? a : a == b ? bv(width, 0) : Sums.sum(this, a, b, true);
            case BVAND -> zeroA || onesB || a == b ? a : zeroB || onesA ? b : inOrder(op, a, b);
            case BVOR -> zeroB || onesA || a == b ? a : zeroA || onesB ? b : inOrder(op, a, b);
            case BVXOR -> zeroB ? a : zeroA ? b : a == b ? bv(width, 0) : inOrder(op, a, b);
            case SHL, LSHR, ASHR -> zeroB || zeroA ? a : make(op, width, a, b);
            case MUL -> inOrder(op, a, b);
            case UDIV, UREM, SDIV, SREM -> make(op, width, a, b);
            case CONSTANT, VARIABLE, NOT, AND, OR, EQ, ITE, ULT, SLT, CONCAT, EXTRACT, SIGN_EXTEND ->
                throw new IllegalArgumentException(
                        op + " is no operation on two bit vectors of one width");
        };
    }

    /** An operation that commutes, the older operand first and a constant last. */
    private Term inOrder(Op op, Term a, Term b) {
        boolean swap = a.isConstant() ? !b.isConstant() : !b.isConstant() && a.number() > b.number();
        return swap ? make(op, a.width(), b, a) : make(op, a.width(), a, b);
    }

    /** A sum or difference as it stands, which {@link Sums} has put in order. */
    Term plain(Op op, Term a, Term b) {
        return make(op, a.width(), a, b);
    }

    public Term add(Term a, Term b) {
        return binary(Op.ADD, a, b);
    }

    public Term sub(Term a, Term b) {
        return binary(Op.SUB, a, b);
    }

    public Term bvAnd(Term a, Term b) {
        return binary(Op.BVAND, a, b);
    }

    public Term bvOr(Term a, Term b) {
        return binary(Op.BVOR, a, b);
    }

    public Term bvXor(Term a, Term b) {
        return binary(Op.BVXOR, a, b);
    }

    public Term bvNot(Term a) {
        return bvXor(a, bv(a.width(), -1));
    }

    public Term neg(Term a) {
        return sub(bv(a.width(), 0), a);
    }

    /** Unsigned a < b. */
    public Term ult(Term a, Term b) {
        requireSameWidth(a, b);
        return a == b || (b.isConstant() && b.value() == 0) ? no : make(Op.ULT, 0, a, b);
    }

    /** Unsigned a <= b. */
    public Term ule(Term a, Term b) {
        return not(ult(b, a));
    }

    /**
     * Signed a < b. A choice between constants compared with a constant is decided in each arm: Java compares numbers by way of -1, 0 and 1.
     */
    public Term slt(Term a, Term b) {
        requireSameWidth(a, b);
        if (a == b) {
            return no;
        }
        if (b.isConstant() && isChoiceOfConstants(a)) {
            return ite(a.arg(0), slt(a.arg(1), b), slt(a.arg(2), b));
        }
        if (a.isConstant() && isChoiceOfConstants(b)) {
            return ite(b.arg(0), slt(a, b.arg(1)), slt(a, b.arg(2)));
        }
        return make(Op.SLT, 0, a, b);
    }

    private static boolean isChoiceOfConstants(Term term) {
        return term.op() == Op.ITE && (term.arg(1).isConstant() || isChoiceOfConstants(term.arg(1)))
                && (term.arg(2).isConstant() || isChoiceOfConstants(term.arg(2)));
    }

    /** Signed a <= b. */
    public Term sle(Term a, Term b) {
        return not(slt(b, a));
    }

    /** The bits from {@code low} on, {@code width} of them. */
    public Term extract(Term a, int low, int width) {
        if (low < 0 || width < 1 || low + width > a.width()) {
            throw new IllegalArgumentException("bits " + low + ".." + (low + width - 1) + " of " + a.width());
        }
        if (width == a.width()) {
            return a;
        }
        if (a.op() == Op.EXTRACT) {
            return extract(a.arg(0), (int) a.value() + low, width);
        }
        if (a.op() == Op.CONCAT) {
            int lowWidth = a.arg(1).width();
            if (low + width <= lowWidth) {
                return extract(a.arg(1), low, width);
            }
            if (low >= lowWidth) {
                return extract(a.arg(0), low - lowWidth, width);
            }
        }
        if ((a.op() == Op.ASHR || a.op() == Op.LSHR) && a.arg(1).isConstant() && a.arg(1).value() >= 0
                && low + width + a.arg(1).value() <= a.width()) {
            return extract(a.arg(0), low + (int) a.arg(1).value(), width);
        }
        if (a.op() == Op.SIGN_EXTEND && low + width <= a.arg(0).width()) {
            return extract(a.arg(0), low, width);
        }
        if (a.op() == Op.ITE && a.arg(1).isConstant() && a.arg(2).isConstant()) {
            return ite(a.arg(0), extract(a.arg(1), low, width), extract(a.arg(2), low, width));
        }
        return make(Op.EXTRACT, width, low, a);
    }

    /** {@code high} above {@code low}; together at most 64 bits. */
    public Term concat(Term high, Term low) {
        return make(Op.CONCAT, high.width() + low.width(), high, low);
    }

    /** With zeros above. */
    public Term zeroExtend(Term a, int width) {
        return width == a.width() ? a : concat(bv(width - a.width(), 0), a);
    }

    /** With copies of the sign above. */
    public Term signExtend(Term a, int width) {
        if (width == a.width()) {
            return a;
        }
        if (a.op() == Op.ITE && a.arg(1).isConstant() && a.arg(2).isConstant()) {
            return ite(a.arg(0), signExtend(a.arg(1), width), signExtend(a.arg(2), width));
        }
        return make(Op.SIGN_EXTEND, width, a);
    }

    /** The term with a free variable in the place of each product in it, one for equal ones: what holds of it holds whatever products are. */
    public Term withAnyProducts(Term term, Map<Term, Term> done) {
        Term known = done.get(term);
        if (known != null) {
            return known;
        }
        Term[] args = new Term[term.args().size()];
        for (int i = 0; i < args.length; i++) {
            args[i] = withAnyProducts(term.arg(i), done);
        }
        Term made = term.op() == Op.MUL
                ? variable("product " + term.number(), term.width())
                : args.length == 0 ? term : make(term.op(), term.width(), term.value(), args);
        done.put(term, made);
        return made;
    }
}
