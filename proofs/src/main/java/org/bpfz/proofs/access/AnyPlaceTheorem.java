package org.bpfz.proofs.access;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bpfz.interpreter.memory.FlatMemory;
import org.bpfz.proofs.lift.Heap;
import org.bpfz.proofs.lift.JavaLifter;
import org.bpfz.proofs.lift.JavaLifter.Explored;
import org.bpfz.proofs.lift.JavaLifter.Lifted;
import org.bpfz.proofs.lift.OpenArray;
import org.bpfz.proofs.lift.Value;
import org.bpfz.proofs.term.Term;
import org.bpfz.proofs.term.Terms;
import org.bpfz.proofs.theorem.Group;
import org.bpfz.proofs.theorem.Obligation;
import org.bpfz.proofs.theorem.Theorem;
import org.bpfz.proofs.theorem.Theorem.Code;
import org.bpfz.spec.engine.Invocation;
import org.bpfz.spec.memory.Layout;
import org.jspecify.annotations.Nullable;

/** What compiled code calls for an access of any place: of a raw run's memory without asking the memory, and everything else by it. */
final class AnyPlaceTheorem {
    private static final Class<?> ANY_PLACE = AccessTheorems.type("org.bpfz.jit.AnyPlace");
    private static final Class<?> RUN = AccessTheorems.type("org.bpfz.jit.JitRun");
    private static final long FIRST = Layout.CONTEXT - Layout.BASE;

    private final JavaLifter lifter;
    private final Terms t;
    private final Term address;
    private final Term rawLength;
    private final Map<String, Term> goals = new LinkedHashMap<>();

    private AnyPlaceTheorem(JavaLifter lifter) {
        this.lifter = lifter;
        t = lifter.terms();
        address = t.variable("address", 64);
        rawLength = t.variable("rawLength", 32);
    }

    static Theorem theorem() {
        List<Code> code = new ArrayList<>();
        for (int bytes = 1; bytes <= 8; bytes *= 2) {
            code.add(new Code(ANY_PLACE, "load" + 8 * bytes));
            code.add(new Code(ANY_PLACE, "store" + 8 * bytes));
            if (bytes < 8) {
                code.add(new Code(ANY_PLACE, "loadSigned" + 8 * bytes));
            }
        }
        code.add(new Code(ANY_PLACE, "place"));
        code.add(new Code(RUN, "homeOf"));
        return new Theorem("access/any_place", Group.ACCESS,
                "compiled code's access of any address is in the memory of a raw run, all of it, and of the little-endian number "
                        + "there, or is the flat memory's access of that address; and a span of bytes has a place there only if all of it is there",
                code,
                List.of("that a raw run's memory is one region that may be read and written, of at most RAW_LIMIT bytes",
                        "the JDK's little-endian views of byte arrays"),
                "", (Theorem.Symbolic) lifter -> new AnyPlaceTheorem(lifter).state());
    }

    private Obligation state() {
        for (int bytes = 1; bytes <= 8; bytes *= 2) {
            int size = bytes;
            each("load" + 8 * bytes, "load" + 8 * bytes, size, false);
            each("store" + 8 * bytes, "store" + 8 * bytes, size, false);
            if (bytes < 8) {
                each("loadSigned" + 8 * bytes, "loadSigned", size, true);
            }
        }
        span();
        lifter.tryBy(new JavaLifter.Run(AnyPlaceRun.class, model -> "places"));
        List<Term> hypotheses = new ArrayList<>(t.congruence());
        hypotheses.add(t.ule(rawLength, t.bv(32, Layout.RAW_LIMIT)));
        hypotheses.add(t.sle(t.bv(32, Layout.MAPS - Layout.BASE), t.variable("length", 32)));
        return new Obligation(hypotheses, goals);
    }

    /** One way through an access. */
    private record Way(Lifted lifted, List<List<Value>> asked, Value bytes) {
        Way {
            asked = List.copyOf(asked);
        }
    }

    private void each(String method, String flat, int size, boolean signed) {
        Term value = t.variable("value", 64);
        boolean store = method.startsWith("store");
        lifter.explore(() -> {
            List<List<Value>> asked = new ArrayList<>();
            Heap heap = lifter.newHeap();
            lifter.assume(FlatMemory.class, flat, (at, args, callHeap) -> {
                asked.add(args);
                return new Lifted(new Value.Word(t.variable("flat", 64)), t.bool(false), callHeap);
            });
            Lifted home = home(heap);
            Value bytes = OpenArray.ofBytes(lifter, "memory", t.variable("length", 32), home.heap());
            List<Value> args = new ArrayList<>(List.of(lifter.made(FlatMemory.class, Map.of(), home.heap()), bytes,
                    new Value.Word(t.signExtend(lifter.number(home.result()), 64)),
                    new Value.Word(t.bv(64, Layout.CONTEXT)), new Value.Word(address)));
            if (store) {
                args.add(new Value.Word(value));
            }
            return new Way(lifter.liftInside(ANY_PLACE, method, home.heap(), args.toArray(Value[]::new)), asked, bytes);
        }, way -> claim(method, size, signed, store ? value : null, way));
    }

