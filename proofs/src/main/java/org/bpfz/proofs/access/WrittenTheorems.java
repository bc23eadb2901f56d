package org.bpfz.proofs.access;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bpfz.interpreter.FlatEnvironment;
import org.bpfz.interpreter.helper.Run;
import org.bpfz.interpreter.helper.WrittenData;
import org.bpfz.interpreter.memory.FaultSignal;
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
import org.bpfz.spec.engine.HelperReading;
import org.bpfz.spec.engine.Invocation;
import org.bpfz.spec.engine.Services;
import org.bpfz.spec.memory.Layout;
import org.bpfz.verifier.access.MemoryAccess;
import org.bpfz.verifier.domain.Scalar;
import org.bpfz.verifier.search.Search;

/**
 * The written data, which only bpf_copy_from_buffer reads: the verifier checks the helper's memory for as many bytes as the size may be, whatever
 * else it is, and what is copied is in the data and in that memory, for every offset, size and address.
 */
final class WrittenTheorems {
    private static final Class<?> ARGUMENTS = AccessTheorems.type("org.bpfz.verifier.call.Arguments");
    private static final Class<?> FACTS = AccessTheorems.type("org.bpfz.verifier.call.CallFacts");
    private static final Class<?> PRECISION = AccessTheorems.type("org.bpfz.verifier.search.Precision");
    private static final Class<?> BINDINGS = AccessTheorems.type("org.bpfz.interpreter.helper.CompressorBindings");

    private static final Class<?> JIT_RUN = AccessTheorems.type("org.bpfz.jit.JitRun");

    private WrittenTheorems() {
    }

    static List<Theorem> all() {
        return List.of(
                new Theorem("access/written_size", Group.ACCESS,
                        "where the verifier lets a helper's size pass, the memory before it was checked for as many bytes as "
                                + "the size may be at most, to be written if the helper writes, and the size is 0 only where that "
                                + "is allowed; memory need not be initialised only if the size is that one",
                        List.of(new Code(ARGUMENTS, "checkSize")),
                        List.of("the knowledge of the register is sound, and a constant's bounds are its own (group ranges)"),
                        "",
                        (Theorem.Symbolic) WrittenTheorems::size),
                new Theorem("access/written_copy", Group.ACCESS,
                        "bpf_copy_from_buffer, with any offset, address and size, copies only what is in the written data, to "
                                + "where the memory was found writable; all of it where it returns 0 and may not stop at the "
                                + "end, and nothing where it returns an error",
                        List.of(new Code(BINDINGS, "copyFromBuffer"), new Code(WrittenData.class, "copy"),
                                new Code(Run.class, "size")),
                        List.of("that memory is found writable by access/flat_helper", "the JDK's copies of arrays"),
                        "",
                        (Theorem.Symbolic) WrittenTheorems::copy),
                new Theorem("access/written_compiled", Group.ACCESS,
                        "what compiled code of an accepted program copies in the place of the helper, with any offset and size, is "
                                + "in the written data, and goes to its target, all of it or nothing as the helper's does",
                        List.of(new Code(JIT_RUN, "copyFromBuffer"), new Code(WrittenData.class, "copy")),
                        List.of("that the target of an accepted program is memory that may be written (access/written_size and "
                                + "the regions' theorems)",
                                "the JDK's copies of arrays, which look at the target once more"),
                        "", (Theorem.Symbolic) WrittenTheorems::compiled));
    }

    private static Obligation compiled(JavaLifter lifter) {
        Terms t = lifter.terms();
        Term size = t.variable("size", 64);
        Term target = t.variable("target", 32);
        Map<String, Term> goals = new LinkedHashMap<>();
        Copies copies = new Copies(lifter);
        for (boolean hasData : new boolean[]{false, true}) {
            Value[] data = new Value[1];
            lifter.explore(() -> {
                copies.begin();
                Heap heap = lifter.newHeap();
                data[0] = hasData
                        ? OpenArray.ofBytes(lifter, "data", t.variable("dataLength", 32), heap)
                        : new Value.Null();
                Value services = lifter.made(Services.class, Map.of(), heap);
                AccessTheorems.answer(lifter, FlatEnvironment.class, "services", services);
                AccessTheorems.answer(lifter, Services.class, "helpers",
                        lifter.free(HelperReading.class, "reading", heap));
                AccessTheorems.answer(lifter, Invocation.class, "data", data[0]);
                AccessTheorems.answer(lifter, FlatMemory.class, "bytes",
                        OpenArray.ofBytes(lifter, "memory", t.variable("memoryLength", 32), heap));
                Value run = lifter.made(JIT_RUN, Map.of("environment",
                        lifter.made(FlatEnvironment.class, Map.of(), heap), "invocation",
                        lifter.made(Invocation.class, Map.of(), heap), "memory",
                        lifter.made(FlatMemory.class, Map.of(), heap)), heap);
                return lifter.liftInside(JIT_RUN, "copyFromBuffer", heap, run, lifter.free(long.class, "offset", heap),
                        new Value.Word(target), new Value.Word(size));
            }, way -> {
                AccessTheorems.and(t, goals, "never throws by itself",
                        t.not(t.and(way.condition(), way.result().throwsWhen())));
                claimCopied(lifter, goals, way.condition(), way.result(), copies.made(), data[0], target, size);
            });
        }
        lifter.tryBy(new JavaLifter.Run(WrittenRun.class, model -> "compiled"));
        return new Obligation(List.of(t.sle(t.bv(32, 0), t.variable("dataLength", 32)), t.sle(t.bv(64, 0), size), t.ult(
                t.variable("reading.pastEnd", 32), t.bv(32, HelperReading.PastEnd.values().length))), goals);
    }

