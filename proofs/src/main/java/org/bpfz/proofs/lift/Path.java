package org.bpfz.proofs.lift;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bpfz.proofs.term.Term;
import org.jspecify.annotations.Nullable;

/** One way through a method up to some instruction: when it is taken, and what the variables, the stack and the heap hold then. */
final class Path {
    final Term condition;
    final @Nullable Value[] locals;
    final List<Value> stack;
    final Heap heap;

    Path(Term condition, @Nullable Value[] locals, List<Value> stack, Heap heap) {
        this.condition = condition;
        this.locals = locals;
        this.stack = stack;
        this.heap = heap;
    }

    /** The same place under a narrower condition, free to go another way. */
    Path fork(Term narrower) {
        return new Path(narrower, Arrays.copyOf(locals, locals.length), new ArrayList<>(stack), heap.copy());
    }

    void push(Value value) {
        stack.addLast(value);
    }

    Value pop() {
        return stack.removeLast();
    }

    Term popTerm() {
        if (pop() instanceof Value.Word(Term term)) {
            return term;
        }
        throw new LiftException("a number was expected on the stack");
    }
}
