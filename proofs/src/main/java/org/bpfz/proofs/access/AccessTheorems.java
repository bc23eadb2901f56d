package org.bpfz.proofs.access;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bpfz.proofs.lift.Heap;
import org.bpfz.proofs.lift.JavaLifter;
import org.bpfz.proofs.lift.JavaLifter.Explored;
import org.bpfz.proofs.lift.JavaLifter.Lifted;
import org.bpfz.proofs.lift.LiftException;
import org.bpfz.proofs.lift.Value;
import org.bpfz.proofs.term.Term;
import org.bpfz.proofs.term.Terms;
import org.bpfz.proofs.theorem.Group;
import org.bpfz.proofs.theorem.Obligation;
import org.bpfz.proofs.theorem.Theorem;
import org.bpfz.proofs.theorem.Theorem.Code;
import org.bpfz.spec.isa.RawInstruction;
import org.bpfz.verifier.access.Bounds;
import org.bpfz.verifier.access.PacketAccess;
import org.bpfz.verifier.domain.Scalar;
import org.bpfz.verifier.search.Search;

/**
 * The verifier's checks of memory whose size is known, of the packet and of the stack: where they do not refuse, every byte of the access lies
 * inside, for every value that the pointer's variable offset may have.
 *
 * <p>What a check asks the rest of the verifier for – the register, the frame's depth, who may do what – is free; what it tells the log is left
 * out.
 */
public final class AccessTheorems {
    static final List<String> TRUSTS = List.of("the knowledge of the register is sound (group ranges)");

    private static final int MAX_STACK = 512;

    private AccessTheorems() {
    }

    /** All of them. */
    public static List<Theorem> all() {
        Class<?> stack = type("org.bpfz.verifier.access.StackBounds");
        List<Theorem> theorems = new ArrayList<>();
        theorems.add(theorem("inside",
                "bytes that are inside of a region by __check_mem_access are between its ends, without overflow",
                List.of(new Code(Bounds.class, "isInside")), AccessTheorems::inside));
        theorems.add(theorem("region",
                "an access that checkRegion lets pass (map value, map key, memory of a known size, ring-buffer record) is in the "
                        + "region for every variable offset",
                List.of(new Code(Bounds.class, "checkRegion")), AccessTheorems::region));
        theorems.add(theorem("packet",
                "an access that checkRange lets pass is in the bytes that a comparison has shown to be there",
                List.of(new Code(PacketAccess.class, "checkRange")), AccessTheorems::packet));
        for (boolean write : new boolean[]{true, false}) {
            theorems.add(theorem("stack_" + (write ? "write" : "read"),
                    "a stack " + (write ? "store" : "load")
                            + " that StackBounds lets pass is in the frame's 512 bytes for every variable offset",
                    List.of(new Code(stack, "check")), lifter -> stack(lifter, write)));
        }
        theorems.addAll(ContextTheorems.all());
        theorems.addAll(WrittenTheorems.all());
        theorems.addAll(FlatTheorems.all());
        theorems.add(AnyPlaceTheorem.theorem());
        return theorems;
    }

    private static Theorem theorem(String name, String statement, List<Code> code, Theorem.Symbolic claim) {
        return new Theorem("access/" + name, Group.ACCESS, statement, code,
                TRUSTS, "", claim);
    }

    static Class<?> type(String name) {
        try {
            return Class.forName(name);
        } catch (ClassNotFoundException e) {
            throw new LiftException("the verifier has no " + name, e);
        }
    }

    /** The low bytes of a mathematical integer are enough: all numbers here are far below 2^63. */
    static Term wide(Terms t, Term number) {
        return t.signExtend(number, 64);
    }

    private static Obligation inside(JavaLifter lifter) {
        Terms t = lifter.terms();
        Heap heap = lifter.newHeap();
        Term off = t.variable("off", 32);
        Term size = t.variable("size", 32);
        Term region = t.variable("region", 32);
        Lifted lifted = lifter.liftStatic(Bounds.class, "isInside", heap, new Value.Word(off), new Value.Word(size),
                new Value.Word(region), lifter.free(boolean.class, "zero", heap));
        Term inside = t.not(t.eq(lifter.number(lifted.result()), t.bv(32, 0)));
        Map<String, Term> goals = new LinkedHashMap<>();
        goals.put("from the region's begin", t.implies(inside, t.sle(t.bv(32, 0), off)));
        goals.put("to its end",
                t.implies(inside, t.sle(t.add(wide(t, off), wide(t, size)), t.zeroExtend(region, 64))));
        goals.put("of a size", t.implies(inside, t.sle(t.bv(32, 0), size)));
        return new Obligation(List.of(), goals);
    }

