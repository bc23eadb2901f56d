package org.bpfz.proofs.access;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bpfz.interpreter.memory.ContextRules;
import org.bpfz.interpreter.memory.FlatMemory;
import org.bpfz.proofs.lift.Heap;
import org.bpfz.proofs.lift.JavaLifter.Explored;
import org.bpfz.proofs.lift.JavaLifter.Lifted;
import org.bpfz.proofs.lift.JavaLifter;
import org.bpfz.proofs.lift.OpenArray;
import org.bpfz.proofs.lift.Value;
import org.bpfz.proofs.term.Op;
import org.bpfz.proofs.term.Term;
import org.bpfz.proofs.term.Terms;
import org.bpfz.proofs.theorem.Obligation;
import org.bpfz.spec.memory.Layout;
import org.bpfz.spec.memory.Region;

/**
 * Any flat memory: an array of any size, with any tags, in which some frames are active; and claims about what its methods do, way by way.
 *
 * <p>What {@link FlatTheorems} shows of tags and of limits is what this goes by: the short form of the tags is made of them, the limit is the array's
 * length, and what is permitted is there, byte by byte.
 */
final class FlatArena {
    static final Class<?> TAGS = AccessTheorems.type("org.bpfz.interpreter.memory.Tags");
    static final int NO_READ = 0b0001_0000;
    static final int NO_WRITE = 0b0010_0000;
    static final int BEGINS = 0b0100_0000;
    static final int CONTEXT = 0b1000_0000;
    private static final int LENGTH = 4;
    private static final int STACK_BYTES = Layout.MAX_FRAMES * Layout.FRAME_SIZE;

    private final JavaLifter lifter;
    private final Terms t;
    private final List<Term> hypotheses = new ArrayList<>();
    private final Map<String, Term> goals = new LinkedHashMap<>();

    /** How many bytes there are. */
    final Term length;
    /** The lowest byte of the active frames. */
    final Term low;
    /** What is accessed. */
    final Term address;
    /** The same as a place in the array. */
    final Term at;

    /**
     * What one way through a method came to.
     *
     * @param faults whether it made a fault
     * @param asked  what the context's rules were asked
     * @param bytes  the array
     */
    record Way(Lifted lifted, boolean faults, List<List<Value>> asked, Value bytes) {
        Way {
            asked = List.copyOf(asked);
        }
    }

    private final List<List<Value>> asked = new ArrayList<>();
    private boolean faults;
    private Value bytes = new Value.Null();

    FlatArena(JavaLifter lifter) {
        this.lifter = lifter;
        t = lifter.terms();
        Term granules = t.variable("granules", 32);
        length = t.binary(Op.SHL, granules, t.bv(32, 3));
        low = t.variable("low", 64);
        address = t.variable("address", 64);
        at = t.sub(address, t.bv(64, Layout.BASE));
        hypotheses.add(t.ule(granules, t.bv(32, Layout.ARENA_LIMIT / 8)));
        hypotheses.add(t.ule(t.bv(32, (Layout.MAPS - Layout.BASE) / 8), granules));
        hypotheses.add(t.ule(low, t.bv(64, STACK_BYTES)));
        assume();
    }

    private void assume() {
        lifter.assume(TAGS, "permit", (at1, args, heap) -> {
            Term offset = lifter.number(args.get(1));
            Term size = lifter.number(args.get(2));
            Term yes = t.any("permitted", 1, List.of(offset, size, lifter.number(args.get(3))));
            for (Term byteNumber : bytesOf(size)) {
                hypotheses.add(t.implies(
                        t.and(t.eq(yes, t.bv(1, 1)),
                                t.and(t.sle(t.bv(32, 0), byteNumber), t.slt(byteNumber, size))),
                        isThere(t.add(offset, byteNumber), lifter.number(args.get(3)))));
            }
            return done(new Value.Word(t.zeroExtend(yes, 32)), heap);
        });
        // Only what a fault says.
        lifter.assume(FlatMemory.class, "refused", (at1, args, heap) -> {
            faults = true;
            return done(new Value.Opaque(), heap);
        });
        lifter.assume(FlatMemory.class, "region",
                (at1, args, heap) -> done(lifter.made(Region.class, Map.of(), heap), heap));
        lifter.assume(Region.class, "base", (at1, args, heap) -> done(new Value.Word(t.bv(64, 0)), heap));
        lifter.assume(Region.class, "contains",
                (at1, args, heap) -> done(lifter.free(boolean.class, "contains", heap), heap));
        lifter.assume(TAGS, "begin", (at1, args, heap) -> done(new Value.Word(t.bv(32, 0)), heap));
        lifter.assume(ContextRules.class, "pointer",
                (at1, args, heap) -> done(new Value.Word(t.variable("pointer", 64)), heap));
        lifter.assume(ContextRules.class, "isWritable", (at1, args, heap) -> {
            asked.add(args);
            return done(lifter.free(boolean.class, "fieldWritable", heap), heap);
        });
    }

    private Lifted done(Value result, Heap heap) {
        return new Lifted(result, t.bool(false), heap);
    }

    /** The bytes of an access: all of one whose size is known, any one of another. */
    private List<Term> bytesOf(Term size) {
        List<Term> bytes = new ArrayList<>();
        if (!size.isConstant()) {
            return List.of(anyByte());
        }
        for (int i = 0; i < size.value(); i++) {
            bytes.add(t.bv(32, i));
        }
        return bytes;
    }

