package org.bpfz.proofs.pruning;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bpfz.proofs.lift.Heap;
import org.bpfz.proofs.lift.JavaLifter;
import org.bpfz.proofs.lift.JavaLifter.Lifted;
import org.bpfz.proofs.lift.JavaLoop;
import org.bpfz.proofs.lift.Value;
import org.bpfz.proofs.term.Term;
import org.bpfz.proofs.term.Terms;
import org.bpfz.proofs.theorem.Group;
import org.bpfz.proofs.theorem.Obligation;
import org.bpfz.proofs.theorem.Theorem;
import org.bpfz.proofs.theorem.Theorem.Code;
import org.bpfz.spec.isa.Reg;
import org.bpfz.verifier.search.Search;
import org.bpfz.verifier.state.ActiveLock;
import org.bpfz.verifier.state.Frame;
import org.bpfz.verifier.state.Payload;
import org.bpfz.verifier.state.Reference;
import org.bpfz.verifier.state.Register;
import org.bpfz.verifier.state.SlotType;
import org.bpfz.verifier.state.StackSlot;
import org.bpfz.verifier.state.State;
import org.jspecify.annotations.Nullable;

/**
 * What whole states are compared by: their frames one by one, the lock that is held, what has to be released; of each frame its registers and slots,
 * however many, in two passes; of a slot with a dynptr or an iterator what it is.
 */
final class States {
    /** What is the very same is compared in the second pass. */
    private static final List<Boolean> PASSES = List.of(false, true);

    private static final Class<?> IDS = PruningTheorems.type("org.bpfz.verifier.search.IdMap");
    private static final Class<?> EQUIVALENCE = PruningTheorems.EQUIVALENCE;
    private static final String MODE = "Lorg/bpfz/verifier/search/Equivalence$Mode;)Z";

    private final JavaLifter lifter;
    private final Terms t;
    private final List<Term> hypotheses = new ArrayList<>();
    private final Map<String, Term> goals = new LinkedHashMap<>();

    private States(JavaLifter lifter) {
        this.lifter = lifter;
        t = lifter.terms();
        lifter.assume(IDS, "match",
                (at, args, heap) -> done(bit(matches(at.number(args.get(1)), at.number(args.get(2)))), heap));
    }

    static List<Theorem> all() {
        List<String> ids = List.of("ids that match name the same (pruning/ids says when they do)");
        return List.of(
                new Theorem("pruning/state", Group.PRUNING,
                        "a state covers another only if as many frames, up to all 8, were called from the same places, each "
                                + "covers the other's, the same lock is held or none, RCU and preemption are locked as often, both "
                                + "may sleep or neither, and a path that no program takes covers only such",
                        List.of(new Code(EQUIVALENCE, "covers"), new Code(EQUIVALENCE, "sameLocks")), ids, "",
                        (Theorem.Symbolic) lifter -> new States(lifter).states()),
                new Theorem("pruning/frame", Group.PRUNING,
                        "a frame covers another only if each of its registers covers the other's of that number, or holds the "
                                + "very same value, without ids, its stack the "
                                + "other's, what has to be released is the same, and its callbacks were not simulated more often",
                        List.of(new Code(EQUIVALENCE, "covers")), ids, "",
                        (Theorem.Symbolic) lifter -> new States(lifter).frames()),
                new Theorem("pruning/frame_stack", Group.PRUNING,
                        "a frame's stack covers another's only if each slot, however many there are, covers the other's of that "
                                + "place, nothing where there is none, or holds the very same without ids: by induction over the slots",
                        List.of(new Code(EQUIVALENCE, "coversStack")), List.of(), "",
                        (Theorem.Symbolic) lifter -> new States(lifter).stacks()),
                new Theorem("pruning/references", Group.PRUNING,
                        "what has to be released is the same only if it is as much, and each object's id matches the other's: by "
                                + "induction over them",
                        List.of(new Code(EQUIVALENCE, "sameReferences")), ids, "",
                        (Theorem.Symbolic) lifter -> new States(lifter).references()),
                object("dynptr", SlotType.DYNPTR,
                        "a dynptr only if that one is of the same kind and half, and has to be "
                                + "released with the object that matches"),
                object("iterator", SlotType.ITER,
                        "an iterator only if that one is of the same type, is as far as it, new, at an "
                                + "element or done, and has to be destroyed with the one that matches"));
    }

