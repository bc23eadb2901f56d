package org.bpfz.proofs.lift;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.bpfz.proofs.lift.Value.Cell;
import org.bpfz.proofs.lift.Value.Constant;
import org.bpfz.proofs.lift.Value.Word;
import org.bpfz.proofs.term.Term;
import org.bpfz.proofs.term.Terms;

/**
 * An array of any length: what an element was before, a function of its index says; what is written is noted in order. For code that is explored
 * way by way, or that only reads: notes of writes are not joined.
 */
public final class OpenArray {
    private static final String LENGTH = "length";
    private static final String ELEMENTS = "elements";
    private static final String WRITES = "writes";

    /** One element that was written, as it lies in the array. */
    public record Write(Term index, Term value) {}

    private record Elements(UnaryOperator<Term> at) {}

    private record Writes(List<Write> all) {
        Writes {
            all = List.copyOf(all);
        }
    }

    private OpenArray() {
    }

    /**
     * Such an array.
     *
     * @param type     of the array, {@code byte[]} say
     * @param length   32 bits; not negative, which is for the claim's hypotheses to say
     * @param elements an element by its index, of the width that it has in the array
     */
    public static Value make(JavaLifter lifter, Class<?> type, Term length, UnaryOperator<Term> elements, Heap heap) {
        Cell cell = heap.allocate(type);
        heap.put(cell, LENGTH, new Word(length));
        heap.put(cell, ELEMENTS, lifter.constant(new Elements(elements)));
        heap.put(cell, WRITES, lifter.constant(new Writes(List.of())));
        return cell;
    }

    /** Such an array of bytes of which nothing is known; those of arrays of the same name are the same. */
    public static Value ofBytes(JavaLifter lifter, String name, Term length, Heap heap) {
        return make(lifter, byte[].class, length, index -> lifter.terms().any(name, 8, List.of(index)), heap);
    }

    static boolean is(Value value, Heap heap) {
        return value instanceof Cell cell && heap.holds(cell) && heap.fields(cell).containsKey(ELEMENTS);
    }

    static Value length(Value array, Heap heap) {
        return heap.fields((Cell) array).get(LENGTH);
    }

    /** How many elements there are, 32 bits. */
    public static Term lengthOf(JavaLifter lifter, Value array, Heap heap) {
        return lifter.number(length(array, heap));
    }

    /** What was written, in order. */
    public static List<Write> writes(Value array, Heap heap) {
        if (heap.fields((Cell) array).get(WRITES) instanceof Constant(Writes writes)) {
            return writes.all;
        }
        throw new LiftException("what was written is not known where paths meet");
    }

    /** An element as it lies in the array. */
    public static Term load(Terms terms, Value array, Term index, Heap heap) {
        if (!(heap.fields((Cell) array).get(ELEMENTS) instanceof Constant(Elements elements))) {
            throw new LiftException("an array of other elements on each path");
        }
        Term element = elements.at.apply(index);
        for (Write write : writes(array, heap)) {
            element = terms.ite(terms.eq(write.index, index), write.value, element);
        }
        return element;
    }

    static void store(JavaLifter lifter, Value array, Term index, Term value, Heap heap) {
        List<Write> more = new ArrayList<>(writes(array, heap));
        more.add(new Write(index, value));
        heap.put((Cell) array, WRITES, lifter.constant(new Writes(more)));
    }

    /** So many bits from bytes, little-endian. */
    public static Term view(Terms terms, Value array, Term index, int bits, Heap heap) {
        Term number = load(terms, array, index, heap);
        for (int i = 1; i < bits / 8; i++) {
            number = terms.concat(load(terms, array, terms.add(index, terms.bv(32, i)), heap), number);
        }
        return number;
    }

    /** Writes bytes, little-endian. */
    static void storeView(JavaLifter lifter, Value array, Term index, Term value, Heap heap) {
        Terms terms = lifter.terms();
        for (int i = 0; i < value.width() / 8; i++) {
            store(lifter, array, terms.add(index, terms.bv(32, i)), terms.extract(value, 8 * i, 8), heap);
        }
    }

    /** Whether so many elements from the index on are not all in the array (Objects.checkIndex, as array views ask it). */
    static Term outside(Terms terms, Value array, Term index, int elements, Heap heap) {
        if (!(length(array, heap) instanceof Word(Term length))) {
            throw new LiftException("an array of no length");
        }
        Term ends = terms.sub(length, terms.bv(32, elements - 1));
        return terms.or(terms.slt(index, terms.bv(32, 0)), terms.sle(ends, index));
    }
}
