package org.bpfz.proofs.ranges;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bpfz.proofs.lift.Heap;
import org.bpfz.proofs.lift.JavaLifter;
import org.bpfz.proofs.lift.Value;
import org.bpfz.proofs.term.Term;
import org.bpfz.proofs.term.TermBits;
import org.bpfz.proofs.term.Terms;
import org.bpfz.proofs.theorem.Obligation;
import org.bpfz.spec.semantics.Semantics;
import org.bpfz.verifier.domain.Range32;
import org.bpfz.verifier.domain.Range64;
import org.bpfz.verifier.domain.Scalar;
import org.bpfz.verifier.domain.Tnum;

/**
 * A claim of soundness in the making: free knowledge with free numbers that belong to it, calls of the domain, and numbers that must belong
 * to what the calls return.
 *
 * <p>What it is to belong is said here once more, so that nothing rests on the domain's own {@code contains}.
 */
final class Claimed {
    private final JavaLifter lifter;
    private final Terms terms;
    private final Semantics<Term, Term, Term> semantics;
    private final List<Term> hypotheses = new ArrayList<>();
    private final Map<String, Term> goals = new LinkedHashMap<>();
    private Heap heap;
    private int contracts;

    Claimed(JavaLifter lifter) {
        this.lifter = lifter;
        terms = lifter.terms();
        semantics = new Semantics<>(new TermBits(terms));
        heap = lifter.newHeap();
    }

    Terms terms() {
        return terms;
    }

    /** What instructions do to the numbers. */
    Semantics<Term, Term, Term> semantics() {
        return semantics;
    }

    Value free(Class<?> type, String name) {
        return lifter.free(type, name, heap);
    }

    Term number(String name, int width) {
        return terms.variable(name, width);
    }

    Value word(Term term) {
        return new Value.Word(term);
    }

    Value constant(Object object) {
        return lifter.constant(object);
    }

    Value part(Value value, String component) {
        return lifter.part(value, component, heap);
    }

    Term component(Value value, String path) {
        return lifter.component(value, path, heap);
    }

    Term number(Value value) {
        return lifter.number(value);
    }

    /** Calls; that the call does not throw is a goal. */
    Value call(Class<?> owner, String method, Value... args) {
        JavaLifter.Lifted lifted = lifter.lift(owner, method, heap, args);
        heap = lifted.heap();
        if (!lifted.throwsWhen().isFalse()) {
            goals.put(method + " does not throw", terms.not(lifted.throwsWhen()));
        }
        return lifted.result();
    }

    /** As {@link #call}, of the static method where an instance method takes as many arguments, its receiver counted. */
    Value callStatic(Class<?> owner, String method, Value... args) {
        JavaLifter.Lifted lifted = lifter.liftStatic(owner, method, heap, args);
        heap = lifted.heap();
        return lifted.result();
    }

    /** What the method with this descriptor says of a value and a number. */
    Term asked(Class<?> owner, String method, String descriptor, Value value, Term number) {
        JavaLifter.Lifted lifted = lifter.liftInside(owner, method, descriptor, heap, value, new Value.Word(number));
        return terms.not(terms.eq(lifter.number(lifted.result()), terms.bv(32, 0)));
    }

    /** Whether two records are equal. */
    Term equal(Value a, Value b) {
        return lifter.equal(a, b, heap);
    }

    void assume(Term hypothesis) {
        hypotheses.add(hypothesis);
    }

    void goal(String name, Term goal) {
        goals.put(name, goal);
    }

    /** Wherever the method is called it yields something free that has each of the numbers that all its arguments have: see another theorem. */
    void assumeKeepsAll(Class<?> owner, String method, Term... numbers) {
        lifter.assume(owner, method, (at, args, callHeap) -> {
            Value result = at.free(owner, method + contracts++, callHeap);
            for (Term number : numbers) {
                Term belongs = terms.bool(true);
                for (Value arg : args) {
                    belongs = terms.and(belongs, belongs(number, arg, callHeap));
                }
                assume(terms.implies(belongs, belongs(number, result, callHeap)));
            }
            return new JavaLifter.Lifted(result, terms.bool(false), callHeap);
        });
    }

    /**
     * The n-th call of the method is given what the n-th number belongs to, which is a goal, and yields something free that it belongs to, which
     * another theorem shows. The calls must be made whatever the inputs.
     */
    void assumeKeeps(Class<?> owner, String method, Term... numbers) {
        int[] calls = {0};
        lifter.assume(owner, method, (at, args, callHeap) -> {
            Term number = numbers[calls[0]++];
            Value result = at.free(owner, method + contracts++, callHeap);
            Heap outer = heap;
            heap = callHeap;
            claim("before " + method + " " + calls[0], number, args.getFirst());
            heap = outer;
            assume(belongs(number, result, callHeap));
            return new JavaLifter.Lifted(result, terms.bool(false), callHeap);
        });
    }

