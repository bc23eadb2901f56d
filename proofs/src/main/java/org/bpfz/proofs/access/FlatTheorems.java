package org.bpfz.proofs.access;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bpfz.interpreter.memory.ContextRules;
import org.bpfz.interpreter.memory.FlatMemory;
import org.bpfz.proofs.lift.Heap;
import org.bpfz.proofs.lift.JavaLifter;
import org.bpfz.proofs.lift.JavaLifter.Explored;
import org.bpfz.proofs.lift.JavaLifter.Lifted;
import org.bpfz.proofs.lift.JavaLoop;
import org.bpfz.proofs.lift.OpenArray;
import org.bpfz.proofs.lift.Value;
import org.bpfz.proofs.term.Op;
import org.bpfz.proofs.term.Term;
import org.bpfz.proofs.term.Terms;
import org.bpfz.proofs.theorem.Group;
import org.bpfz.proofs.theorem.Obligation;
import org.bpfz.proofs.theorem.Theorem;
import org.bpfz.proofs.theorem.Theorem.Code;
import org.bpfz.spec.memory.Access;
import org.bpfz.spec.memory.Layout;

/**
 * The memory of the fast engines: an access that its own check lets pass is in the array, of bytes that are there and may be accessed, and yields or
 * leaves the little-endian number; every other is a fault.
 */
final class FlatTheorems {
    private static final List<String> TRUSTS = List.of(
            "the JDK's little-endian views of byte arrays, and its copies of arrays",
            "tags by access/flat_tag, flat_permit and flat_regions, limits by access/flat_limits");
    private static final List<String> LOADS = List.of("load8", "load16", "load32", "load64");
    private static final List<String> STORES = List.of("store8", "store16", "store32", "store64");

    private FlatTheorems() {
    }

    static List<Theorem> all() {
        return List.of(
                theorem("load",
                        "a load of any address is a fault or of readable bytes of the array above the frames that are "
                                + "not active, and yields their little-endian number, extended with zeros or its sign, or the pointer "
                                + "that a field of the context stands for",
                        codes(LOADS, "loadSigned", "loadWithRules", "mayLoad", "require"), FlatTheorems::loads),
                theorem("store",
                        "a store to any address is a fault or to writable bytes of the array above the frames that are "
                                + "not active, of the context only where its rules say so, and leaves there the number's low bytes and "
                                + "nothing elsewhere",
                        codes(STORES, "mayStore", "requireStore", "require"), FlatTheorems::stores),
                theorem("helper",
                        "what the memory lets helpers and atomic operations access, of any address and size, is in the "
                                + "array and may be accessed that way, and what helpers read and write is that",
                        codes(List.of("requireReadable", "requireWritable", "requireAtomic"), "permits", "read",
                                "write",
                                "require"),
                        FlatTheorems::helpers),
                theorem("permit",
                        "bytes that tags permit, however many, are there, of one region, with nothing denied: by "
                                + "induction over the granules, eight at a time too",
                        List.of(new Code(FlatArena.TAGS, "permit")), FlatTheorems::permit),
                theorem("tag",
                        "the short form of a tag lets a load and a store as many bytes as are there and may be accessed",
                        List.of(new Code(FlatArena.TAGS, "access")), FlatTheorems::tag),
                theorem("limits",
                        "the limit is the array's length, there is a tag for each granule of it, and the active "
                                + "frames are in it: after reserve and setDepth if before",
                        List.of(new Code(FlatMemory.class, "reserve"), new Code(FlatMemory.class, "setDepth"),
                                new Code(FlatArena.TAGS, "reserve")),
                        FlatTheorems::limits),
                new Theorem("access/flat_regions", Group.ACCESS,
                        "tags permit just what lies in one of the regions that were made and not taken away, with their rights, "
                                + "and the short form says so of each granule",
                        List.of(new Code(FlatArena.TAGS, "define"), new Code(FlatArena.TAGS, "clear"),
                                new Code(FlatArena.TAGS, "permit")),
                        List.of("that regions begin at multiples of eight and apart (Layout, MapArea)"),
                        TagsCheck.BOUND,
                        new Theorem.Exhaustive(TagsCheck.class)));
    }

    private static Theorem theorem(String name, String statement, List<Code> code, Theorem.Symbolic claim) {
        return new Theorem("access/flat_" + name, Group.ACCESS, statement, code, TRUSTS, "", claim);
    }

