package org.bpfz.proofs.access;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bpfz.proofs.lift.Heap;
import org.bpfz.proofs.lift.JavaLifter.Explored;
import org.bpfz.proofs.lift.JavaLifter.Lifted;
import org.bpfz.proofs.lift.JavaLifter;
import org.bpfz.proofs.lift.Value;
import org.bpfz.proofs.term.Term;
import org.bpfz.proofs.term.Terms;
import org.bpfz.proofs.theorem.Group;
import org.bpfz.proofs.theorem.Obligation;
import org.bpfz.proofs.theorem.Theorem.Code;
import org.bpfz.proofs.theorem.Theorem;
import org.bpfz.spec.program.ContextField;
import org.bpfz.spec.program.ContextLayout;
import org.bpfz.spec.program.ContextPointer;
import org.bpfz.verifier.access.Access;
import org.bpfz.verifier.access.Bounds;
import org.bpfz.verifier.domain.Scalar;
import org.bpfz.verifier.search.Search;
import org.bpfz.verifier.state.Kind;

/**
 * The context: a row of a table lets through what lies in its field, the tables of all program types only what their contexts have, no store but of
 * what may be stored, and the verifier asks them about the bytes that a run would access.
 */
final class ContextTheorems {
    /** How far before a tracepoint's record an instruction's offset reaches. */
    private static final int BEFORE_RECORD = 1 << 15;
    private static final int[] WIDTHS = {1, 2, 4, 8};
    private static final Class<?> CHECK = AccessTheorems.type("org.bpfz.verifier.access.ContextAccess");
    private static final Class<?> ARGUMENTS = AccessTheorems.type("org.bpfz.verifier.access.BtfArguments");

    private ContextTheorems() {
    }

    static List<Theorem> all() {
        return List.of(
                new Theorem("access/context_field", Group.ACCESS,
                        "what a row of a context's table covers lies in the row's field, without overflow, and is of a width that "
                                + "the row lets through: of those for stores where it is one",
                        List.of(new Code(ContextField.class, "covers")), List.of(), "",
                        (Theorem.Symbolic) ContextTheorems::field),
                new Theorem("access/context_tables", Group.ACCESS,
                        "whatever the offset and the program, each of the " + ContextLayout.all().size()
                                + " tables lets an access of 1, 2, 4 or 8 bytes through only inside of the context, and a store "
                                + "only in a field with that width for stores; the compressor's 16 bytes have none. But for loads "
                                + "before a tracepoint's record, which the kernel's verifier lets through, too, and no such program "
                                + "can be attached",
                        List.of(new Code(ContextLayout.class, "access"), new Code(ContextField.class, "covers")),
                        List.of("that the rows are the kernel's (compared by tests)"), "",
                        (Theorem.Symbolic) ContextTheorems::tables),
                new Theorem("access/context", Group.ACCESS,
                        "a context access that the verifier lets pass is one that the program type's table was asked about, with the "
                                + "offset that it has whatever the pointer's variable offset is",
                        List.of(new Code(CHECK, "check"), new Code(Bounds.class, "checkOffset")),
                        AccessTheorems.TRUSTS, "", (Theorem.Symbolic) ContextTheorems::check),
                new Theorem("access/context_arguments", Group.ACCESS,
                        "of a context that is a function's arguments only those are loaded that the function has, and its result "
                                + "only where it has returned",
                        List.of(new Code(ARGUMENTS, "load")),
                        List.of("BTF's prototype of the attach target is the function's"), "",
                        (Theorem.Symbolic) ContextTheorems::arguments));
    }

