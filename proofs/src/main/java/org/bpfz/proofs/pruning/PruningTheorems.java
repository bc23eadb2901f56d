package org.bpfz.proofs.pruning;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.bpfz.proofs.lift.Heap;
import org.bpfz.proofs.lift.JavaLifter.Lifted;
import org.bpfz.proofs.lift.JavaLifter;
import org.bpfz.proofs.lift.LiftException;
import org.bpfz.proofs.lift.Value;
import org.bpfz.proofs.term.Term;
import org.bpfz.proofs.term.Terms;
import org.bpfz.proofs.theorem.Group;
import org.bpfz.proofs.theorem.Obligation;
import org.bpfz.proofs.theorem.Theorem.Code;
import org.bpfz.proofs.theorem.Theorem;
import org.bpfz.verifier.domain.Range32;
import org.bpfz.verifier.domain.Range64;
import org.bpfz.verifier.domain.Scalar;
import org.bpfz.verifier.domain.Tnum;
import org.bpfz.verifier.search.Search;
import org.bpfz.verifier.state.Kind;
import org.bpfz.verifier.state.Payload;
import org.bpfz.verifier.state.Register;
import org.bpfz.verifier.state.StackSlot;

/**
 * What it takes for a saved value to cover the current one: every number that the current one may be is one that the saved one may be, and a
 * pointer points to the same with no more known of what is there.
 *
 * <p>Taken for granted: a place that was not read since the state was saved does not matter, nor which number stands in one that is not marked as
 * precise (liveness and precision tracking; properties and the kernel's own verdicts test those), and what ids that match mean. The payloads of
 * pointers are compared by equality and left at that. {@link States} speaks of what is more than a register or a slot with numbers.
 */
public final class PruningTheorems {
    static final Class<?> EQUIVALENCE = type("org.bpfz.verifier.search.Equivalence");
    static final Object[] MODES = type("org.bpfz.verifier.search.Equivalence$Mode").getEnumConstants();
    private static final String REGISTERS = "(Lorg/bpfz/verifier/state/Register;Lorg/bpfz/verifier/state/Register;"
            + "Lorg/bpfz/verifier/search/Equivalence$Mode;)Z";
    private static final List<Payload> NO_PAYLOADS = List.of(Payload.None.NONE, Payload.None.NONE);
    private static final List<String> TRUSTS = List.of(
            "liveness and precision: what is not read, or not precise, does not matter",
            "ids that match name the same (pruning/ids says when they do)");

    private PruningTheorems() {
    }

    static Class<?> type(String name) {
        try {
            return Class.forName(name);
        } catch (ClassNotFoundException e) {
            throw new LiftException("the verifier has no " + name, e);
        }
    }

    /** All of them. */
    public static List<Theorem> all() {
        List<Theorem> all = new ArrayList<>(List.of(
                new Theorem("pruning/bounds", Group.PRUNING,
                        "bounds that contain others have all numbers that those have",
                        List.of(new Code(Range64.class, "contains"), new Code(Range32.class, "contains"),
                                new Code(Scalar.class, "boundsContain")),
                        List.of(), "", (Theorem.Symbolic) PruningTheorems::bounds),
                new Theorem("pruning/bits", Group.PRUNING, "a tnum that contains another has all numbers that it has",
                        List.of(new Code(Tnum.class, "contains")), List.of(), "",
                        (Theorem.Symbolic) PruningTheorems::bits),
                new Theorem("pruning/number", Group.PRUNING,
                        "a register with a number covers another only if it may be every number that the other may be, or was "
                                + "not read, or not precise",
                        List.of(new Code(EQUIVALENCE, "coversNumber"), new Code(EQUIVALENCE, "covers"),
                                new Code(EQUIVALENCE, "contains")),
                        TRUSTS, "", (Theorem.Symbolic) PruningTheorems::number),
                pointer("map_value", Kind.MAP_VALUE, NO_PAYLOADS),
                pointer("packet", Kind.PACKET, List.of(new Payload.PacketRange(8), new Payload.PacketRange(9))),
                pointer("packet_shorter", Kind.PACKET, List.of(new Payload.PacketRange(9), new Payload.PacketRange(8))),
                pointer("stack", Kind.STACK, NO_PAYLOADS),
                new Theorem("pruning/packet_range", Group.PRUNING,
                        "a packet pointer covers another only if no more bytes were known to be there, and what is no range only "
                                + "the same",
                        List.of(new Code(EQUIVALENCE, "coversRange")), List.of(), "",
                        (Theorem.Symbolic) PruningTheorems::packetRange),
                new Theorem("pruning/slot", Group.PRUNING,
                        "a stack slot covers another only if each byte that may be read there is one here: written where it was "
                                + "written, 0 where it was 0, part of a number that is contained where it was part of one",
                        List.of(new Code(EQUIVALENCE, "covers"), new Code(EQUIVALENCE, "wholeNumber"),
                                new Code(EQUIVALENCE, "coversObject"), new Code(EQUIVALENCE, "coversNumber")),
                        TRUSTS, Slots.BOUND, (Theorem.Symbolic) lifter -> new Slots(lifter).state()),
                new Theorem("pruning/ids", Group.PRUNING,
                        "ids match just where all questions so far leave each id one partner, and 0 none but 0",
                        List.of(new Code(type("org.bpfz.verifier.search.IdMap"), "match")), List.of(), IdMapCheck.BOUND,
                        new Theorem.Exhaustive(IdMapCheck.class))));
        all.addAll(States.all());
        return all;
    }