    private static Theorem object(String name, SlotType type, String statement) {
        return new Theorem("pruning/" + name, Group.PRUNING,
                "a slot that was read and holds a part of " + statement.replaceFirst(" only", " covers another only"),
                List.of(new Code(EQUIVALENCE, "coversObject"), new Code(EQUIVALENCE, "sameIterator"),
                        new Code(EQUIVALENCE, "covers")),
                List.of("liveness: what is not read does not matter",
                        "ids that match name the same (pruning/ids says when they do)"),
                "slots all of whose bytes are of one kind, every kind on the other side, or no slot there",
                (Theorem.Symbolic) lifter -> new States(lifter).objects(type));
    }

    private Lifted done(Value result, Heap heap) {
        return new Lifted(result, t.bool(false), heap);
    }

    private Value bit(Term one) {
        return new Value.Word(t.zeroExtend(one, 32));
    }

    /** Whether two ids match, as a bit. */
    private Term matches(Term saved, Term current) {
        return t.any("match", 1, List.of(saved, current));
    }

    private Term isSet(Term bit) {
        return t.eq(bit, t.bv(1, 1));
    }

    private Term yes(Lifted lifted) {
        return t.and(t.not(lifted.throwsWhen()), t.not(t.eq(lifter.number(lifted.result()), t.bv(32, 0))));
    }

    private void goal(String name, Term term) {
        goals.merge(name, term, t::and);
    }

    private Obligation obligation(String run) {
        lifter.tryBy(new JavaLifter.Run(PruningRun.class, model -> run));
        return new Obligation(hypotheses, goals);
    }

    private Value equivalence(Heap heap) {
        return lifter.made(EQUIVALENCE, Map.of("search", lifter.made(Search.class, Map.of(), heap), "ids",
                lifter.made(IDS, Map.of(), heap)), heap);
    }

    private Obligation states() {
        lifter.assume(EQUIVALENCE, "freshIds", (at, args, heap) -> done(new Value.Opaque(), heap));
        List<Object> owners = new ArrayList<>(List.of(new Object(), new Object()));
        for (Object mode : PruningTheorems.MODES) {
            for (int saved = 1; saved <= State.MAX_FRAMES; saved++) {
                for (int current = 1; current <= State.MAX_FRAMES; current++) {
                    compare(mode, saved, current, owners.getFirst(), owners.getFirst());
                }
            }
            compare(mode, 1, 1, owners.getFirst(), owners.getLast());
            compare(mode, 1, 1, owners.getFirst(), null);
            compare(mode, 1, 1, null, owners.getFirst());
            compare(mode, 1, 1, null, null);
        }
        return obligation("states");
    }

    @SuppressWarnings("ReferenceEquality") // a lock is in the same map when it is in the same object
    private void compare(Object mode, int savedFrames, int currentFrames,
            @Nullable Object savedOwner,
            @Nullable Object currentOwner) {
        lifter.explore(() -> {
            Heap heap = lifter.newHeap();
            lifter.assume(EQUIVALENCE, "covers", (at, args, callHeap) -> {
                Term number = at.component(args.get(1), "place", callHeap);
                boolean other = number != at.component(args.get(2), "place", callHeap);
                boolean otherMode = !args.get(3).equals(lifter.constant(mode));
                return done(other || otherMode
                        ? lifter.free(boolean.class, "something else is covered", callHeap)
                        : bit(frameCovered(number)), callHeap);
            });
            return lifter.liftInside(EQUIVALENCE, "covers", "(Lorg/bpfz/verifier/state/State;"
                    + "Lorg/bpfz/verifier/state/State;" + MODE, heap, equivalence(heap),
                    state("saved", savedFrames, savedOwner, heap), state("current", currentFrames, currentOwner, heap),
                    lifter.constant(mode));
        }, way -> {
            Term yes = t.and(way.condition(), yes(way.result()));
            goal("as many frames", t.implies(yes, t.bool(savedFrames == currentFrames)));
            for (int i = 0; i < Math.min(savedFrames, currentFrames); i++) {
                goal("from the same places", t.implies(yes,
                        t.eq(t.variable("saved.callSite" + i, 32), t.variable("current.callSite" + i, 32))));
                goal("frame by frame", t.implies(yes, isSet(frameCovered(t.bv(32, i)))));
            }
            for (String word : List.of("rcuLocked", "sleepable")) {
                goal(word, t.implies(yes, t.eq(t.variable("saved." + word, 1), t.variable("current." + word, 1))));
            }
            goal("preemptLocks", t.implies(yes,
                    t.eq(t.variable("saved.preemptLocks", 32), t.variable("current.preemptLocks", 32))));
            goal("speculation", t.implies(t.and(yes, isSet(t.variable("saved.speculative", 1))),
                    isSet(t.variable("current.speculative", 1))));
            goal("the same lock", t.implies(yes, t.bool(savedOwner == currentOwner)));
            goal("by a matching id", t.implies(yes, isSet(matches(lock("saved", savedOwner),
                    lock("current", currentOwner)))));
        });
    }

