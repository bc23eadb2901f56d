package org.bpfz.proofs.engines;

import java.util.ArrayList;
import java.util.List;
import org.bpfz.proofs.term.Term;
import org.bpfz.proofs.term.TermBits;
import org.bpfz.proofs.term.Terms;
import org.bpfz.spec.isa.AtomicOp;
import org.bpfz.spec.isa.Instruction;
import org.bpfz.spec.isa.MemSize;
import org.bpfz.spec.isa.Reg;
import org.bpfz.spec.isa.Source;
import org.bpfz.spec.semantics.Semantics;
import org.jspecify.annotations.Nullable;

/** What the specification says that one instruction does to registers and memory, as terms. */
final class Expected {
    private final Terms t;
    private final Semantics<Term, Term, Term> semantics;
    private final List<Term> before;
    private final List<Term> registers;
    private final Term imm;
    private final Term offset;
    private Term memory;
    private @Nullable Term taken;
    private @Nullable Term address;

    /** Of one instruction, from any registers. */
    Expected(Terms terms) {
        this(terms, anyRegisters(terms), "", "memory");
    }

    /**
     * Of one instruction among several.
     *
     * @param before the registers that those before it leave
     * @param suffix of the names of its numbers, as {@link Marks#suffix}
     * @param place  the name of the eight bytes at its address
     */
    Expected(Terms terms, List<Term> before, String suffix, String place) {
        t = terms;
        semantics = new Semantics<>(new TermBits(terms));
        this.before = List.copyOf(before);
        registers = new ArrayList<>(before);
        imm = terms.signExtend(terms.variable("imm" + suffix, 32), 64);
        offset = terms.signExtend(terms.variable("offset" + suffix, 16), 64);
        memory = terms.variable(place, 64);
    }

    /** Any registers. */
    static List<Term> anyRegisters(Terms terms) {
        List<Term> registers = new ArrayList<>();
        for (Reg reg : Reg.values()) {
            registers.add(terms.variable("r" + reg.index(), 64));
        }
        return registers;
    }

    List<Term> before() {
        return before;
    }

    List<Term> registers() {
        return registers;
    }

    /** Eight bytes from the address on. */
    Term memory() {
        return memory;
    }

    /** Whether the jump is taken; null for what is no jump. */
    @Nullable
    Term taken() {
        return taken;
    }

    /** Of an access; null for what has none. */
    @Nullable
    Term address() {
        return address;
    }

    private Term of(Reg reg) {
        return before.get(reg.index());
    }

    private Term of(Source source) {
        return switch (source) {
            case Source.Imm(int value) -> value == Marks.FIRST.imm() ? imm : t.bv(64, value);
            case Source.Register(Reg reg) -> of(reg);
        };
    }

    private void set(Reg reg, Term value) {
        registers.set(reg.index(), value);
    }

    /** Executes an instruction with the marks in the place of its numbers. */
    void execute(Instruction instruction) {
        switch (instruction) {
            case Instruction.Alu(var width, var op, Reg dst, Source src) ->
                set(dst, semantics.alu(width, op, of(dst), of(src)));
            case Instruction.Mov(var width, int from, Reg dst, Source src) ->
                set(dst, semantics.mov(width, from, of(src)));
            case Instruction.Neg(var width, Reg dst) -> set(dst, semantics.neg(width, of(dst)));
            case Instruction.End(var order, int bits, Reg dst) -> set(dst, semantics.end(order, bits, of(dst)));
            case Instruction.Jump(var width, var condition, Reg left, Source right, short _) ->
                taken = semantics.jumps(width, condition, of(left), of(right));
            case Instruction.Goto _ -> taken = t.bool(true);
            case Instruction.Load(MemSize size, boolean signed, Reg dst, Reg base, short _) -> {
                address = t.add(of(base), offset);
                set(dst, semantics.load(size, signed, memory));
            }
            case Instruction.Store(MemSize size, Reg base, short _, Source src) -> {
                address = t.add(of(base), offset);
                memory = written(size, semantics.store(size, of(src)));
            }
            case Instruction.Atomic(AtomicOp op, MemSize size, Reg base, short _, Reg src) -> {
                address = t.add(of(base), offset);
                var result = semantics.atomic(op, size, memory, of(src), of(Reg.R0));
                memory = written(size, result.stored());
                if (op == AtomicOp.CMPXCHG) {
                    set(Reg.R0, result.old());
                } else if (op.fetches()) {
                    set(src, result.old());
                }
            }
            default -> throw new IllegalArgumentException("no form: " + instruction);
        }
    }

    private Term written(MemSize size, Term value) {
        return size == MemSize.DW
                ? value
                : t.concat(t.extract(memory, size.bits(), 64 - size.bits()), t.extract(value, 0, size.bits()));
    }
}
