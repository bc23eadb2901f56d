package org.bpfz.proofs.kernel;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.bpfz.proofs.lift.Heap;
import org.bpfz.proofs.lift.JavaLifter;
import org.bpfz.proofs.lift.JavaLoop;
import org.bpfz.proofs.lift.LiftException;
import org.bpfz.proofs.lift.LlvmLifter;
import org.bpfz.proofs.lift.LlvmModule;
import org.bpfz.proofs.lift.Value;
import org.bpfz.proofs.ranges.ProductRun;
import org.bpfz.proofs.term.Term;
import org.bpfz.proofs.term.Terms;
import org.bpfz.proofs.theorem.Group;
import org.bpfz.proofs.theorem.Obligation;
import org.bpfz.proofs.theorem.Theorem;
import org.bpfz.proofs.theorem.Theorem.Code;
import org.bpfz.verifier.domain.Scalar;
import org.bpfz.verifier.domain.Tnum;

/**
 * {@code tnum_mul}, which has a loop: two programs that begin in the same state, go on from one state to the same one and end together with the
 * same result yield the same.
 *
 * <p>clang has turned the loop so that its condition stands at the end: where Java is at the head of its loop and does not leave it, the C is at
 * the head of its own, with the same variables, which are found by what they begin with. The value of the uncertainty, which the C leaves out, is 0
 * all the time.
 */
final class KernelProduct {
    static final String ENTRY = "TWO(tnum_mul_, a.var_off = tnum_mul(a.var_off, b.var_off))";
    private static final List<String> VARIABLES = List.of("value", "mask", "shiftedValue", "shiftedMask");

    private KernelProduct() {
    }

    static Theorem theorem(List<String> trusts, Supplier<LlvmModule> module) {
        return new Theorem("kernel/tnum_mul", Group.KERNEL,
                "Tnum.mul yields what the kernel's tnum_mul does, by induction over the rounds of both loops",
                List.of(new Code(Tnum.class, "mul"), new Code(Tnum.class, "add")), trusts, "",
                (Theorem.Symbolic) lifter -> obligation(lifter, module.get()));
    }

    private static Obligation obligation(JavaLifter lifter, LlvmModule module) {
        Terms t = lifter.terms();
        Heap heap = lifter.newHeap();
        Value a = lifter.free(Scalar.class, "a", heap);
        Value b = lifter.free(Scalar.class, "b", heap);
        LlvmLifter.Loop kernel = LlvmLifter.loop(t, module, "tnum_mul_", KernelTheorems.pointers(),
                KernelTheorems.memory(lifter, a, b, heap));
        JavaLoop java = lifter.loop(Tnum.class, "mul", heap, lifter.part(a, "bits", heap),
                lifter.part(b, "bits", heap));
        Map<String, Term> goals = new LinkedHashMap<>();
        JavaLoop.Arrival entry = java.entry();
        goals.put("begin", t.and(t.or(entry.again(), entry.done()), t.not(entry.throwsWhen())));

        // The first state: the C's registers are called after the variables that begin as they do.
        Map<Term, String> names = new LinkedHashMap<>();
        VARIABLES.forEach(name -> names.put(lifter.number(entry.variable(name)), name));
        names.put(t.bv(64, 0), "uncertainty");
        Map<String, String> registers = new LinkedHashMap<>();
        kernel.entry().phis().forEach((register, term) -> registers.put(register, named(names, register, term)));
        Map<String, Value> first = new LinkedHashMap<>();
        VARIABLES.forEach(name -> first.put(name, entry.variable(name)));
        JavaLoop.Arrival firstRound = java.round(first);
        meet(lifter, goals, "first round", entry.again(), firstRound, kernel.entry());
        Value nothing = entry.variable("uncertainty");
        goals.put("first uncertainty", t.and(
                t.eq(lifter.component(nothing, "value", entry.heap()), t.bv(64, 0)),
                t.eq(lifter.component(nothing, "mask", entry.heap()), t.bv(64, 0))));

        if (!entry.done().isFalse()) {
            constants(lifter, goals, entry, kernel, registers);
        }

        // Any state that Java goes on from.
        Map<String, Value> state = new LinkedHashMap<>();
        VARIABLES.forEach(name -> state.put(name, new Value.Word(t.variable(name, 64))));
        Term unknown = t.variable("uncertainty", 64);
        state.put("uncertainty", lifter.made(Tnum.class,
                Map.of("value", new Value.Word(t.bv(64, 0)), "mask", new Value.Word(unknown)), entry.heap()));
        JavaLoop.Arrival round = java.round(state);
        Map<String, Term> phis = new LinkedHashMap<>();
        registers.forEach((register, name) -> phis.put(register, t.variable(name, 64)));
        LlvmLifter.Arrival kernelRound = kernel.round(phis);
        Value uncertainty = round.variable("uncertainty");
        goals.put("no known uncertainty",
                t.implies(round.again(), t.eq(lifter.component(uncertainty, "value", round.heap()), t.bv(64, 0))));
        registers.forEach((register, name) -> {
            Term now = name.equals("uncertainty")
                    ? lifter.component(uncertainty, "mask", round.heap())
                    : lifter.number(round.variable(name));
            Term theirs = kernelRound.phis().get(register);
            goals.put("round, " + name, t.implies(t.and(round.again(), kernelRound.again()), t.eq(now, theirs)));
        });

        // The C asks at the end of a round what Java asks at the begin of the next.
        Map<String, Value> next = new LinkedHashMap<>();
        VARIABLES.forEach(name -> next.put(name, round.variable(name)));
        next.put("uncertainty", lifter.made(Tnum.class, Map.of("value", new Value.Word(t.bv(64, 0)), "mask",
                lifter.part(uncertainty, "mask", round.heap())), entry.heap()));
        meet(lifter, goals, "next round", round.again(), java.round(next), kernelRound);
        lifter.tryBy(new JavaLifter.Run(ProductRun.class, ProductRun::input));
        return new Obligation(List.of(), goals);
    }