    private Term frameCovered(Term number) {
        return t.any("frame covers", 1, List.of(number));
    }

    private Term lock(String name, @Nullable Object owner) {
        return owner == null ? t.bv(32, 0) : t.variable(name + ".lock", 32);
    }

    private Value state(String name, int count, @Nullable Object owner, Heap heap) {
        Map<String, Value> frames = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            frames.put("" + i, lifter.made(Frame.class,
                    Map.of("callSite", lifter.free(int.class, name + ".callSite" + i, heap), "place",
                            new Value.Word(t.bv(32, i))),
                    heap));
        }
        Map<String, Value> fields = new LinkedHashMap<>();
        fields.put("frames", lifter.made(List.class, frames, heap));
        fields.put("lock", owner == null
                ? new Value.Null()
                : lifter.made(ActiveLock.class,
                        Map.of("owner", lifter.constant(owner), "id", new Value.Word(lock(name, owner))), heap));
        for (String word : List.of("rcuLocked", "speculative", "sleepable")) {
            fields.put(word, lifter.free(boolean.class, name + "." + word, heap));
        }
        fields.put("preemptLocks", lifter.free(int.class, name + ".preemptLocks", heap));
        return lifter.made(State.class, fields, heap);
    }

    private Obligation frames() {
        for (Object mode : PruningTheorems.MODES) {
            Term both = t.bool(true);
            for (boolean untouched : PASSES) {
                Term yes = framesIn(mode, untouched);
                both = t.and(both, yes);
                goal("the stack", t.implies(yes, isSet(t.variable("coversStack" + untouched, 1))));
                goal("what has to be released", t.implies(yes, isSet(t.variable("sameReferences" + untouched, 1))));
                goal("callbacks", t.implies(yes,
                        t.sle(t.variable("saved.callbacks", 32), t.variable("current.callbacks", 32))));
            }
            for (int i = 0; i < Reg.COUNT; i++) {
                Term covered = isSet(t.any("register covers", 1, List.of(t.bv(32, i))));
                goal("each register", t.implies(both, t.or(covered, isUntouched(t.bv(32, i)))));
            }
        }
        return obligation("states");
    }

    /** Whether a frame covers the other in one of the two passes. */
    private Term framesIn(Object mode, boolean untouched) {
        Heap heap = lifter.newHeap();
        lifter.assume(EQUIVALENCE, "covers", (at, args, callHeap) -> {
            Term number = at.component(args.get(1), "place", callHeap);
            boolean other = number != at.component(args.get(2), "place", callHeap)
                    || !args.get(3).equals(lifter.constant(mode));
            return done(other
                    ? lifter.free(boolean.class, "something else is covered", callHeap)
                    : bit(t.any("register covers", 1, List.of(number))), callHeap);
        });
        assumeParts();
        for (String part : List.of("coversStack", "sameReferences")) {
            lifter.assume(EQUIVALENCE, part,
                    (at, args, callHeap) -> done(lifter.free(boolean.class, part + untouched, callHeap), callHeap));
        }
        return yes(lifter.liftInside(EQUIVALENCE, "covers", "(Lorg/bpfz/verifier/state/Frame;"
                + "Lorg/bpfz/verifier/state/Frame;" + MODE.replace(")", "Z)"), heap, equivalence(heap),
                frame("saved", heap), frame("current", heap), lifter.constant(mode), word(untouched)));
    }

    private Value word(boolean yes) {
        return new Value.Word(t.bv(32, yes ? 1 : 0));
    }

    private Value frame(String name, Heap heap) {
        return lifter.made(Frame.class, Map.of("of", new Value.Word(t.bv(32, name.equals("saved") ? 0 : 1)),
                "callbackDepth", lifter.free(int.class, name + ".callbacks", heap)), heap);
    }

    /** Registers, slots and values go by their place and by whose they are; whether two are the very same is free. */
    private void assumeParts() {
        for (Class<?> part : List.of(Register.class, StackSlot.class)) {
            lifter.assume(Frame.class, part == Register.class ? "register" : "slot",
                    (at, args, heap) -> done(part(part, args.get(1), at.part(args.get(0), "of", heap), heap), heap));
        }
        lifter.assume(StackSlot.class, "spilled",
                (at, args, heap) -> done(same(Register.class, args.get(0), heap), heap));
        lifter.assume(StackSlot.class, "types", (at, args, heap) -> done(
                new Value.Word(types(at.component(args.get(0), "of", heap), at.component(args.get(0), "place", heap))),
                heap));
        lifter.assume(Register.class, "value",
                (at, args, heap) -> done(same(org.bpfz.verifier.state.Value.class, args.get(0), heap), heap));
        // The code asks whether two are the same object; here that, and whether there is an id in it, is any answer, one for each place.
        lifter.assume(EQUIVALENCE, "isDue", (at, args, heap) -> {
            Term place = at.component(args.get(0), "place", heap);
            boolean ours = isPair(args.get(0), args.get(1), heap);
            Term due = t.ite(t.eq(at.number(args.get(2)), t.bv(32, 0)), t.not(isSame(place)),
                    t.and(isSame(place), isNamed(place)));
            return done(bit(ours ? t.ite(due, t.bv(1, 1), t.bv(1, 0)) : t.variable("others are due", 1)), heap);
        });
    }

    private Value same(Class<?> type, Value whole, Heap heap) {
        return part(type, lifter.part(whole, "place", heap), lifter.part(whole, "of", heap), heap);
    }

    private Value part(Class<?> type, Value place, Value of, Heap heap) {
        return lifter.made(type, Map.of("place", place, "of", of), heap);
    }

    /** Whether the one is the saved frame's and the other the current one's of the same place. */
    private boolean isPair(Value saved, Value current, Heap heap) {
        return lifter.component(saved, "of", heap) == t.bv(32, 0)
                && lifter.component(current, "of", heap) == t.bv(32, 1)
                && lifter.component(saved, "place", heap) == lifter.component(current, "place", heap);
    }

    private Term isUntouched(Term place) {
        return t.and(isSame(place), t.not(isNamed(place)));
    }

    private Term isSame(Term place) {
        return isSet(t.any("same", 1, List.of(place)));
    }

    private Term isNamed(Term place) {
        return isSet(t.any("named", 1, List.of(place)));
    }

    private Term types(Term of, Term place) {
        return t.any("types", 64, List.of(of, place));
    }

    /** One round of a loop over what two frames have. */
    private record Round(Term begins, Term startsAt, Term again, Term next, Term yes, Term throwsWhen) {}

    @SuppressWarnings("ReferenceEquality") // a cell is itself only
    private Obligation stacks() {
        Term i = t.variable("i", 32);
        Term saved = t.variable("saved.slots", 32);
        Term current = t.variable("current.slots", 32);
        hypotheses.add(t.sle(t.bv(32, 0), i));
        hypotheses.add(t.sle(i, saved));
        hypotheses.add(t.sle(t.bv(32, 0), current));
        Term there = isSet(t.any("slot covers", 1, List.of(i, t.ite(t.slt(i, current), i, t.bv(32, -1)))));
        Term alike = t.and(t.slt(i, current), t.eq(types(t.bv(32, 0), i), types(t.bv(32, 1), i)));
        Term first = t.or(there, t.and(alike, isSame(i)));
        Term second = t.or(there, t.or(t.not(alike), t.not(t.and(isSame(i), isNamed(i)))));
        goal("both rounds", t.implies(t.and(first, second), t.or(there, t.and(alike, isUntouched(i)))));
        for (Object mode : PruningTheorems.MODES) {
            for (boolean untouched : PASSES) {
                Value[] frames = new Value[2];
                lifter.explore(() -> {
                    Heap heap = lifter.newHeap();
                    frames[0] = frame("saved", heap);
                    frames[1] = frame("current", heap);
                    lifter.assume(Frame.class, "slots", (at, args, callHeap) -> done(
                            new Value.Word(args.getFirst() == frames[0] ? saved : current), callHeap));
                    assumeParts();
                    lifter.assume(EQUIVALENCE, "covers",
                            (at, args, callHeap) -> done(bit(slotCovered(args, mode, callHeap)), callHeap));
                    return round("coversStack", heap, frames, List.of(lifter.constant(mode), word(untouched)), i);
                }, way -> claim(way.condition(), way.result(), i, saved, untouched ? second : first));
            }
        }
        hypotheses.addAll(t.congruence());
        return obligation("states");
    }

    private Term slotCovered(List<Value> args, Object mode, Heap heap) {
        boolean ours = lifter.component(args.get(1), "of", heap) == t.bv(32, 0)
                && args.get(3).equals(lifter.constant(mode))
                && (args.get(2) instanceof Value.Null || lifter.component(args.get(2), "of", heap) == t.bv(32, 1));
        Term with = args.get(2) instanceof Value.Null
                ? t.bv(32, -1)
                : lifter.component(args.get(2), "place", heap);
        return ours
                ? t.any("slot covers", 1, List.of(lifter.component(args.get(1), "place", heap), with))
                : t.variable("something else is covered", 1);
    }

    private Round round(String method, Heap heap, Value[] frames, List<Value> more, Term i) {
        List<Value> args = new ArrayList<>(List.of(equivalence(heap), frames[0], frames[1]));
        args.addAll(more);
        JavaLoop loop = lifter.loop(EQUIVALENCE, method, heap, args.toArray(Value[]::new));
        JavaLoop.Arrival entry = loop.entry();
        if (entry.again().isFalse()) {
            return new Round(entry.again(), i, t.bool(false), i,
                    t.and(entry.done(), t.not(t.eq(lifter.number(entry.result()), t.bv(32, 0)))), entry.throwsWhen());
        }
        JavaLoop.Arrival round = loop.round(Map.of("i", new Value.Word(i)));
        Term yes = round.done().isFalse()
                ? t.bool(false)
                : t.and(round.done(), t.not(t.eq(lifter.number(round.result()), t.bv(32, 0))));
        return new Round(entry.again(), lifter.number(entry.variable("i")), round.again(),
                round.again().isFalse() ? i : lifter.number(round.variable("i")), yes,
                t.or(entry.throwsWhen(), round.throwsWhen()));
    }

    /** That the loop begins at 0, goes on by one where the part holds of it, and says yes only at the end. */
    private void claim(Term taken, Round round, Term i, Term count, Term holds) {
        goal("never throws", t.not(t.and(taken, round.throwsWhen)));
        goal("begin", t.implies(t.and(taken, round.begins), t.eq(round.startsAt, t.bv(32, 0))));
        Term again = t.and(taken, round.again);
        goal("round", t.implies(again, t.and(holds, t.eq(round.next, t.add(i, t.bv(32, 1))))));
        goal("progress", t.implies(again, t.slt(i, count)));
        goal("end", t.implies(t.and(taken, t.and(round.begins, round.yes)), t.sle(count, i)));
        goal("yes by the loop only", t.implies(t.and(taken, t.not(round.begins)), t.not(round.yes)));
    }

    @SuppressWarnings("ReferenceEquality") // a cell is itself only
    private Obligation references() {
        Term i = t.variable("i", 32);
        Term saved = t.variable("saved.count", 32);
        Term current = t.variable("current.count", 32);
        hypotheses.add(t.sle(t.bv(32, 0), i));
        hypotheses.add(t.sle(i, saved));
        Value[] frames = new Value[2];
        lifter.explore(() -> {
            Heap heap = lifter.newHeap();
            Value[] lists = {lifter.made(List.class, Map.of(), heap), lifter.made(List.class, Map.of(), heap)};
            frames[0] = lifter.made(Frame.class, Map.of("references", lists[0]), heap);
            frames[1] = lifter.made(Frame.class, Map.of("references", lists[1]), heap);
            lifter.assume(List.class, "size", (at, args, callHeap) -> done(
                    new Value.Word(args.getFirst() == lists[0] ? saved : current), callHeap));
            lifter.assume(List.class, "get", (at, args, callHeap) -> done(lifter.made(Reference.class, Map.of("id",
                    new Value.Word(id(args.getFirst() == lists[0] ? "saved" : "current", at.number(args.get(1))))),
                    callHeap), callHeap));
            return round("sameReferences", heap, frames, List.of(), i);
        }, way -> {
            claim(way.condition(), way.result(), i, saved, isSet(matches(id("saved", i), id("current", i))));
            goal("as many", t.implies(t.and(way.condition(), way.result().begins), t.eq(saved, current)));
        });
        hypotheses.addAll(t.congruence());
        return obligation("states");
    }

    private Term id(String name, Term index) {
        return t.any(name + ".id", 32, List.of(index));
    }

    private Obligation objects(SlotType type) {
        for (Object mode : PruningTheorems.MODES) {
            for (SlotType other : SlotType.values()) {
                compare(mode, type, other, true);
            }
            compare(mode, type, null, true);
            if (type == SlotType.ITER) {
                compare(mode, type, type, false);
            }
        }
        hypotheses.addAll(t.congruence());
        return obligation("objects");
    }

    private void compare(Object mode, SlotType type, @Nullable SlotType other, boolean sameBtf) {
        lifter.explore(() -> {
            Heap heap = lifter.newHeap();
            Value equivalence = PruningTheorems.equivalence(lifter, heap, new ArrayList<>());
            lifter.assume(IDS, "match", (at, args, callHeap) -> done(
                    bit(matches(at.number(args.get(1)), at.number(args.get(2)))), callHeap));
            return lifter.liftInside(EQUIVALENCE, "covers", "(Lorg/bpfz/verifier/state/StackSlot;"
                    + "Lorg/bpfz/verifier/state/StackSlot;" + MODE, heap, equivalence,
                    slot("saved", type, type, true, heap),
                    other == null ? new Value.Null() : slot("current", other, type, sameBtf, heap),
                    lifter.constant(mode));
        }, way -> {
            Term read = PruningTheorems.looksAtAll(mode) ? t.bool(true) : PruningTheorems.isSet(t, "saved.read");
            Term yes = t.and(t.and(way.condition(), yes(way.result())), read);
            goal("never throws", t.not(t.and(way.condition(), way.result().throwsWhen())));
            goal("of the same kind", t.implies(yes, t.bool(type == other && sameBtf)));
            goal("released with what matches", t.implies(yes,
                    isSet(matches(t.variable("saved.refId", 32), t.variable("current.refId", 32)))));
            for (String part : type == SlotType.ITER
                    ? List.of("payload.typeId", "payload.state", "type.kind", "type.flags")
                    : List.of("payload.kind", "payload.first")) {
                goal(part, t.implies(yes, equal(part)));
            }
        });
    }

    private Term equal(String part) {
        int width = part.equals("payload.first") ? 1 : 32;
        return t.eq(t.variable("saved." + part, width), t.variable("current." + part, width));
    }

    /** A slot whose register is a dynptr or iterator, as the type of the saved one has it, or whatever is spilled. */
    private Value slot(String name, SlotType types, SlotType object, boolean ownBtf, Heap heap) {
        Value payload = object == SlotType.DYNPTR
                ? lifter.free(Payload.OfDynptr.class, name + ".payload", heap)
                : lifter.made(Payload.OfIterator.class,
                        Map.of("btf", lifter.constant(ownBtf ? "kernel" : "module"), "typeId",
                                lifter.free(int.class, name + ".payload.typeId", heap), "state",
                                lifter.free(org.bpfz.verifier.state.IteratorState.class, name + ".payload.state", heap),
                                "depth", lifter.free(int.class, name + ".payload.depth", heap)),
                        heap);
        Value register = PruningTheorems.register(lifter, name, Map.of("type",
                lifter.free(org.bpfz.verifier.state.Type.class, name + ".type", heap), "payload", payload), heap);
        return lifter.made(StackSlot.class,
                Map.of("spilled", register, "types", new Value.Word(t.bv(64, types.everywhere()))), heap);
    }
}