    private static List<Code> codes(List<String> methods, String... more) {
        return java.util.stream.Stream.concat(methods.stream(), java.util.Arrays.stream(more))
                .map(method -> new Code(FlatMemory.class, method)).toList();
    }

    private static Obligation loads(JavaLifter lifter) {
        Terms t = lifter.terms();
        FlatArena arena = new FlatArena(lifter);
        for (int i = 0; i < LOADS.size(); i++) {
            int bytes = 1 << i;
            arena.each(LOADS.get(i), heap -> new Value[]{new Value.Word(arena.address)},
                    (way, accepted) -> load(lifter, arena, LOADS.get(bytes == 8 ? 3 : bytes / 2), bytes, false, way,
                            accepted));
            if (bytes < 8) {
                arena.each("loadSigned",
                        heap -> new Value[]{new Value.Word(arena.address), new Value.Word(t.bv(32, bytes))},
                        (way, accepted) -> load(lifter, arena, "signed " + bytes, bytes, true, way, accepted));
            }
        }
        return arena.obligation("load");
    }

    private static void load(JavaLifter lifter, FlatArena arena, String name, int bytes, boolean signed,
            FlatArena.Way way, Term accepted) {
        Terms t = lifter.terms();
        arena.claimInside(name, accepted, t.bv(64, bytes));
        claimThere(t, arena, name, accepted, bytes, FlatArena.NO_READ);
        Term number = OpenArray.view(t, way.bytes(), arena.place(t.bv(32, 0)), 8 * bytes, way.lifted().heap());
        Term extended = signed ? t.signExtend(number, 64) : t.zeroExtend(number, 64);
        Term result = lifter.number(way.lifted().result());
        Term first = arena.tag(arena.granule(arena.place(t.bv(32, 0))));
        Term pointer = t.variable("pointer", 64);
        Term isPointer = t.and(FlatArena.isSet(t, first, FlatArena.CONTEXT), t.not(t.eq(pointer, t.bv(64, 0))));
        arena.goal(name + " yields the number",
                t.implies(accepted, t.eq(result, t.ite(isPointer, pointer, extended))));
    }

    private static void claimThere(Terms t, FlatArena arena, String name, Term accepted, int bytes, int denied) {
        for (int i = 0; i < bytes; i++) {
            arena.goal(name + " of bytes that may be accessed",
                    t.implies(accepted, arena.isThere(arena.place(t.bv(32, i)), t.bv(32, denied))));
        }
    }

    private static Obligation stores(JavaLifter lifter) {
        Terms t = lifter.terms();
        FlatArena arena = new FlatArena(lifter);
        Term value = t.variable("value", 64);
        for (int i = 0; i < STORES.size(); i++) {
            int bytes = 1 << i;
            String name = STORES.get(i);
            arena.each(name, heap -> new Value[]{new Value.Word(arena.address), new Value.Word(value)},
                    (way, accepted) -> store(lifter, arena, name, value, bytes, way, accepted));
        }
        return arena.obligation("store");
    }

    private static void store(JavaLifter lifter, FlatArena arena, String name, Term value, int bytes, FlatArena.Way way,
            Term accepted) {
        Terms t = lifter.terms();
        arena.claimInside(name, accepted, t.bv(64, bytes));
        claimThere(t, arena, name, accepted, bytes, FlatArena.NO_WRITE);
        List<OpenArray.Write> writes = OpenArray.writes(way.bytes(), way.lifted().heap());
        arena.goal(name + " writes so many bytes", t.implies(accepted, t.bool(writes.size() == bytes)));
        for (int i = 0; i < Math.min(bytes, writes.size()); i++) {
            OpenArray.Write write = writes.get(i);
            arena.goal(name + " leaves the number", t.implies(accepted,
                    t.and(t.eq(write.index(), arena.place(t.bv(32, i))),
                            t.eq(write.value(), t.extract(value, 8 * i, 8)))));
        }
        Term first = arena.tag(arena.granule(arena.place(t.bv(32, 0))));
        arena.goal(name + " by the context's rules", t.implies(
                t.and(accepted, FlatArena.isSet(t, first, FlatArena.CONTEXT)),
                fieldIsWritable(lifter, arena, bytes, way)));
    }