    /** Constants, which Java multiplies at once: in the C no mask is ever anything but 0, and the product comes out in the end. */
    private static void constants(JavaLifter lifter, Map<String, Term> goals, JavaLoop.Arrival java,
            LlvmLifter.Loop kernel, Map<String, String> registers) {
        Terms t = lifter.terms();
        constant(lifter, goals, "constants, begin", java.done(), java, kernel.entry(), registers);
        Map<String, Term> phis = new LinkedHashMap<>();
        registers.forEach((register, name) -> phis.put(register,
                isMask(name) ? t.bv(64, 0) : t.variable(name, 64)));
        constant(lifter, goals, "constants, round", java.done(), java, kernel.round(phis), registers);
    }

    private static boolean isMask(String name) {
        return !name.equals("value") && !name.equals("shiftedValue");
    }

    private static void constant(JavaLifter lifter, Map<String, Term> goals, String what, Term when,
            JavaLoop.Arrival java,
            LlvmLifter.Arrival kernel, Map<String, String> registers) {
        Terms t = lifter.terms();
        goals.put(what + ", goes on or ends", t.implies(when, t.or(kernel.again(), kernel.done())));
        registers.forEach((register, name) -> {
            if (isMask(name)) {
                goals.put(what + ", " + name, t.implies(t.and(when, kernel.again()),
                        t.eq(kernel.phis().get(register), t.bv(64, 0))));
            }
        });
        LlvmLifter.Lifted lifted = kernel.lifted();
        if (lifted == null) {
            throw new LiftException("tnum_mul never ends");
        }
        for (String part : List.of("value", "mask")) {
            goals.put(what + ", result's " + part, t.implies(t.and(when, kernel.done()),
                    t.eq(lifter.component(java.result(), part, java.endHeap()),
                            lifted.word(0, part.equals("value") ? 0 : 8))));
        }
    }

    private static String named(Map<Term, String> names, String register, Term term) {
        String name = names.get(term);
        if (name == null) {
            throw new LiftException(register + " begins as no variable of Tnum.mul does");
        }
        return name;
    }

    /** Both go on or both end, with the same result. */
    private static void meet(JavaLifter lifter, Map<String, Term> goals, String what, Term when, JavaLoop.Arrival java,
            LlvmLifter.Arrival kernel) {
        Terms t = lifter.terms();
        goals.put(what + ", goes on", t.implies(when,
                t.and(t.eq(java.again(), kernel.again()), t.eq(java.done(), kernel.done()))));
        LlvmLifter.Lifted lifted = kernel.lifted();
        if (lifted == null) {
            throw new LiftException("tnum_mul never ends");
        }
        Term ended = t.and(when, java.done());
        goals.put(what + ", value", t.implies(ended,
                t.eq(lifter.component(java.result(), "value", java.endHeap()), lifted.word(0, 0))));
        goals.put(what + ", mask", t.implies(ended,
                t.eq(lifter.component(java.result(), "mask", java.endHeap()), lifted.word(0, 8))));
    }
}