    /** A byte of an access, counted from its first. */
    Term anyByte() {
        return t.variable("byte", 32);
    }

    /** The tag of a granule: any, with a length that is one. */
    Term tag(Term granule) {
        Term any = t.any("tag", 8, List.of(granule));
        Term count = t.extract(any, 0, LENGTH);
        return t.concat(t.extract(any, LENGTH, 8 - LENGTH),
                t.ite(t.ule(count, t.bv(LENGTH, 8)), count, t.bv(LENGTH, 8)));
    }

    /** The short form of a tag, which {@code access/flat_tag} proves Tags.access to make. */
    static Term shortForm(Terms t, Term tag) {
        Term count = t.extract(tag, 0, LENGTH);
        Term none = t.bv(LENGTH, 0);
        Term form = t.concat(t.ite(isSet(t, tag, NO_WRITE), none, count), t.ite(isSet(t, tag, NO_READ), none, count));
        return t.ite(isSet(t, tag, CONTEXT), t.bv(8, 0), form);
    }

    static Term isSet(Terms t, Term tag, int bit) {
        return t.not(t.eq(t.bvAnd(tag, t.bv(8, bit)), t.bv(8, 0)));
    }

    /** Whether the byte is there and nothing that is named is denied. */
    Term isThere(Term index, Term denied) {
        Term tag = tag(granule(index));
        Term within = t.ult(t.bvAnd(index, t.bv(32, 7)), t.zeroExtend(t.extract(tag, 0, LENGTH), 32));
        return t.and(within, t.eq(t.bvAnd(tag, t.extract(denied, 0, 8)), t.bv(8, 0)));
    }

    Term granule(Term index) {
        return t.binary(Op.LSHR, index, t.bv(32, 3));
    }

    /** The memory as an object. */
    Value made(Heap heap) {
        Term granules = granule(length);
        Value tags = OpenArray.make(lifter, byte[].class, granules, this::tag, heap);
        Value access = OpenArray.make(lifter, byte[].class, granules, index -> shortForm(t, tag(index)), heap);
        bytes = OpenArray.ofBytes(lifter, "memory", length, heap);
        Map<String, Value> fields = new LinkedHashMap<>();
        fields.put("tags", lifter.made(TAGS, Map.of("tags", tags, "access", access), heap));
        fields.put("bytes", bytes);
        fields.put("access", access);
        fields.put("limit", new Value.Word(t.zeroExtend(length, 64)));
        fields.put("lowest", new Value.Word(t.add(t.bv(64, Layout.BASE), low)));
        fields.put("span", new Value.Word(t.sub(t.zeroExtend(length, 64), low)));
        fields.put("context", lifter.made(ContextRules.class, Map.of(), heap));
        return lifter.made(FlatMemory.class, fields, heap);
    }

    /** What arguments a method of the memory has beside it. */
    @FunctionalInterface
    interface Arguments {
        Value[] make(Heap heap);
    }

    /** What is claimed of one way through a method that does not throw. */
    @FunctionalInterface
    interface Claim {
        void state(Way way, Term accepted);
    }

    /** Goes all ways through a method of the memory; those that throw, throw a fault. */
    void each(String method, Arguments arguments, Claim claim) {
        lifter.explore(() -> {
            faults = false;
            asked.clear();
            Heap heap = lifter.newHeap();
            Value[] rest = arguments.make(heap);
            Value[] args = new Value[rest.length + 1];
            args[0] = made(heap);
            System.arraycopy(rest, 0, args, 1, rest.length);
            Lifted lifted = lifter.liftInside(FlatMemory.class, method, heap, args);
            return new Way(lifted, faults, asked, bytes);
        }, gone -> state(method, gone, claim));
    }

    private void state(String method, Explored<Way> gone, Claim claim) {
        Way now = gone.result();
        Term throwsWhen = now.lifted().throwsWhen();
        goal(method + " throws nothing but faults",
                t.implies(t.and(gone.condition(), throwsWhen), t.bool(now.faults())));
        Term accepted = t.and(gone.condition(), t.not(throwsWhen));
        if (!accepted.isFalse()) {
            claim.state(now, accepted);
        }
    }

    void goal(String name, Term term) {
        goals.merge(name, term, t::and);
    }

    void suppose(Term term) {
        hypotheses.add(term);
    }

    /** Claims that so many bytes from the address on are in the array, above the frames that are not active. */
    void claimInside(String method, Term accepted, Term size) {
        goal(method + " from the lowest byte", t.implies(accepted, t.sle(low, at)));
        goal(method + " to the array's end",
                t.implies(accepted, t.sle(t.add(at, size), t.zeroExtend(length, 64))));
    }

    /** Where a byte of the access is in the array. */
    Term place(Term byteNumber) {
        return t.add(t.extract(at, 0, 32), byteNumber);
    }

    /** What was claimed. */
    Obligation obligation(String run) {
        lifter.tryBy(new JavaLifter.Run(FlatRun.class, model -> run));
        List<Term> all = new ArrayList<>(hypotheses);
        all.addAll(t.congruence());
        return new Obligation(all.stream().distinct().toList(), goals);
    }
}
