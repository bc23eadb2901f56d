package org.bpfz.proofs.lift;

import java.util.HashMap;
import java.util.Map;
import org.bpfz.proofs.lift.Value.Cell;

/** The fields of the cells, on one path. A field is written by its object's constructor only, so a cell is a value once it is made. */
public final class Heap {
    private final Map<Cell, Map<String, Value>> fields;

    Heap() {
        this(new HashMap<>());
    }

    private Heap(Map<Cell, Map<String, Value>> fields) {
        this.fields = fields;
    }

    Heap copy() {
        Map<Cell, Map<String, Value>> copy = new HashMap<>();
        fields.forEach((cell, values) -> copy.put(cell, new HashMap<>(values)));
        return new Heap(copy);
    }

    Cell allocate(Class<?> type) {
        Cell cell = new Cell(type);
        fields.put(cell, new HashMap<>());
        return cell;
    }

    boolean holds(Cell cell) {
        return fields.containsKey(cell);
    }

    Map<String, Value> fields(Cell cell) {
        Map<String, Value> values = fields.get(cell);
        if (values == null) {
            throw new LiftException(cell + " is not on this path's heap");
        }
        return values;
    }

    void put(Cell cell, String field, Value value) {
        fields(cell).put(field, value);
    }

    /** The cells that only the other path knows come along as they are. */
    void adopt(Heap other) {
        other.fields.forEach((cell, values) -> fields.putIfAbsent(cell, new HashMap<>(values)));
    }

    Iterable<Cell> cells() {
        return fields.keySet();
    }
}
