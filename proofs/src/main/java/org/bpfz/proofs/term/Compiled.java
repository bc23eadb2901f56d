package org.bpfz.proofs.term;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A term made ready to be worked out for many values of its variables, as {@link Evaluator} does for some. Not for use by several threads. */
public final class Compiled {
    private final List<Term> order = new ArrayList<>();
    private final Map<Term, Integer> places = new HashMap<>();
    private final int[][] args;
    private final int[][] widths;
    private final long[][] operands;
    private final long[] results;
    private final int[] inputs;
    private final int root;

    /** Of these variables, in the order in which their values will come. */
    public Compiled(Term root, List<Term> variables) {
        variables.forEach(this::place);
        place(root);
        int count = order.size();
        args = new int[count][];
        widths = new int[count][];
        operands = new long[count][];
        results = new long[count];
        inputs = variables.stream().mapToInt(places::get).toArray();
        for (int i = 0; i < count; i++) {
            args[i] = order.get(i).args().stream().mapToInt(places::get).toArray();
            widths[i] = order.get(i).args().stream().mapToInt(Term::width).toArray();
            operands[i] = new long[args[i].length];
            results[i] = order.get(i).value();
        }
        this.root = places.get(root);
    }

    private void place(Term term) {
        if (!places.containsKey(term)) {
            term.args().forEach(this::place);
            places.put(term, order.size());
            order.add(term);
        }
    }

    /** The term's bits, zero above its width, where the variables are these (what is above their width is not looked at). */
    public long apply(long... values) {
        for (int i = 0; i < inputs.length; i++) {
            int width = order.get(inputs[i]).width();
            results[inputs[i]] = width == 0 ? values[i] & 1 : values[i] & Terms.mask(width);
        }
        for (int i = 0; i < args.length; i++) {
            if (args[i].length > 0) {
                for (int k = 0; k < args[i].length; k++) {
                    operands[i][k] = results[args[i][k]];
                }
                Term term = order.get(i);
                results[i] = Evaluator.apply(term.op(), term.width(), term.value(), operands[i], widths[i]);
            }
        }
        return results[root];
    }
}
