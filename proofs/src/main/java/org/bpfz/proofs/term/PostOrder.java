package org.bpfz.proofs.term;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.function.Function;

/** Goes through a term's arguments before the term, each once however often it is shared; by a stack of its own, since terms are deep. */
public final class PostOrder {
    private PostOrder() {
    }

    /**
     * Adds what is made of each term to the map, unless it is there already.
     *
     * @param done has all arguments of a term when that is asked for
     */
    public static <V> void fill(Term root, Map<Term, V> done, Function<? super Term, ? extends V> made) {
        Deque<Term> open = new ArrayDeque<>();
        open.push(root);
        while (!open.isEmpty()) {
            Term term = open.peek();
            boolean ready = true;
            for (Term arg : term.args()) {
                if (!done.containsKey(arg)) {
                    open.push(arg);
                    ready = false;
                }
            }
            if (ready) {
                open.pop();
                if (!done.containsKey(term)) {
                    done.put(term, made.apply(term));
                }
            }
        }
    }
}