    private static Obligation field(JavaLifter lifter) {
        Terms t = lifter.terms();
        Heap heap = lifter.newHeap();
        Map<String, Value> parts = new LinkedHashMap<>();
        parts.put("name", lifter.constant("field"));
        for (String number : List.of("offset", "size", "reads", "writes")) {
            parts.put(number, lifter.free(int.class, number, heap));
        }
        parts.put("startOnly", lifter.free(boolean.class, "startOnly", heap));
        parts.put("pointer", lifter.constant(ContextPointer.NONE));
        parts.put("struct", new Value.Null());
        parts.put("condition", lifter.constant(""));
        Value field = lifter.made(ContextField.class, parts, heap);
        Term offset = t.variable("offset", 32);
        Term size = t.variable("size", 32);
        Term at = t.variable("at", 32);
        Value write = lifter.free(boolean.class, "write", heap);
        Term grants = t.ite(t.eq(t.variable("write", 1), t.bv(1, 1)), t.variable("writes", 32),
                t.variable("reads", 32));
        Map<String, Term> goals = new LinkedHashMap<>();
        for (int width : WIDTHS) {
            Lifted lifted = lifter.lift(ContextField.class, "covers", heap, field, new Value.Word(at),
                    new Value.Word(t.bv(32, width)), write);
            Term covered = t.not(t.eq(lifter.number(lifted.result()), t.bv(32, 0)));
            goals.put(width + " from the field's begin", t.implies(covered, t.sle(offset, at)));
            goals.put(width + " to its end", t.implies(covered,
                    t.sle(t.add(wide(t, at), t.bv(64, width)), t.add(wide(t, offset), wide(t, size)))));
            goals.put(width + " let through", t.implies(covered,
                    t.not(t.eq(t.bvAnd(grants, t.bv(32, width)), t.bv(32, 0)))));
            goals.put(width + " at its begin", t.implies(
                    t.and(covered, t.eq(t.variable("startOnly", 1), t.bv(1, 1))), t.eq(at, offset)));
        }
        return new Obligation(
                List.of(t.sle(t.bv(32, 0), offset), t.sle(t.bv(32, 0), size), t.sle(t.bv(32, 0), t.add(offset, size))),
                goals);
    }

    private static Term wide(Terms t, Term number) {
        return t.signExtend(number, 64);
    }

    private static Obligation tables(JavaLifter lifter) {
        Terms t = lifter.terms();
        // Which rows apply to the program: any.
        lifter.assume(AccessTheorems.type("org.bpfz.spec.program.Condition"), "holds", (at, args, heap) -> new Lifted(
                at.free(boolean.class, "applies: " + ((Value.Constant) args.getFirst()).object(), heap), t.bool(false),
                heap));
        Map<String, Term> goals = new LinkedHashMap<>();
        for (ContextLayout layout : ContextLayout.all()) {
            for (int width : WIDTHS) {
                for (boolean write : new boolean[]{false, true}) {
                    for (Explored<Value> way : asked(lifter, layout, width, write)) {
                        Term at = t.variable("at", 32);
                        goals.merge(layout.name() + " inside",
                                t.implies(way.condition(), way.result() instanceof Value.Null
                                        ? t.bool(true)
                                        : t.and(t.sle(t.bv(32, first(layout, write)), at),
                                                t.sle(t.add(wide(t, at), t.bv(64, width)),
                                                        t.bv(64, layout.size())))),
                                t::and);
                        goals.merge(layout.name() + " of that width",
                                t.implies(way.condition(), t.bool(grants(way.result(), width, write))), t::and);
                        if (write && layout.fields().stream().allMatch(field -> field.writes() == 0)) {
                            goals.merge(layout.name() + " is never stored to",
                                    t.implies(way.condition(), t.bool(way.result() instanceof Value.Null)), t::and);
                        }
                    }
                }
            }
        }
        lifter.tryBy(new JavaLifter.Run(ContextRun.class, model -> String.valueOf(model.getOrDefault("at", 0L))));
        return new Obligation(List.of(), goals);
    }

    private static List<Explored<Value>> asked(JavaLifter lifter, ContextLayout layout, int width, boolean write) {
        Terms t = lifter.terms();
        Heap heap = lifter.newHeap();
        return lifter.returns(ContextLayout.class, "access", heap, lifter.constant(layout),
                new Value.Word(t.variable("at", 32)), new Value.Word(t.bv(32, width)),
                new Value.Word(t.bv(32, write ? 1 : 0)), lifter.free(boolean.class, "signed", heap),
                new Value.Opaque());
    }

