package org.bpfz.proofs.kernel;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bpfz.proofs.lift.Heap;
import org.bpfz.proofs.lift.JavaLifter;
import org.bpfz.proofs.lift.Value;
import org.bpfz.proofs.term.Term;
import org.bpfz.proofs.term.Terms;
import org.bpfz.verifier.domain.Range32;
import org.bpfz.verifier.domain.Range64;
import org.bpfz.verifier.domain.Scalar;
import org.bpfz.verifier.domain.Tnum;

/** The Java half of an equality: calls one after the other on one heap, what they are assumed of, and the words that come out. */
final class JavaSide {
    private final JavaLifter lifter;
    private final List<Term> hypotheses = new ArrayList<>();
    private final Map<String, Term> words = new LinkedHashMap<>();
    private Heap heap;
    private boolean congruence;
    private Term throwsWhen;

    JavaSide(JavaLifter lifter, Heap heap) {
        this.lifter = lifter;
        this.heap = heap;
        throwsWhen = lifter.terms().bool(false);
    }

    Terms terms() {
        return lifter.terms();
    }

    Value call(Class<?> owner, String method, Value... args) {
        JavaLifter.Lifted lifted = lifter.lift(owner, method, heap, args);
        heap = lifted.heap();
        throwsWhen = terms().or(throwsWhen, lifted.throwsWhen());
        return lifted.result();
    }

    /** As {@link #call}, of the static method where an instance method takes as many arguments, its receiver counted. */
    Value callStatic(Class<?> owner, String method, Value... args) {
        JavaLifter.Lifted lifted = lifter.liftStatic(owner, method, heap, args);
        heap = lifted.heap();
        throwsWhen = terms().or(throwsWhen, lifted.throwsWhen());
        return lifted.result();
    }

    /** A question about a value and a number, of the method with this descriptor; no part of what is compared. */
    Term ask(Class<?> owner, String method, String descriptor, Value value, Term number) {
        JavaLifter.Lifted lifted = lifter.liftInside(owner, method, descriptor, heap, value, new Value.Word(number));
        return terms().not(terms().eq(number(lifted.result()), terms().bv(32, 0)));
    }

    Value constant(Object object) {
        return lifter.constant(object);
    }

    Value part(Value value, String component) {
        return lifter.part(value, component, heap);
    }

    Term number(Value value, String path) {
        return lifter.component(value, path, heap);
    }

    Term number(Value value) {
        return lifter.number(value);
    }

    void assume(Term hypothesis) {
        hypotheses.add(hypothesis);
    }

    /** Claims that a word of the kernel's is this. */
    void word(String name, Term term) {
        words.put(name, term);
    }

    /** Claims the words of a record: each component, under its path from the number. */
    void words(String prefix, Value value, String... components) {
        for (String component : components) {
            word(prefix + component, number(value, component));
        }
    }

    List<Term> hypotheses() {
        return hypotheses;
    }

    Map<String, Term> words() {
        return words;
    }

    Term throwsWhen() {
        return throwsWhen;
    }

    /** Says that arguments of unknown functions may have to be seen to be equal where they are not the same term. */
    void assumeCongruence() {
        congruence = true;
    }

    boolean isCongruenceNeeded() {
        return congruence;
    }

    /** Lets any function of a number stand for a method of Scalar, the same one as in the C: see entry.c. */
    void anyStage(String method, String function) {
        lifter.assume(Scalar.class, method, (at, args, callHeap) -> {
            List<Term> parts = new ArrayList<>();
            for (String word : KernelTheorems.WORDS) {
                parts.add(at.component(args.getFirst(), word, callHeap));
            }
            List<Value> results = new ArrayList<>();
            for (int i = 0; i < parts.size(); i++) {
                results.add(new Value.Word(terms().any(function + "_" + i, parts.get(i).width(), parts)));
            }
            Value bits = at.made(Tnum.class, fields(results.subList(0, 2), "value", "mask"), callHeap);
            Value wide = at.made(Range64.class, fields(results.subList(2, 6), "umin", "umax", "smin", "smax"),
                    callHeap);
            Value low = at.made(Range32.class, fields(results.subList(6, 10), "umin", "umax", "smin", "smax"),
                    callHeap);
            Value result = at.made(Scalar.class, Map.of("bits", bits, "wide", wide, "low", low), callHeap);
            return new JavaLifter.Lifted(result, terms().bool(false), callHeap);
        });
    }

    /** Lets any function of ranges stand for a method that yields one of a width, the same one as in the C. */
    void anyRange(Class<?> range, String method, String function) {
        int width = range == Range64.class ? 64 : 32;
        lifter.assume(range, method, (at, args, callHeap) -> {
            List<Term> parts = new ArrayList<>();
            // The C has the wider range first.
            for (Value arg : args.reversed()) {
                for (String word : List.of("umin", "umax", "smin", "smax")) {
                    parts.add(at.component(arg, word, callHeap));
                }
            }
            List<Value> results = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                results.add(new Value.Word(terms().any(function + "_" + i, width, parts)));
            }
            Value result = at.made(range, fields(results, "umin", "umax", "smin", "smax"), callHeap);
            return new JavaLifter.Lifted(result, terms().bool(false), callHeap);
        });
    }

    private static Map<String, Value> fields(List<Value> values, String... names) {
        Map<String, Value> fields = new LinkedHashMap<>();
        for (int i = 0; i < names.length; i++) {
            fields.put(names[i], values.get(i));
        }
        return fields;
    }
}
