package org.bpfz.proofs.lift;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bpfz.proofs.lift.Value.Cell;
import org.bpfz.proofs.lift.Value.Constant;
import org.bpfz.proofs.lift.Value.Dead;
import org.bpfz.proofs.lift.Value.EnumChoice;
import org.bpfz.proofs.lift.Value.Word;
import org.bpfz.proofs.term.Term;
import org.bpfz.proofs.term.Terms;
import org.jspecify.annotations.Nullable;

/**
 * Joins two paths that meet: numbers by ITE, records field by field, enum constants by their ordinal.
 *
 * <p>Two records become a new one, so that the identity of records is lost; code that compares references is an error in
 * {@link JavaLifter}.
 */
final class Joiner {
    private final Terms terms;
    private final Reflection reflection;

    Joiner(Terms terms, Reflection reflection) {
        this.terms = terms;
        this.reflection = reflection;
    }

    Path join(Path a, Path b) {
        if (a.stack.size() != b.stack.size()) {
            throw new LiftException("paths meet with stacks of different heights");
        }
        Heap heap = a.heap.copy();
        heap.adopt(b.heap);
        for (Cell cell : new ArrayList<>(intersection(a.heap, b.heap))) {
            joinFields(a, b, heap, cell);
        }
        @Nullable
        Value[] locals = new @Nullable Value[a.locals.length];
        for (int i = 0; i < locals.length; i++) {
            Value left = a.locals[i];
            Value right = b.locals[i];
            locals[i] = left == null || right == null ? null : join(a.condition, left, right, heap);
        }
        List<Value> stack = new ArrayList<>();
        for (int i = 0; i < a.stack.size(); i++) {
            stack.add(join(a.condition, a.stack.get(i), b.stack.get(i), heap));
        }
        return new Path(terms.or(a.condition, b.condition), locals, stack, heap);
    }

    private static List<Cell> intersection(Heap a, Heap b) {
        List<Cell> both = new ArrayList<>();
        for (Cell cell : a.cells()) {
            if (b.holds(cell)) {
                both.add(cell);
            }
        }
        return both;
    }

    private void joinFields(Path a, Path b, Heap heap, Cell cell) {
        Map<String, Value> left = a.heap.fields(cell);
        Map<String, Value> right = b.heap.fields(cell);
        if (!left.keySet().equals(right.keySet())) {
            throw new LiftException(cell + " is half made where paths meet");
        }
        left.forEach((field, value) -> heap.put(cell, field, join(a.condition, value, right.get(field), heap)));
    }

    /** The first value where the condition holds, else the second. */
    Value join(Term condition, Value a, @Nullable Value b, Heap heap) {
        if (b == null) {
            return new Dead();
        }
        if (a.equals(b)) {
            return a;
        }
        if (a instanceof Word(Term left) && b instanceof Word(Term right) && left.width() == right.width()) {
            return new Word(terms.ite(condition, left, right));
        }
        Class<?> enumType = enumType(a);
        if (enumType != null && enumType.equals(enumType(b))) {
            return new EnumChoice(enumType, terms.ite(condition, ordinal(a), ordinal(b)));
        }
        Cell left = asCell(a, heap);
        Cell right = asCell(b, heap);
        if (left != null && right != null && left.type().equals(right.type()) && left.type().isRecord()) {
            return joinCells(condition, left, right, heap);
        }
        return new Dead();
    }

    private Cell joinCells(Term condition, Cell left, Cell right, Heap heap) {
        Map<String, Value> a = new HashMap<>(heap.fields(left));
        Map<String, Value> b = heap.fields(right);
        Cell joined = heap.allocate(left.type());
        a.forEach((field, value) -> heap.put(joined, field, join(condition, value, b.get(field), heap)));
        return joined;
    }

    private static @Nullable Class<?> enumType(Value value) {
        return switch (value) {
            case EnumChoice(Class<?> type, Term _) -> type;
            case Constant(Enum<?> constant) -> constant.getDeclaringClass();
            default -> null;
        };
    }

    private Term ordinal(Value value) {
        return switch (value) {
            case EnumChoice(Class<?> _, Term ordinal) -> ordinal;
            case Constant(Enum<?> constant) -> terms.bv(32, constant.ordinal());
            default -> throw new LiftException(value + " is no enum constant");
        };
    }

    /** The value as a cell, a constant record by copying its fields; null where it is neither. */
    @Nullable
    Cell asCell(Value value, Heap heap) {
        return switch (value) {
            case Cell cell -> cell;
            case Constant(Record constant) -> reflection.unpack(constant, heap);
            default -> null;
        };
    }
}