    private static Theorem pointer(String name, Kind kind, List<Payload> payloads) {
        return new Theorem("pruning/" + name, Group.PRUNING,
                "a register with a pointer (" + kind.name().toLowerCase(Locale.ROOT)
                        + (payloads.equals(NO_PAYLOADS) ? "" : ", " + payloads.get(0) + " and " + payloads.get(1))
                        + ") covers another only if its fixed offset is the same, its variable one may be every one that the "
                        + "other's may be and no more is known of what is there, or it was not read",
                List.of(new Code(EQUIVALENCE, "covers"), new Code(EQUIVALENCE, "coversRange"),
                        new Code(EQUIVALENCE, "contains"), new Code(EQUIVALENCE, "isExact"),
                        new Code(org.bpfz.verifier.state.Value.class, "sameShape")),
                TRUSTS, "", (Theorem.Symbolic) lifter -> pointer(lifter, kind, payloads));
    }

    private static final String BOUNDS = "bounds";
    private static final String BITS = "bits";

    /**
     * Whether some number, any, is one that the bounds and the bits of what is known leave: what that is, the theorems about the two containments
     * speak of; the others go by them.
     */
    static Term belongs(Terms t, String name) {
        return t.and(belongs(t, name, BOUNDS), belongs(t, name, BITS));
    }

    private static Term belongs(Terms t, String name, String part) {
        return t.variable("x in " + name + "." + part, 0);
    }

    private static Obligation bounds(JavaLifter lifter) {
        Terms t = lifter.terms();
        Heap heap = lifter.newHeap();
        Value saved = lifter.free(Scalar.class, "saved", heap);
        Value current = lifter.free(Scalar.class, "current", heap);
        Term x = t.variable("x", 64);
        Lifted lifted = lifter.liftStatic(Scalar.class, "boundsContain", heap, saved, current);
        Term contains = t.not(t.eq(lifter.number(lifted.result()), t.bv(32, 0)));
        Map<String, Term> goals = new LinkedHashMap<>();
        goals.put("never throws", t.not(lifted.throwsWhen()));
        for (String range : List.of("wide", "low")) {
            Term seen = range.equals("wide") ? x : t.extract(x, 0, 32);
            for (String bound : List.of("umin", "umax", "smin", "smax")) {
                Term ours = lifter.component(current, range + "." + bound, heap);
                Term theirs = lifter.component(saved, range + "." + bound, heap);
                goals.put(range + "." + bound, t.implies(t.and(contains, keeps(t, bound, ours, seen)),
                        keeps(t, bound, theirs, seen)));
            }
        }
        return new Obligation(List.of(), goals);
    }

    private static Term keeps(Terms t, String bound, Term limit, Term seen) {
        return switch (bound) {
            case "umin" -> t.ule(limit, seen);
            case "umax" -> t.ule(seen, limit);
            case "smin" -> t.sle(limit, seen);
            default -> t.sle(seen, limit);
        };
    }

    private static Obligation bits(JavaLifter lifter) {
        Terms t = lifter.terms();
        Heap heap = lifter.newHeap();
        Value saved = lifter.free(Tnum.class, "saved", heap);
        Value current = lifter.free(Tnum.class, "current", heap);
        Term x = t.variable("x", 64);
        Lifted lifted = lifter.liftStatic(Tnum.class, "contains", heap, saved, current);
        Term contains = t.not(t.eq(lifter.number(lifted.result()), t.bv(32, 0)));
        Term here = t.eq(t.bvAnd(x, t.bvNot(lifter.component(current, "mask", heap))),
                lifter.component(current, "value", heap));
        Term there = t.eq(t.bvAnd(x, t.bvNot(lifter.component(saved, "mask", heap))),
                lifter.component(saved, "value", heap));
        return new Obligation(List.of(), Map.of("contained", t.implies(t.and(contains, here), there)));
    }

