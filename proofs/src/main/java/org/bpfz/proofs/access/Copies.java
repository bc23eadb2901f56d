package org.bpfz.proofs.access;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bpfz.proofs.lift.Heap;
import org.bpfz.proofs.lift.JavaLifter;
import org.bpfz.proofs.lift.JavaLifter.Lifted;
import org.bpfz.proofs.lift.OpenArray;
import org.bpfz.proofs.lift.Value;
import org.bpfz.proofs.term.Term;
import org.bpfz.proofs.term.Terms;

/** The JDK's copies of arrays, noted and not made: claims say that they are inside of both. */
final class Copies {
    /** Bytes from one array to another. */
    record Copy(Value from, Term fromIndex, Value to, Term toIndex, Term count) {}

    private final Terms t;
    private final List<Copy> made = new ArrayList<>();

    Copies(JavaLifter lifter) {
        t = lifter.terms();
        lifter.assume(System.class, "arraycopy", (at, args, heap) -> {
            made.add(new Copy(args.get(0), at.number(args.get(1)), args.get(2), at.number(args.get(3)),
                    at.number(args.get(4))));
            return new Lifted(new Value.Opaque(), t.bool(false), heap);
        });
        lifter.assume(Arrays.class, "copyOfRange", (at, args, heap) -> {
            Term from = at.number(args.get(1));
            Term count = t.sub(at.number(args.get(2)), from);
            Value copy = OpenArray.ofBytes(at, "copy", count, heap);
            made.add(new Copy(args.get(0), from, copy, t.bv(32, 0), count));
            return new Lifted(copy, t.bool(false), heap);
        });
    }

    /** Forgets what was noted: another way begins. */
    void begin() {
        made.clear();
    }

    /** What was copied since. */
    List<Copy> made() {
        return List.copyOf(made);
    }

    /** Whether as many bytes as the count says, which is not negative, are in the array from the index on. */
    static Term isInside(JavaLifter lifter, Value array, Term index, Term count, Heap heap) {
        Terms t = lifter.terms();
        Term length = t.signExtend(OpenArray.lengthOf(lifter, array, heap), 64);
        Term end = t.add(t.signExtend(index, 64), t.signExtend(count, 64));
        return t.and(t.sle(t.bv(32, 0), count), t.and(t.sle(t.bv(32, 0), index), t.sle(end, length)));
    }
}
