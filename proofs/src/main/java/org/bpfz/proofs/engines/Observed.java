package org.bpfz.proofs.engines;

import java.util.List;
import org.bpfz.proofs.lift.Bytes;
import org.bpfz.proofs.lift.Heap;
import org.bpfz.proofs.lift.JavaLifter;
import org.bpfz.proofs.lift.Value;
import org.bpfz.proofs.term.Term;
import org.bpfz.proofs.term.Terms;
import org.bpfz.interpreter.memory.FlatMemory;
import org.jspecify.annotations.Nullable;

/**
 * What an engine's code does to registers and memory, as terms.
 *
 * @param registers the eleven of the program
 * @param memory    eight bytes from the address on
 * @param address   that was accessed; null where none was
 * @param taken     whether a jump was
 * @param faults    when the code throws instead
 */
record Observed(List<Term> registers, Term memory, @Nullable Term address, Term taken, Term faults) {
    Observed {
        registers = List.copyOf(registers);
    }

    /** Lets contracts stand for the memory's loads and stores: little-endian numbers at the address, or a fault where it is denied. */
    static void assumeMemory(JavaLifter lifter) {
        Terms t = lifter.terms();
        for (int bits : new int[]{8, 16, 32, 64}) {
            lifter.assume(FlatMemory.class, "load" + bits, (at, args, heap) -> {
                Term loaded = Bytes.load(t, args.getFirst(), at.number(args.get(1)), bits, heap);
                return new JavaLifter.Lifted(new Value.Word(t.zeroExtend(loaded, 64)), denied(t), heap);
            });
            lifter.assume(FlatMemory.class, "store" + bits, (at, args, heap) -> {
                Term stored = t.extract(at.number(args.get(2)), 0, bits);
                Bytes.store(t, args.getFirst(), at.number(args.get(1)), stored, heap);
                return new JavaLifter.Lifted(new Value.Opaque(), denied(t), heap);
            });
        }
        lifter.assume(FlatMemory.class, "loadSigned", (at, args, heap) -> {
            int bits = 8 * (int) at.number(args.get(2)).value();
            Term loaded = Bytes.load(t, args.getFirst(), at.number(args.get(1)), bits, heap);
            return new JavaLifter.Lifted(new Value.Word(t.signExtend(loaded, 64)), denied(t), heap);
        });
        lifter.assume(FlatMemory.class, "requireAtomic",
                (at, args, heap) -> new JavaLifter.Lifted(new Value.Opaque(), denied(t), heap));
    }

    /** Whether the memory refuses the access. */
    static Term denied(Terms t) {
        return t.variable("denied", 0);
    }

    /** What a cell of bytes holds in the end, and where it was accessed. */
    static Term memory(JavaLifter lifter, Value bytes, Heap heap) {
        return lifter.number(lifter.part(bytes, Bytes.WORD, heap));
    }

    static @Nullable Term at(JavaLifter lifter, Value bytes, Heap heap) {
        Value at = lifter.part(bytes, Bytes.AT, heap);
        return at instanceof Value.Word(Term term) ? term : null;
    }
}
