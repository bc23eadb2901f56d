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

/** The Java half of an equality: calls one after the other on one heap, what they are assumed of, and the words that come out. */
final class JavaSide {
    private final JavaLifter lifter;
    private final List<Term> hypotheses = new ArrayList<>();
    private final Map<String, Term> words = new LinkedHashMap<>();
    private Heap heap;
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
}