    private static Obligation packetRange(JavaLifter lifter) {
        Terms t = lifter.terms();
        Term saved = t.variable("saved", 32);
        Term current = t.variable("current", 32);
        Lifted lifted = lifter.liftStatic(EQUIVALENCE, "coversRange", lifter.newHeap(), new Value.Word(saved),
                new Value.Word(current));
        Term covers = t.not(t.eq(lifter.number(lifted.result()), t.bv(32, 0)));
        Term none = t.bv(32, 0);
        Map<String, Term> goals = new LinkedHashMap<>();
        goals.put("ranges", t.implies(t.and(covers, t.and(t.sle(none, saved), t.sle(none, current))),
                t.sle(saved, current)));
        goals.put("no ranges", t.implies(t.and(covers, t.or(t.slt(saved, none), t.slt(current, none))),
                t.eq(saved, current)));
        return new Obligation(List.of(), goals);
    }

    /** A register with a value of this kind, of which all else is free: what is read of it is named after it. */
    static Value register(JavaLifter lifter, String name, Kind kind, Payload payload, Heap heap) {
        return register(lifter, name,
                Map.of("type", lifter.constant(kind.plain()), "payload", lifter.constant(payload)), heap);
    }

    /** A register with a value of which some parts are given and all else is free. */
    static Value register(JavaLifter lifter, String name, Map<String, Value> given, Heap heap) {
        Map<String, Value> parts = new LinkedHashMap<>(given);
        parts.put("number", lifter.free(Scalar.class, name + ".number", heap));
        for (String part : List.of("off", "id", "refId", "frame")) {
            parts.put(part, lifter.free(int.class, name + "." + part, heap));
        }
        Value value = lifter.made(org.bpfz.verifier.state.Value.class, parts, heap);
        return lifter.made(Register.class,
                Map.of("value", value, "read", lifter.free(boolean.class, name + ".read", heap),
                        "precise", lifter.free(boolean.class, name + ".precise", heap)),
                heap);
    }

    /** The comparison, in a search of which all that it asks is free; registers that the verifier has itself are {@code UNBOUNDED}. */
    static Value equivalence(JavaLifter lifter, Heap heap, List<Term> hypotheses) {
        Terms t = lifter.terms();
        contained(lifter, Scalar.class, "boundsContain", "wide.umin", BOUNDS, hypotheses);
        contained(lifter, Tnum.class, "contains", "mask", BITS, hypotheses);
        Value any = lifter.constant(org.bpfz.verifier.state.Value.ANY_NUMBER);
        lifter.assume(Register.class, "value", (at, args, callHeap) -> done(at,
                args.getFirst() instanceof Value.Constant ? any : at.part(args.getFirst(), "value", callHeap),
                callHeap));
        lifter.assume(Register.class, "isLive", (at, args, callHeap) -> done(at,
                args.getFirst() instanceof Value.Constant
                        ? new Value.Word(t.bv(32, 1))
                        : at.part(args.getFirst(), "read", callHeap),
                callHeap));
        lifter.assume(Register.class, "isPrecise", (at, args, callHeap) -> done(at,
                args.getFirst() instanceof Value.Constant
                        ? new Value.Word(t.bv(32, 0))
                        : at.part(args.getFirst(), "precise", callHeap),
                callHeap));
        for (String part : List.of("spilled", "types")) {
            lifter.assume(StackSlot.class, part,
                    (at, args, callHeap) -> done(at, at.part(args.getFirst(), part, callHeap), callHeap));
        }
        int[] asked = {0};
        for (String method : List.of("match", "matchLinks")) {
            lifter.assume(type("org.bpfz.verifier.search.IdMap"), method, (at, args, callHeap) -> done(at,
                    at.free(boolean.class, "match" + asked[0]++, callHeap), callHeap));
        }
        for (String method : List.of("hasAluLimits", "mayReadUninitialised")) {
            lifter.assume(Search.class, method,
                    (at, args, callHeap) -> done(at, at.free(boolean.class, method, callHeap), callHeap));
        }
        return lifter.made(EQUIVALENCE, Map.of("search", lifter.made(Search.class, Map.of(), heap), "ids",
                lifter.made(type("org.bpfz.verifier.search.IdMap"), Map.of(), heap)), heap);
    }

    /** Lets a containment be what its own theorem says of it. */
    private static void contained(JavaLifter lifter, Class<?> owner, String method, String word, String part,
            List<Term> hypotheses) {
        Terms t = lifter.terms();
        lifter.assume(owner, method, (at, args, callHeap) -> {
            Term saved = place(at, args.get(0), word, part, callHeap);
            Term current = place(at, args.get(1), word, part, callHeap);
            Term yes = t.variable(part + " of " + saved + " contain " + current, 1);
            hypotheses.add(t.implies(t.and(t.eq(yes, t.bv(1, 1)), current), saved));
            return done(at, new Value.Word(t.zeroExtend(yes, 32)), callHeap);
        });
    }