    private static Obligation size(JavaLifter lifter) {
        Terms t = lifter.terms();
        Heap setup = lifter.newHeap();
        Term x = t.variable("x", 64);
        List<Term> hypotheses = AccessTheorems.known(lifter, lifter.free(Scalar.class, "number", setup), x, setup);
        hypotheses.add(t.implies(t.eq(t.variable("number.bits.mask", 64), t.bv(64, 0)),
                t.eq(t.variable("number.bits.value", 64), t.variable("number.wide.umax", 64))));
        Map<String, Term> goals = new LinkedHashMap<>();
        List<List<Value>> asked = new ArrayList<>();
        lifter.explore(() -> {
            asked.clear();
            return sized(lifter, asked);
        }, way -> {
            Term accepted = t.and(way.condition(), t.not(way.result().throwsWhen()));
            Term zeroAllowed = t.eq(t.variable("zeroAllowed", 1), t.bv(1, 1));
            AccessTheorems.and(t, goals, "not 0 unless allowed",
                    t.implies(accepted, t.or(zeroAllowed, t.not(t.eq(x, t.bv(64, 0))))));
            if (asked.size() != 1) {
                AccessTheorems.and(t, goals, "checked once", t.not(accepted));
                return;
            }
            List<Value> args = asked.getFirst();
            Term checked = lifter.number(args.get(2));
            Term most = t.signExtend(checked, 64);
            AccessTheorems.and(t, goals, "for as many bytes", t.implies(accepted,
                    t.and(t.sle(t.bv(32, 0), checked), t.and(t.ule(x, most), t.sle(t.bv(64, 0), x)))));
            AccessTheorems.and(t, goals, "the argument before", t.implies(accepted,
                    t.eq(lifter.number(args.get(1)), t.sub(t.variable("register", 32), t.bv(32, 1)))));
            AccessTheorems.and(t, goals, "written if it is", t.implies(accepted,
                    t.eq(lifter.number(args.get(3)), t.zeroExtend(t.variable("write", 1), 32))));
            AccessTheorems.and(t, goals, "0 as allowed",
                    t.implies(accepted, t.or(zeroAllowed, t.eq(lifter.number(args.get(4)), t.bv(32, 0)))));
            if (!(args.get(5) instanceof Value.Null)) {
                AccessTheorems.and(t, goals, "uninitialised if of this size", t.implies(accepted, t.eq(x, most)));
            }
        });
        return AccessTheorems.tried(lifter, new Obligation(hypotheses, goals), "written");
    }

    private static Lifted sized(JavaLifter lifter, List<List<Value>> asked) {
        Terms t = lifter.terms();
        Heap heap = lifter.newHeap();
        Value number = lifter.free(Scalar.class, "number", heap);
        Value search = AccessTheorems.search(lifter, Map.of("number", number), heap);
        AccessTheorems.answer(lifter, Search.class, "precision", lifter.made(PRECISION, Map.of(), heap));
        AccessTheorems.silence(lifter, new Code(PRECISION, "require"));
        lifter.assume(MemoryAccess.class, "checkHelper", (at, args, callHeap) -> {
            asked.add(args);
            return new Lifted(new Value.Opaque(), t.bool(false), callHeap);
        });
        Value arguments = lifter.made(ARGUMENTS,
                Map.of("search", search, "memory", lifter.made(MemoryAccess.class, Map.of(), heap)), heap);
        return lifter.liftInside(ARGUMENTS, "checkSize", heap, arguments, lifter.free(int.class, "register", heap),
                lifter.free(boolean.class, "write", heap), lifter.free(boolean.class, "zeroAllowed", heap),
                lifter.made(FACTS, Map.of(), heap));
    }

    /** A call of the helper: what it copied, and what it asked the memory for. */
    private record Called(Lifted lifted, boolean faults, List<Copies.Copy> copies, List<List<Value>> writable,
            Value data) {}

    private static Obligation copy(JavaLifter lifter) {
        Terms t = lifter.terms();
        Map<String, Term> goals = new LinkedHashMap<>();
        Copies copies = new Copies(lifter);
        for (boolean hasData : new boolean[]{false, true}) {
            lifter.explore(() -> {
                copies.begin();
                return called(lifter, hasData, copies);
            }, way -> claimCopy(lifter, goals, way));
        }
        lifter.tryBy(new JavaLifter.Run(WrittenRun.class, model -> "copies"));
        return new Obligation(List.of(t.sle(t.bv(32, 0), t.variable("dataLength", 32)), t.ult(
                t.variable("reading.pastEnd", 32), t.bv(32, HelperReading.PastEnd.values().length))), goals);
    }