    /** Where the context begins, and what programs may load before it. */
    private static int first(ContextLayout layout, boolean write) {
        return layout.name().equals("tracepoint") && !write ? -BEFORE_RECORD : 0;
    }

    private static boolean grants(Value row, int width, boolean write) {
        return !(row instanceof Value.Constant(ContextField field))
                || ((write ? field.writes() : field.reads()) & width) != 0;
    }

    private static Obligation check(JavaLifter lifter) {
        Terms t = lifter.terms();
        Heap setup = lifter.newHeap();
        Term x = t.variable("x", 64);
        List<Term> hypotheses = AccessTheorems.known(lifter, lifter.free(Scalar.class, "number", setup), x, setup);
        Map<String, Term> goals = new LinkedHashMap<>();
        for (boolean granted : new boolean[]{true, false}) {
            for (boolean loadable : new boolean[]{true, false}) {
                List<List<Value>> asked = new ArrayList<>();
                lifter.explore(() -> {
                    asked.clear();
                    return checked(lifter, granted, loadable, asked);
                }, way -> {
                    Term accepted = t.and(way.condition(), t.not(way.result().throwsWhen()));
                    Term off = t.variable("access.off", 32);
                    goals.merge("the table lets it through", t.implies(accepted, t.bool(granted && loadable)), t::and);
                    goals.merge("at the begin of the context", t.implies(accepted,
                            t.and(t.eq(t.variable("off", 32), t.bv(32, 0)), t.eq(x, t.bv(64, 0)))), t::and);
                    if (asked.size() == 1) {
                        List<Value> args = asked.getFirst();
                        Term same = t.and(t.eq(lifter.number(args.get(1)), off),
                                t.eq(lifter.number(args.get(2)), t.variable("access.size", 32)));
                        Term direction = t.eq(lifter.number(args.get(3)),
                                t.zeroExtend(t.variable("access.write", 1), 32));
                        goals.merge("asked about this access", t.implies(accepted, t.and(same, direction)), t::and);
                    } else {
                        goals.merge("asked about this access", t.implies(accepted, t.bool(false)), t::and);
                    }
                });
            }
        }
        return AccessTheorems.tried(lifter, new Obligation(hypotheses, goals), "context");
    }

    private static Lifted checked(JavaLifter lifter, boolean granted, boolean loadable, List<List<Value>> asked) {
        Terms t = lifter.terms();
        Heap heap = lifter.newHeap();
        Map<String, Value> pointer = Map.of("type", lifter.constant(Kind.CTX.plain()), "number",
                lifter.free(Scalar.class, "number", heap), "off", new Value.Word(t.variable("off", 32)));
        Value search = AccessTheorems.search(lifter, pointer, heap);
        Class<?> lines = AccessTheorems.type("org.bpfz.verifier.log.SourceLines");
        AccessTheorems.answer(lifter, Search.class, "isSecret", lifter.free(boolean.class, "secret", heap));
        AccessTheorems.answer(lifter, Search.class, "lines", lifter.made(lines, Map.of(), heap));
        AccessTheorems.answer(lifter, Search.class, "slot", new Value.Word(t.bv(32, 0)));
        AccessTheorems.answer(lifter, Search.class, "traits", new Value.Opaque());
        AccessTheorems.answer(lifter, Search.class, "register", new Value.Opaque());
        AccessTheorems.silence(lifter, new Code(lines, "print"));
        AccessTheorems.silence(lifter, new Code(CHECK, "store"));
        lifter.assume(ContextLayout.class, "access", (at, args, callHeap) -> {
            asked.add(args);
            return new Lifted(granted ? new Value.Opaque() : new Value.Null(), t.bool(false), callHeap);
        });
        AccessTheorems.answer(lifter, CHECK, "valueOf", loadable ? new Value.Opaque() : new Value.Null());
        Value check = lifter.made(CHECK, Map.of("search", search, "bounds",
                lifter.made(Bounds.class, Map.of("search", search), heap), "layout",
                lifter.made(ContextLayout.class, Map.of(), heap)), heap);
        Value access = lifter.free(Access.class, "access", heap);
        // As MemoryAccess.check makes it of the instruction's and the pointer's.
        Term off = t.add(t.variable("access.off", 32), t.variable("off", 32));
        return lifter.liftInside(CHECK, "check", heap, check, access, new Value.Word(off));
    }