    /** Whether the number is one that this leaves, which is that of one of the two registers, or leaves any. */
    private static Term place(JavaLifter lifter, Value knowledge, String word, String part, Heap heap) {
        Term term = lifter.component(knowledge, word, heap);
        return term.isConstant()
                ? lifter.terms().bool(true)
                : belongs(lifter.terms(), term.name().startsWith("saved") ? "saved" : "current", part);
    }

    /** Equal words leave the same numbers, those of what nothing is known of all. */
    static Term sameIfEqual(JavaLifter lifter) {
        Terms t = lifter.terms();
        Heap heap = lifter.newHeap();
        Value saved = lifter.free(Scalar.class, "saved.number", heap);
        Value current = lifter.free(Scalar.class, "current.number", heap);
        Term same = t.implies(t.and(lifter.equal(saved, current, heap), belongs(t, "current")), belongs(t, "saved"));
        return t.and(same, t.implies(lifter.equal(saved, lifter.constant(Scalar.UNKNOWN), heap), belongs(t, "saved")));
    }

    private static Lifted done(JavaLifter lifter, Value result, Heap heap) {
        return new Lifted(result, lifter.terms().bool(false), heap);
    }

    static Term isSet(Terms t, String name) {
        return t.eq(t.variable(name, 1), t.bv(1, 1));
    }

    /** Whether this mode looks at all that is there, whatever was read. */
    static boolean looksAtAll(Object mode) {
        return !mode.toString().equals("COVERED");
    }

    private static Obligation number(JavaLifter lifter) {
        Terms t = lifter.terms();
        List<Term> hypotheses = new ArrayList<>(List.of(sameIfEqual(lifter)));
        Map<String, Term> goals = new LinkedHashMap<>();
        for (Object mode : MODES) {
            Term matters = looksAtAll(mode) ? t.bool(true) : t.and(isSet(t, "saved.read"), isSet(t, "saved.precise"));
            Term claim = t.implies(t.and(matters, belongs(t, "current")), belongs(t, "saved"));
            covers(lifter, Kind.SCALAR, NO_PAYLOADS, mode, hypotheses, goals, claim);
        }
        lifter.tryBy(new JavaLifter.Run(PruningRun.class, model -> "numbers"));
        return new Obligation(hypotheses, goals);
    }

    private static Obligation pointer(JavaLifter lifter, Kind kind, List<Payload> payloads) {
        Terms t = lifter.terms();
        List<Term> hypotheses = new ArrayList<>(List.of(sameIfEqual(lifter)));
        Map<String, Term> goals = new LinkedHashMap<>();
        boolean fits = !(payloads.get(0) instanceof Payload.PacketRange(int was)
                && payloads.get(1) instanceof Payload.PacketRange(int now) && was > now);
        for (Object mode : MODES) {
            Term matters = looksAtAll(mode) ? t.bool(true) : isSet(t, "saved.read");
            Term same = t.eq(t.variable("saved.off", 32), t.variable("current.off", 32));
            Term contained = t.implies(belongs(t, "current"), belongs(t, "saved"));
            Term claim = t.implies(matters, fits ? t.and(same, contained) : t.bool(false));
            covers(lifter, kind, payloads, mode, hypotheses, goals, claim);
        }
        lifter.tryBy(new JavaLifter.Run(PruningRun.class, model -> "pointers"));
        return new Obligation(hypotheses, goals);
    }

    /** Claims, of every way through the comparison of two registers, that where it says yes the claim holds. */
    private static void covers(JavaLifter lifter, Kind kind, List<Payload> payloads, Object mode, List<Term> hypotheses,
            Map<String, Term> goals, Term claim) {
        Terms t = lifter.terms();
        lifter.explore(() -> {
            Heap heap = lifter.newHeap();
            Value equivalence = equivalence(lifter, heap, hypotheses);
            Value saved = register(lifter, "saved", kind, payloads.get(0), heap);
            Value current = register(lifter, "current", kind, payloads.get(1), heap);
            return lifter.liftInside(EQUIVALENCE, "covers", REGISTERS, heap, equivalence, saved, current,
                    lifter.constant(mode));
        }, way -> {
            Term yes = t.not(t.eq(lifter.number(way.result().result()), t.bv(32, 0)));
            goals.merge(mode.toString(), t.implies(t.and(way.condition(), yes), claim), t::and);
        });
    }
}