    /** How far a run's memory is looked at without asking, as the run's constructor finds it. */
    private Lifted home(Heap heap) {
        AccessTheorems.answer(lifter, Invocation.class, "isRaw", lifter.free(boolean.class, "raw", heap));
        AccessTheorems.answer(lifter, Invocation.class, "context",
                OpenArray.ofBytes(lifter, "context", rawLength, heap));
        return lifter.liftInside(RUN, "homeOf", heap, lifter.made(Invocation.class, Map.of(), heap));
    }

    /** A span of bytes, of any length, is wholly in the raw run's memory, or has no place. */
    private void span() {
        Term length = t.variable("span", 32);
        lifter.explore(() -> {
            Heap heap = lifter.newHeap();
            Lifted home = home(heap);
            return lifter.liftInside(ANY_PLACE, "place", home.heap(),
                    new Value.Word(t.signExtend(lifter.number(home.result()), 64)),
                    new Value.Word(t.bv(64, Layout.CONTEXT)), new Value.Word(address), new Value.Word(length));
        }, way -> {
            Term asked = t.and(way.condition(), t.sle(t.bv(32, 1), length));
            goal("place never throws", t.not(t.and(asked, way.result().throwsWhen())));
            if (!way.result().throwsWhen().isTrue()) {
                Term place = lifter.number(way.result().result());
                Term at = t.sub(address, t.bv(64, Layout.CONTEXT));
                Term end = t.add(at, t.signExtend(length, 64));
                Term inside = t.and(t.eq(t.variable("raw", 1), t.bv(1, 1)),
                        t.and(t.sle(t.bv(64, 0), at), t.sle(end, t.zeroExtend(rawLength, 64))));
                Term there = t.and(asked, t.not(t.eq(place, t.bv(32, -1))));
                goal("place of a span in the raw run's memory", t.implies(there,
                        t.and(inside, t.eq(place, t.extract(t.add(at, t.bv(64, FIRST)), 0, 32)))));
            }
        });
    }

    private void claim(String method, int size, boolean signed, @Nullable Term value,
            Explored<Way> explored) {
        Way way = explored.result();
        Term taken = explored.condition();
        goal(method + " never throws by itself", t.not(t.and(taken, way.lifted.throwsWhen())));
        if (way.lifted.throwsWhen().isTrue()) {
            return;
        }
        if (!way.asked.isEmpty()) {
            List<Value> args = way.asked.getFirst();
            boolean ofSize = !signed || lifter.number(args.get(2)) == t.bv(32, size);
            Term same = t.and(t.bool(way.asked.size() == 1 && ofSize), t.eq(lifter.number(args.get(1)), address));
            Term passed = value == null
                    ? t.eq(lifter.number(way.lifted.result()), t.variable("flat", 64))
                    : t.eq(lifter.number(args.get(2)), value);
            goal(method + " as the flat memory", t.implies(taken, t.and(same, passed)));
            return;
        }
        Term at = t.sub(address, t.bv(64, Layout.CONTEXT));
        goal(method + " in the raw run's memory", t.implies(taken, t.and(t.eq(t.variable("raw", 1), t.bv(1, 1)),
                t.and(t.sle(t.bv(64, 0), at), t.sle(t.add(at, t.bv(64, size)), t.zeroExtend(rawLength, 64))))));
        Term place = t.extract(t.add(at, t.bv(64, FIRST)), 0, 32);
        if (value == null) {
            Term number = OpenArray.view(t, way.bytes, place, 8 * size, way.lifted.heap());
            goal(method + " yields the number", t.implies(taken, t.eq(lifter.number(way.lifted.result()),
                    signed ? t.signExtend(number, 64) : t.zeroExtend(number, 64))));
            return;
        }
        List<OpenArray.Write> writes = OpenArray.writes(way.bytes, way.lifted.heap());
        Term left = t.bool(writes.size() == size);
        for (int i = 0; i < Math.min(size, writes.size()); i++) {
            left = t.and(left, t.and(t.eq(writes.get(i).index(), t.add(place, t.bv(32, i))),
                    t.eq(writes.get(i).value(), t.extract(value, 8 * i, 8))));
        }
        goal(method + " leaves the number", t.implies(taken, left));
    }

    private void goal(String name, Term term) {
        goals.merge(name, term, t::and);
    }
}