    /** Wherever the static method of two operands is called it yields something free that has this number. */
    void assumeYields(Class<?> owner, String method, Term number) {
        lifter.assume(owner, method, (at, args, callHeap) -> {
            Value result = at.free(owner, method + contracts++, callHeap);
            assume(belongs(number, result, callHeap));
            return new JavaLifter.Lifted(result, terms.bool(false), callHeap);
        });
    }

    /** Wherever the method shifts by this distance what the number belongs to, it yields something free that has the shifted number. */
    void assumeShifts(Class<?> owner, String method, Term number, Term distance, Term shifted) {
        lifter.assume(owner, method, (at, args, callHeap) -> {
            Value result = at.free(owner, method + contracts++, callHeap);
            Term met = terms.ult(distance, terms.bv(distance.width(), number.width()));
            for (Value arg : args) {
                if (arg instanceof Value.Word(Term by)) {
                    met = terms.and(met, terms.eq(terms.zeroExtend(by, distance.width()), distance));
                } else if (isKnowledge(arg)) {
                    met = terms.and(met, belongs(number, arg, callHeap));
                }
            }
            assume(terms.implies(met, belongs(shifted, result, callHeap)));
            return new JavaLifter.Lifted(result, terms.bool(false), callHeap);
        });
    }

    private static boolean isKnowledge(Value value) {
        return value instanceof Value.Cell
                || (value instanceof Value.Constant(Object object) && object instanceof Record);
    }

    /** Whether a number, of 64 bits or for a {@link Range32} the low 32, belongs to the knowledge. */
    Term belongs(Term number, Value knowledge) {
        return belongs(number, knowledge, heap);
    }

    private Term belongs(Term number, Value knowledge, Heap at) {
        Class<?> type = typeOf(knowledge);
        if (type == Tnum.class) {
            Term unknown = lifter.component(knowledge, "mask", at);
            return terms.eq(terms.bvAnd(number, terms.bvNot(unknown)), lifter.component(knowledge, "value", at));
        }
        if (type == Scalar.class) {
            return terms.and(belongs(number, lifter.part(knowledge, "bits", at), at),
                    terms.and(belongs(number, lifter.part(knowledge, "wide", at), at),
                            belongs(number, lifter.part(knowledge, "low", at), at)));
        }
        Term seen = seen(number, type);
        if (type != Range32.class && type != Range64.class) {
            throw new IllegalArgumentException(type + " is no knowledge of a number");
        }
        Term unsigned = terms.and(terms.ule(lifter.component(knowledge, "umin", at), seen),
                terms.ule(seen, lifter.component(knowledge, "umax", at)));
        Term signed = terms.and(terms.sle(lifter.component(knowledge, "smin", at), seen),
                terms.sle(seen, lifter.component(knowledge, "smax", at)));
        return terms.and(unsigned, signed);
    }

    /** Claims, part by part and bound by bound (solvers like small questions), that the number belongs. */
    void claim(String what, Term number, Value knowledge) {
        Class<?> type = typeOf(knowledge);
        if (type == Scalar.class) {
            claim(what + ", bits", number, part(knowledge, "bits"));
            claim(what + ", wide", number, part(knowledge, "wide"));
            claim(what + ", low", number, part(knowledge, "low"));
        } else if (type == Tnum.class) {
            goal(what, belongs(number, knowledge));
        } else {
            Term seen = seen(number, type);
            goal(what + ", umin", terms.ule(component(knowledge, "umin"), seen));
            goal(what + ", umax", terms.ule(seen, component(knowledge, "umax")));
            goal(what + ", smin", terms.sle(component(knowledge, "smin"), seen));
            goal(what + ", smax", terms.sle(seen, component(knowledge, "smax")));
        }
    }

    private Term seen(Term number, Class<?> type) {
        return type == Range32.class && number.width() == 64 ? terms.extract(number, 0, 32) : number;
    }

    private static Class<?> typeOf(Value knowledge) {
        return switch (knowledge) {
            case Value.Cell cell -> cell.type();
            case Value.Constant(Object object) -> object.getClass();
            default -> throw new IllegalArgumentException(knowledge + " is no knowledge of a number");
        };
    }

    Obligation done() {
        return new Obligation(hypotheses, goals);
    }
}