    /** That the context's rules were asked about this store, and said yes. */
    private static Term fieldIsWritable(JavaLifter lifter, FlatArena arena, int bytes, FlatArena.Way way) {
        Terms t = lifter.terms();
        if (way.asked().size() != 1) {
            return t.bool(false);
        }
        List<Value> asked = way.asked().getFirst();
        Term offset = t.sub(arena.place(t.bv(32, 0)), t.bv(32, Layout.CONTEXT - Layout.BASE));
        return t.and(t.eq(t.variable("fieldWritable", 1), t.bv(1, 1)), t.and(t.eq(lifter.number(asked.get(1)), offset),
                t.eq(lifter.number(asked.get(2)), t.bv(32, bytes))));
    }

    private static Obligation helpers(JavaLifter lifter) {
        Terms t = lifter.terms();
        FlatArena arena = new FlatArena(lifter);
        Term size = t.variable("size", 32);
        arena.suppose(t.sle(t.bv(32, 0), size));
        arena.suppose(t.and(t.sle(t.bv(32, 0), arena.anyByte()), t.slt(arena.anyByte(), size)));
        for (boolean write : new boolean[]{false, true}) {
            String name = write ? "requireWritable" : "requireReadable";
            arena.each(name, heap -> new Value[]{new Value.Word(arena.address), new Value.Word(size)},
                    (way, accepted) -> any(t, arena, name, accepted, t.signExtend(size, 64), write, false));
            Term wide = t.variable("wide", 64);
            arena.each("permits",
                    heap -> new Value[]{lifter.constant(write ? Access.WRITE : Access.READ),
                        new Value.Word(arena.address), new Value.Word(wide)},
                    (way, accepted) -> {
                        Term yes = t.and(accepted,
                                t.not(t.eq(lifter.number(way.lifted().result()), t.bv(32, 0))));
                        Term same = t.and(yes, t.eq(wide, t.signExtend(size, 64)));
                        any(t, arena, "permits " + write, same, wide, write, true);
                    });
        }
        for (int bytes : new int[]{4, 8}) {
            arena.each("requireAtomic", heap -> new Value[]{new Value.Word(arena.address),
                new Value.Word(t.bv(32, bytes))}, (way, accepted) -> {
                    arena.claimInside("requireAtomic", accepted, t.bv(64, bytes));
                    claimThere(t, arena, "requireAtomic", accepted, bytes, FlatArena.NO_READ | FlatArena.NO_WRITE);
                    Term first = arena.tag(arena.granule(arena.place(t.bv(32, 0))));
                    arena.goal("requireAtomic not of fields with rules",
                            t.implies(accepted, t.not(FlatArena.isSet(t, first, FlatArena.CONTEXT))));
                });
        }
        Copies copies = new Copies(lifter);
        arena.each("read", heap -> {
            copies.begin();
            return new Value[]{new Value.Word(arena.address), new Value.Word(size)};
        }, (way, accepted) -> copied(lifter, arena, "read", copies, way, accepted, size));
        arena.each("write", heap -> {
            copies.begin();
            return new Value[]{new Value.Word(arena.address), OpenArray.ofBytes(lifter, "source", size, heap)};
        }, (way, accepted) -> copied(lifter, arena, "write", copies, way, accepted, size));
        return arena.obligation("helper");
    }

    /** That nothing but the bytes of the access are copied, out of the array or into it. */
    private static void copied(JavaLifter lifter, FlatArena arena, String name, Copies copies, FlatArena.Way way,
            Term accepted, Term size) {
        Terms t = lifter.terms();
        Heap heap = way.lifted().heap();
        for (Copies.Copy copy : copies.made()) {
            Term index = copy.from().equals(way.bytes()) ? copy.fromIndex() : copy.toIndex();
            arena.goal(name + " is of these bytes", t.implies(accepted,
                    t.and(t.eq(index, arena.place(t.bv(32, 0))), t.eq(copy.count(), size))));
            arena.goal(name + " is inside of both arrays", t.implies(accepted,
                    t.and(Copies.isInside(lifter, copy.from(), copy.fromIndex(), copy.count(), heap),
                            Copies.isInside(lifter, copy.to(), copy.toIndex(), copy.count(), heap))));
        }
        arena.goal(name + " is of all of them",
                t.implies(accepted, t.or(t.eq(size, t.bv(32, 0)), t.bool(copies.made().size() == 1))));
    }

    private static void any(Terms t, FlatArena arena, String name, Term accepted, Term size, boolean write,
            boolean plain) {
        arena.claimInside(name, accepted, size);
        int denied = (write ? FlatArena.NO_WRITE : FlatArena.NO_READ) | (plain ? FlatArena.CONTEXT : 0);
        arena.goal(name + " of bytes that may be accessed",
                t.implies(accepted, arena.isThere(arena.place(arena.anyByte()), t.bv(32, denied))));
    }

