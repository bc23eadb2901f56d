package org.bpfz.proofs.lift;

import org.bpfz.proofs.lift.Value.Cell;
import org.bpfz.proofs.lift.Value.Word;
import org.bpfz.proofs.term.Term;
import org.bpfz.proofs.term.Terms;

/**
 * An array of bytes of which an instruction sees up to eight, from one index on: enough for one access, and for a read-modify-write. An access
 * at another index is an error. Whether the index is outside of the array is free.
 */
public final class Bytes {
    /** The field with the eight bytes, little-endian. */
    public static final String WORD = "word";
    /** The field with the index, once there was an access; null before. */
    public static final String AT = "at";

    private Bytes() {
    }

    /** Such an array, or anything else that is accessed like it, as a cell. */
    public static Value make(JavaLifter lifter, Class<?> type, Heap heap) {
        Cell cell = heap.allocate(type);
        heap.put(cell, WORD, new Word(lifter.terms().variable("memory", 64)));
        heap.put(cell, AT, new Value.Null());
        return cell;
    }

    static boolean is(Value value, Heap heap) {
        return value instanceof Cell cell && heap.holds(cell) && heap.fields(cell).containsKey(WORD);
    }

    private static void at(Cell cell, Term index, Heap heap) {
        Value known = heap.fields(cell).get(AT);
        if (known instanceof Value.Null) {
            heap.put(cell, AT, new Word(index));
        } else if (!new Word(index).equals(known)) {
            throw new LiftException("accesses bytes at two places");
        }
    }

    /** So many low bits of what is there. */
    public static Term load(Terms terms, Value bytes, Term index, int bits, Heap heap) {
        Cell cell = (Cell) bytes;
        at(cell, index, heap);
        if (!(heap.fields(cell).get(WORD) instanceof Word(Term word))) {
            throw new LiftException("bytes that are none");
        }
        return terms.extract(word, 0, bits);
    }

    /** Leaves these bits there. */
    public static void store(Terms terms, Value bytes, Term index, Term value, Heap heap) {
        Cell cell = (Cell) bytes;
        int bits = value.width();
        Term whole = load(terms, bytes, index, 64, heap);
        Term word = bits == 64 ? value : terms.concat(terms.extract(whole, bits, 64 - bits), value);
        heap.put(cell, WORD, new Word(word));
    }

    /** Whether an access is outside of the array. */
    public static Term outside(Terms terms) {
        return terms.variable("outside", 0);
    }
}
