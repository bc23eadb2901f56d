package org.bpfz.proofs.engines;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bpfz.proofs.lift.JavaLifter;
import org.bpfz.proofs.term.Term;
import org.bpfz.proofs.term.Terms;
import org.bpfz.proofs.theorem.Group;
import org.bpfz.proofs.theorem.Obligation;
import org.bpfz.proofs.theorem.Theorem;
import org.bpfz.proofs.theorem.Theorem.Code;
import org.bpfz.spec.isa.AluOp;
import org.bpfz.spec.isa.Instruction;
import org.bpfz.spec.isa.Reg;
import org.bpfz.spec.isa.Source;
import org.bpfz.spec.isa.Width;

/** The JIT's remainder by a constant, whose template depends on the constant: for some divisors, every dividend. */
final class RemainderTheorems {
    private static final List<Integer> DIVISORS = List.of(0, 1, 2, 4, 0x1_0000, 0x8000_0000);

    private RemainderTheorems() {
    }

    static List<Theorem> all() {
        List<Theorem> theorems = new ArrayList<>();
        theorems.add(new Theorem("jit/mod32_imm", Group.ENGINES,
                "what the JIT emits for a remainder of 32 bits by a constant is the remainder, for every dividend",
                List.of(new Code(JitCode.type("ConstantRemainder"), "emit"),
                        new Code(JitCode.type("ConstantRemainder"), "reciprocal")),
                List.of(), "the divisors " + DIVISORS, (Theorem.Symbolic) RemainderTheorems::remainder));
        return theorems;
    }

    private static Obligation remainder(JavaLifter lifter) {
        Terms t = lifter.terms();
        Map<String, Term> goals = new LinkedHashMap<>();
        for (int divisor : DIVISORS) {
            Instruction instruction = new Instruction.Alu(Width.W32, AluOp.MOD, Reg.R1, Source.of(divisor));
            Expected expected = new Expected(t);
            Observed observed = JitCode.observe(lifter, instruction, null, expected.before());
            Term dividend = t.extract(expected.before().get(1), 0, 32);
            Term result = observed.registers().get(1);
            Trial.with(lifter, "jit", instruction);
            if (divisor == 0) {
                goals.put("n mod 0", t.eq(result, t.zeroExtend(dividend, 64)));
            } else {
                Term by = t.bv(64, Integer.toUnsignedLong(divisor));
                Term rest = t.binary(org.bpfz.proofs.term.Op.UREM, t.zeroExtend(dividend, 64), by);
                goals.put("n mod " + Integer.toUnsignedString(divisor), t.eq(result, rest));
            }
        }
        return new Obligation(List.of(), goals);
    }
}