    private static Obligation permit(JavaLifter lifter) {
        Terms t = lifter.terms();
        Map<String, Term> goals = new LinkedHashMap<>();
        Term granules = t.variable("granules", 32);
        Term offset = t.variable("offset", 32);
        Term size = t.variable("size", 32);
        Term position = t.variable("position", 32);
        Term any = t.variable("byte", 32);
        Term end = t.add(offset, size);
        Term arenaEnd = t.binary(Op.SHL, granules, t.bv(32, 3));
        // As the memory asks: of bytes that are in the array.
        List<Term> hypotheses = new java.util.ArrayList<>(List.of(t.ule(granules, t.bv(32, Layout.ARENA_LIMIT / 8)),
                t.sle(t.bv(32, 0), offset), t.sle(t.bv(32, 0), size), t.sle(t.bv(32, 0), end), t.sle(end, arenaEnd),
                t.sle(offset, any), t.slt(any, end)));
        for (int denied : new int[]{FlatArena.NO_READ, FlatArena.NO_WRITE, FlatArena.NO_READ | FlatArena.CONTEXT,
            FlatArena.NO_WRITE | FlatArena.CONTEXT}) {
            Heap heap = lifter.newHeap();
            Value tags = OpenArray.make(lifter, byte[].class, granules, index -> t.any("tag", 8, List.of(index)), heap);
            Value receiver = lifter.made(FlatArena.TAGS, Map.of("tags", tags), heap);
            JavaLoop loop = lifter.loop(FlatArena.TAGS, "permit", heap, receiver, new Value.Word(offset),
                    new Value.Word(size), new Value.Word(t.bv(32, denied)));
            JavaLoop.Arrival entry = loop.entry();
            JavaLoop.Arrival round = loop.round(Map.of("position", new Value.Word(position)));
            Term ok = isFine(t, any, offset, denied);
            Term before = invariant(t, position, offset, end).values().stream()
                    .reduce(t.implies(t.slt(any, position), ok), t::and);
            Term next = lifter.number(round.variable("position"));
            Term first = lifter.number(entry.variable("position"));
            goals.merge("begin", t.and(entry.again(), t.and(t.eq(first, offset), t.not(entry.throwsWhen()))), t::and);
            Term goneBy = t.and(t.and(before, round.again()), t.and(t.sle(position, any), t.slt(any, next)));
            invariant(t, next, offset, end).forEach((part, holds) -> goals.merge("round, " + part,
                    t.implies(t.and(before, round.again()), holds), t::and));
            Term among = t.bool(false);
            for (int i = 0; i < 8; i++) {
                Term here = t.eq(granule(t, any), t.add(granule(t, position), t.bv(32, i)));
                among = t.or(among, here);
                goals.merge("round, granule " + i, t.implies(t.and(goneBy, here), ok), t::and);
            }
            goals.merge("round, granules", t.implies(goneBy, among), t::and);
            goals.merge("progress", t.implies(t.and(before, round.again()), t.slt(position, next)), t::and);
            goals.merge("never throws", t.implies(before, t.not(round.throwsWhen())), t::and);
            Term yes = t.and(round.done(), t.not(t.eq(lifter.number(round.result()), t.bv(32, 0))));
            goals.merge("end", t.implies(t.and(before, yes), ok), t::and);
        }
        hypotheses.addAll(t.congruence());
        lifter.tryBy(new JavaLifter.Run(FlatRun.class, model -> "helper"));
        return new Obligation(hypotheses, goals);
    }

    private static Term granule(Terms t, Term index) {
        return t.binary(Op.LSHR, index, t.bv(32, 3));
    }

    private static Map<String, Term> invariant(Terms t, Term position, Term offset, Term end) {
        Term aligned = t.eq(t.bvAnd(position, t.bv(32, 7)), t.bv(32, 0));
        Term bound = t.bvAnd(t.add(end, t.bv(32, 7)), t.bv(32, -8));
        Map<String, Term> parts = new LinkedHashMap<>();
        parts.put("from the first byte", t.sle(offset, position));
        parts.put("to the last granule", t.sle(position, bound));
        parts.put("granule by granule", t.or(aligned, t.eq(position, offset)));
        return parts;
    }