    /** The verifier around a check: a register with this number, and a log that nobody reads. */
    static Value search(JavaLifter lifter, Map<String, Value> register, Heap heap) {
        Terms t = lifter.terms();
        Value pointer = lifter.made(org.bpfz.verifier.state.Value.class, register, heap);
        answer(lifter, Search.class, "value", pointer);
        for (Code silent : List.of(new Code(Search.class, "reject"), new Code(Search.class, "log"),
                new Code(type("org.bpfz.verifier.log.Numbers"), "tnum"), new Code(Bounds.class, "outside"))) {
            silence(lifter, silent);
        }
        Value log = lifter.made(type("org.bpfz.verifier.log.VerifierLog"), Map.of(), heap);
        answer(lifter, Search.class, "log", log);
        lifter.assume(type("org.bpfz.verifier.log.VerifierLog"), "line",
                (at, args, callHeap) -> new Lifted(new Value.Opaque(), t.bool(false), callHeap));
        return lifter.made(Search.class, Map.of(), heap);
    }

    /** Lets a method do nothing and yield what nobody looks at. */
    static void silence(JavaLifter lifter, Code code) {
        answer(lifter, code.owner(), code.method(), new Value.Opaque());
    }

    /** Lets a method yield this. */
    static void answer(JavaLifter lifter, Class<?> owner, String method, Value value) {
        lifter.assume(owner, method, (at, args, heap) -> new Lifted(value, at.terms().bool(false), heap));
    }

    /** That x is among the numbers that the register's knowledge leaves. */
    static List<Term> known(JavaLifter lifter, Value number, Term x, Heap heap) {
        Terms t = lifter.terms();
        List<Term> known = new ArrayList<>();
        known.add(t.ule(lifter.component(number, "wide.umin", heap), x));
        known.add(t.ule(x, lifter.component(number, "wide.umax", heap)));
        known.add(t.sle(lifter.component(number, "wide.smin", heap), x));
        known.add(t.sle(x, lifter.component(number, "wide.smax", heap)));
        known.add(t.eq(t.bvAnd(x, t.bvNot(lifter.component(number, "bits.mask", heap))),
                lifter.component(number, "bits.value", heap)));
        return known;
    }

    private static Obligation region(JavaLifter lifter) {
        Terms t = lifter.terms();
        Term x = t.variable("x", 64);
        Term off = t.variable("off", 32);
        Term size = t.variable("size", 32);
        Term region = t.variable("region", 32);
        Heap setup = lifter.newHeap();
        Value number = lifter.free(Scalar.class, "number", setup);
        List<Term> hypotheses = known(lifter, number, x, setup);
        hypotheses.add(t.sle(t.bv(32, 0), size));
        Map<String, Term> goals = new LinkedHashMap<>();
        for (Explored<Lifted> way : lifter.explore(() -> {
            Heap heap = lifter.newHeap();
            Value free = lifter.free(Scalar.class, "number", heap);
            Value search = search(lifter, Map.of("number", free), heap);
            Value bounds = lifter.made(Bounds.class, Map.of("search", search), heap);
            return lifter.liftInside(Bounds.class, "checkRegion", heap, bounds, new Value.Word(t.bv(32, 1)),
                    new Value.Word(off), new Value.Word(size), new Value.Word(region),
                    lifter.free(boolean.class, "zero", heap));
        })) {
            Term accepted = t.and(way.condition(), t.not(way.result().throwsWhen()));
            Term from = t.add(wide(t, off), x);
            and(t, goals, "from the region's begin", t.implies(accepted, t.sle(t.bv(64, 0), from)));
            and(t, goals, "to its end", t.implies(accepted,
                    t.sle(t.add(from, wide(t, size)), t.zeroExtend(region, 64))));
        }
        return tried(lifter, new Obligation(hypotheses, goals), "region");
    }