    private static Called called(JavaLifter lifter, boolean hasData, Copies copies) {
        Terms t = lifter.terms();
        Heap heap = lifter.newHeap();
        boolean[] faults = {false};
        List<List<Value>> writable = new ArrayList<>();
        Value data = hasData
                ? OpenArray.ofBytes(lifter, "data", t.variable("dataLength", 32), heap)
                : new Value.Null();
        AccessTheorems.answer(lifter, Run.class, "memory", lifter.made(FlatMemory.class, Map.of(), heap));
        AccessTheorems.answer(lifter, Run.class, "services", lifter.made(Services.class, Map.of(), heap));
        AccessTheorems.answer(lifter, Services.class, "helpers", lifter.free(HelperReading.class, "reading", heap));
        AccessTheorems.answer(lifter, Run.class, "invocation", lifter.made(Invocation.class, Map.of(), heap));
        AccessTheorems.answer(lifter, Invocation.class, "data", data);
        AccessTheorems.answer(lifter, FlatMemory.class, "bytes", OpenArray.ofBytes(lifter, "memory",
                t.variable("memoryLength", 32), heap));
        AccessTheorems.answer(lifter, Long.class, "toUnsignedString", new Value.Opaque());
        lifter.assume(FaultSignal.class, "badArgument", (at, args, callHeap) -> {
            faults[0] = true;
            return new Lifted(new Value.Opaque(), t.bool(false), callHeap);
        });
        lifter.assume(FlatMemory.class, "requireWritable", (at, args, callHeap) -> {
            writable.add(args);
            return new Lifted(new Value.Opaque(), t.bool(false), callHeap);
        });
        Lifted lifted = lifter.liftInside(BINDINGS, "copyFromBuffer", heap, lifter.made(Run.class, Map.of(), heap),
                lifter.free(long.class, "context", heap), lifter.free(long.class, "offset", heap),
                lifter.free(long.class, "target", heap), lifter.free(long.class, "length", heap),
                lifter.free(long.class, "r5", heap));
        return new Called(lifted, faults[0], copies.made(), List.copyOf(writable), data);
    }

    private static void claimCopy(JavaLifter lifter, Map<String, Term> goals, Explored<Called> way) {
        Terms t = lifter.terms();
        Called call = way.result();
        Term throwsWhen = call.lifted.throwsWhen();
        AccessTheorems.and(t, goals, "throws nothing but faults",
                t.implies(t.and(way.condition(), throwsWhen), t.bool(call.faults)));
        Term returns = t.and(way.condition(), t.not(throwsWhen));
        if (returns.isFalse()) {
            return;
        }
        Term length = t.variable("length", 64);
        Term target = t.variable("target", 64);
        boolean once = call.writable.size() == 1;
        Term asked = !once
                ? t.bool(false)
                : t.and(t.eq(lifter.number(call.writable.getFirst().get(1)), target),
                        t.eq(t.signExtend(lifter.number(call.writable.getFirst().get(2)), 64), length));
        AccessTheorems.and(t, goals, "to memory that was found writable", t.implies(returns, t.and(asked,
                t.and(t.sle(t.bv(64, 0), length), t.sle(length, t.bv(64, Layout.ARENA_LIMIT))))));
        claimCopied(lifter, goals, returns, call.lifted, call.copies, call.data,
                t.extract(t.sub(target, t.bv(64, Layout.BASE)), 0, 32), length);
    }

    /** What is copied is of the written data from the offset on, to the place, and as much as the result says. */
    private static void claimCopied(JavaLifter lifter, Map<String, Term> goals, Term returns, Lifted lifted,
            List<Copies.Copy> copies, Value data, Term place, Term size) {
        Terms t = lifter.terms();
        Term count = t.bv(64, 0);
        for (Copies.Copy copy : copies) {
            count = t.add(count, t.signExtend(copy.count(), 64));
            Term inside = Copies.isInside(lifter, data, copy.fromIndex(), copy.count(), lifted.heap());
            AccessTheorems.and(t, goals, "in the written data",
                    t.implies(returns, t.and(t.bool(copy.from().equals(data)),
                            t.and(t.eq(t.signExtend(copy.fromIndex(), 64), t.variable("offset", 64)), inside))));
            AccessTheorems.and(t, goals, "to where it is",
                    t.implies(returns, t.and(t.eq(copy.toIndex(), place), t.sle(count, size))));
        }
        Term stops = t.eq(t.variable("reading.pastEnd", 32), t.bv(32, HelperReading.PastEnd.PARTIAL.ordinal()));
        Term success = t.eq(lifter.number(lifted.result()), t.bv(64, 0));
        AccessTheorems.and(t, goals, "all of it",
                t.implies(t.and(returns, success), t.or(stops, t.eq(count, size))));
        AccessTheorems.and(t, goals, "nothing after an error",
                t.implies(t.and(returns, t.not(success)), t.eq(count, t.bv(64, 0))));
    }
}