    /** There, not denied, and of the region that the first byte is of. */
    private static Term isFine(Terms t, Term index, Term offset, int denied) {
        Term granule = granule(t, index);
        Term tag = t.any("tag", 8, List.of(granule));
        Term within = t.ult(t.bvAnd(index, t.bv(32, 7)), t.zeroExtend(t.extract(tag, 0, 4), 32));
        Term same = t.eq(granule, granule(t, offset));
        return t.and(within, t.and(t.not(FlatArena.isSet(t, tag, denied)),
                t.or(same, t.not(FlatArena.isSet(t, tag, FlatArena.BEGINS)))));
    }

    private static Obligation tag(JavaLifter lifter) {
        Terms t = lifter.terms();
        Heap heap = lifter.newHeap();
        Term tag = t.variable("tag", 8);
        Lifted lifted = lifter.liftStatic(FlatArena.TAGS, "access", heap, new Value.Word(t.signExtend(tag, 32)));
        Term made = t.extract(lifter.number(lifted.result()), 0, 8);
        return new Obligation(List.of(t.ule(t.extract(tag, 0, 4), t.bv(4, 8))),
                Map.of("short form", t.eq(made, FlatArena.shortForm(t, tag))));
    }

    private static Obligation limits(JavaLifter lifter) {
        Terms t = lifter.terms();
        FlatArena arena = new FlatArena(lifter);
        lifter.assume(java.util.Arrays.class, "copyOf", (at, args, heap) -> new Lifted(
                OpenArray.ofBytes(lifter, "copy", lifter.number(args.get(1)), heap), t.bool(false), heap));
        for (Explored<Limits> way : lifter.explore(() -> {
            Heap heap = lifter.newHeap();
            Value memory = arena.made(heap);
            return new Limits(memory, lifter.liftInside(FlatMemory.class, "reserve", heap, memory,
                    new Value.Word(t.variable("end", 64))));
        })) {
            keeps(lifter, arena, "reserve", way);
        }
        Term frames = t.variable("frames", 32);
        arena.suppose(t.ule(frames, t.bv(32, Layout.MAX_FRAMES)));
        for (Explored<Limits> way : lifter.explore(() -> {
            Heap heap = lifter.newHeap();
            Value memory = arena.made(heap);
            return new Limits(memory,
                    lifter.liftInside(FlatMemory.class, "setDepth", heap, memory, new Value.Word(frames)));
        })) {
            keeps(lifter, arena, "setDepth", way);
        }
        return arena.obligation("limits");
    }

    private record Limits(Value memory, Lifted lifted) {}

    private static void keeps(JavaLifter lifter, FlatArena arena, String method, Explored<Limits> way) {
        Terms t = lifter.terms();
        Heap heap = way.result().lifted.heap();
        Value memory = way.result().memory;
        Term gone = t.and(way.condition(), t.not(way.result().lifted.throwsWhen()));
        Term length = OpenArray.lengthOf(lifter, lifter.part(memory, "bytes", heap), heap);
        Value tags = lifter.part(memory, "tags", heap);
        Value access = lifter.part(memory, "access", heap);
        Term limit = lifter.component(memory, "limit", heap);
        Term low = t.sub(lifter.component(memory, "lowest", heap), t.bv(64, Layout.BASE));
        arena.goal(method + " keeps the limit", t.implies(gone, t.eq(limit, t.zeroExtend(length, 64))));
        arena.goal(method + " keeps what is within reach",
                t.implies(gone, t.eq(lifter.component(memory, "span", heap), t.sub(limit, low))));
        arena.goal(method + " keeps the frames inside", t.implies(gone, t.and(t.sle(t.bv(64, 0), low),
                t.sle(low, t.bv(64, (long) Layout.MAX_FRAMES * Layout.FRAME_SIZE)))));
        arena.goal(method + " keeps whole granules", t.implies(gone,
                t.and(t.sle(t.bv(32, 0), length), t.eq(t.bvAnd(length, t.bv(32, 7)), t.bv(32, 0)))));
        arena.goal(method + " keeps a tag for each", t.implies(gone, t.eq(t.binary(Op.LSHR, length, t.bv(32, 3)),
                OpenArray.lengthOf(lifter, lifter.part(tags, "tags", heap), heap))));
        arena.goal(method + " keeps their short forms at hand",
                t.implies(gone, t.bool(access.equals(lifter.part(tags, "access", heap)))));
    }
}