    private static Obligation arguments(JavaLifter lifter) {
        Terms t = lifter.terms();
        Term off = t.variable("off", 32);
        Term count = t.variable("count", 32);
        Term result = t.eq(t.variable("result", 1), t.bv(1, 1));
        Map<String, Term> goals = new LinkedHashMap<>();
        Class<?> proto = AccessTheorems.type("org.bpfz.spec.btf.BtfType$FuncProto");
        for (Explored<Lifted> way : lifter.explore(() -> {
            Heap heap = lifter.newHeap();
            Value search = AccessTheorems.search(lifter, Map.of(), heap);
            Value params = lifter.made(List.class, Map.of(), heap);
            Value types = lifter.made(AccessTheorems.type("org.bpfz.verifier.btf.KernelTypes"), Map.of(), heap);
            Value kernel = lifter.made(org.bpfz.spec.btf.Btf.class, Map.of(), heap);
            AccessTheorems.answer(lifter, AccessTheorems.type("org.bpfz.verifier.btf.KernelTypes"), "kernel", kernel);
            AccessTheorems.answer(lifter, org.bpfz.spec.btf.Btf.class, "skipModifiers", new Value.Word(t.bv(32, 0)));
            AccessTheorems.answer(lifter, ARGUMENTS, "target", lifter.made(proto, Map.of(), heap));
            AccessTheorems.answer(lifter, proto, "params", params);
            AccessTheorems.answer(lifter, proto, "returned", new Value.Word(t.bv(32, 0)));
            AccessTheorems.answer(lifter, ARGUMENTS, "name", new Value.Opaque());
            AccessTheorems.answer(lifter, ARGUMENTS, "hasResult", lifter.free(boolean.class, "result", heap));
            AccessTheorems.answer(lifter, ARGUMENTS, "isRawTracepoint", lifter.free(boolean.class, "raw", heap));
            AccessTheorems.answer(lifter, ARGUMENTS, "valueOf", lifter.made(List.class, Map.of(), heap));
            AccessTheorems.answer(lifter, List.class, "size", new Value.Word(t.add(count, t.zeroExtend(
                    t.variable("raw", 1), 32))));
            lifter.assume(List.class, "subList", (at, args, callHeap) -> {
                // Without the first, which is what the tracepoint was registered with.
                AccessTheorems.answer(at, List.class, "size", new Value.Word(count));
                return new Lifted(args.getFirst(), t.bool(false), callHeap);
            });
            AccessTheorems.answer(lifter, List.class, "get",
                    lifter.made(org.bpfz.spec.btf.BtfType.Param.class, Map.of("type", new Value.Word(t.bv(32, 0))),
                            heap));
            Value arguments = lifter.made(ARGUMENTS, Map.of("search", search, "types", types), heap);
            return lifter.liftInside(ARGUMENTS, "load", heap, arguments, new Value.Word(off),
                    lifter.free(int.class, "size", heap));
        })) {
            Term accepted = t.and(way.condition(),
                    t.and(t.not(way.result().throwsWhen()), t.bool(!(way.result().result() instanceof Value.Null))));
            Term end = t.add(count, t.ite(result, t.bv(32, 1), t.bv(32, 0)));
            goals.merge("an argument or the result", t.implies(accepted,
                    t.slt(off, t.binary(org.bpfz.proofs.term.Op.MUL, end, t.bv(32, 8)))), t::and);
            goals.merge("from its first byte on",
                    t.implies(accepted, t.eq(t.bvAnd(off, t.bv(32, 7)), t.bv(32, 0))), t::and);
        }
        lifter.tryBy(new JavaLifter.Run(VerifierRun.class, model -> "arguments"));
        return new Obligation(
                List.of(t.sle(t.bv(32, 0), off), t.sle(t.bv(32, 0), count), t.slt(count, t.bv(32, 1 << 16))), goals);
    }
}