    private static Obligation packet(JavaLifter lifter) {
        Terms t = lifter.terms();
        Term off = t.variable("off", 32);
        Term size = t.variable("size", 32);
        Term range = t.variable("range", 32);
        Map<String, Term> goals = new LinkedHashMap<>();
        for (Explored<Lifted> way : lifter.explore(() -> {
            Heap heap = lifter.newHeap();
            Value free = lifter.free(Scalar.class, "number", heap);
            Value search = search(lifter, Map.of("number", free), heap);
            answer(lifter, org.bpfz.verifier.state.Value.class, "packetRange", new Value.Word(range));
            Value bounds = lifter.made(Bounds.class, Map.of("search", search), heap);
            Value packets = lifter.made(PacketAccess.class, Map.of("search", search, "bounds", bounds), heap);
            return lifter.liftInside(PacketAccess.class, "checkRange", heap, packets, new Value.Word(t.bv(32, 1)),
                    new Value.Word(off), new Value.Word(size), lifter.free(boolean.class, "zero", heap));
        })) {
            Term accepted = t.and(way.condition(), t.not(way.result().throwsWhen()));
            and(t, goals, "from the range's begin", t.implies(accepted, t.sle(t.bv(32, 0), off)));
            and(t, goals, "to its end",
                    t.implies(accepted, t.sle(t.add(wide(t, off), wide(t, size)), wide(t, range))));
        }
        return tried(lifter, new Obligation(List.of(), goals), "packet");
    }

    private static Obligation stack(JavaLifter lifter, boolean write) {
        Terms t = lifter.terms();
        Term x = t.variable("x", 64);
        Term off = t.variable("off", 32);
        Term size = t.variable("size", 32);
        Term depth = t.variable("depth", 32);
        Heap setup = lifter.newHeap();
        Value number = lifter.free(Scalar.class, "number", setup);
        List<Term> hypotheses = known(lifter, number, x, setup);
        hypotheses.add(t.sle(t.bv(32, 0), depth));
        hypotheses.add(t.sle(depth, t.bv(32, MAX_STACK)));
        hypotheses.add(t.sle(t.bv(32, 1), size));
        Class<?> stackBounds = type("org.bpfz.verifier.access.StackBounds");
        Class<?> objects = type("org.bpfz.verifier.access.StackObjects");
        Class<?> frame = type("org.bpfz.verifier.state.Frame");
        Map<String, Term> goals = new LinkedHashMap<>();
        for (Explored<Lifted> way : lifter.explore(() -> {
            Heap heap = lifter.newHeap();
            Value free = lifter.free(Scalar.class, "number", heap);
            Value search = search(lifter, Map.of("number", free), heap);
            answer(lifter, Search.class, "mayReadUninitialised",
                    new Value.Word(t.zeroExtend(t.variable("may", 1), 32)));
            answer(lifter, Search.class, "insn", lifter.free(RawInstruction.class, "insn", heap));
            answer(lifter, Search.class, "exposeStack", new Value.Opaque());
            answer(lifter, objects, "frameOf", lifter.made(frame, Map.of(), heap));
            answer(lifter, frame, "stackBytes", new Value.Word(depth));
            answer(lifter, frame, "growStack", new Value.Word(t.bv(32, 0)));
            Value check = lifter.made(stackBounds,
                    Map.of("search", search, "objects", lifter.made(objects, Map.of(), heap)), heap);
            return lifter.liftInside(stackBounds, "check", heap, check, new Value.Word(t.bv(32, 1)),
                    new Value.Word(off), new Value.Word(size), new Value.Word(t.bv(32, 0)),
                    new Value.Word(t.bv(32, write ? 1 : 0)));
        })) {
            Term accepted = t.and(way.condition(), t.not(way.result().throwsWhen()));
            Term from = t.add(wide(t, off), x);
            and(t, goals, "from the frame's lowest byte",
                    t.implies(accepted, t.sle(t.bv(64, -MAX_STACK), from)));
            and(t, goals, "to its highest", t.implies(accepted,
                    t.sle(t.add(from, wide(t, size)), t.bv(64, 0))));
        }
        return tried(lifter, new Obligation(hypotheses, goals), "stack");
    }

    static void and(Terms t, Map<String, Term> goals, String name, Term goal) {
        goals.merge(name, goal, t::and);
    }

    /** A counterexample is tried by a program that the verifier is asked about; see {@link VerifierRun}. */
    static Obligation tried(JavaLifter lifter, Obligation obligation, String what) {
        lifter.tryBy(new JavaLifter.Run(VerifierRun.class, model -> what));
        return obligation;
    }
}
