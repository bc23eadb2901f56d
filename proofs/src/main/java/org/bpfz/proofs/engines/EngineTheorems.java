package org.bpfz.proofs.engines;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bpfz.proofs.engines.Forms.Form;
import org.bpfz.proofs.lift.Bytes;
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
import org.jspecify.annotations.Nullable;

/** For every form: registers, memory, jump and fault as the specification's semantics has them. */
public final class EngineTheorems {
    static final List<String> TRUSTS = List.of(
            "immediates and offsets are treated alike: one of each is decoded or emitted and read as any",
            "memory accesses little-endian numbers at the address, or faults (access/flat_load, flat_store, any_place; the JDK's "
                    + "views of bytes)");

    private EngineTheorems() {
    }

    /** All of them. */
    public static List<Theorem> all() {
        List<Theorem> theorems = new ArrayList<>();
        List<Form> forms = new ArrayList<>(Forms.arithmetic(Marks.FIRST));
        forms.addAll(Forms.jumps(Marks.FIRST));
        forms.addAll(Forms.accesses(Marks.FIRST));
        for (Form form : forms) {
            theorems.add(new Theorem("interpreter/" + form.name(), Group.ENGINES,
                    "the interpreter's handler does what the specification says, whatever the operands",
                    handlerCode(form), TRUSTS, "", (Theorem.Symbolic) lifter -> interpreter(lifter, form)));
        }
        for (Form form : forms) {
            if (!form.name().equals("mod32_imm")) {
                theorems.add(new Theorem("jit/" + form.name(), Group.ENGINES,
                        "what the JIT's template emits does what the specification says, whatever the operands",
                        templateCode(form), TRUSTS, "", (Theorem.Symbolic) lifter -> jit(lifter, form)));
            }
        }
        theorems.addAll(FusedTheorems.all());
        theorems.addAll(RemainderTheorems.all());
        return theorems;
    }

    private static List<Code> handlerCode(Form form) {
        List<Code> code = new ArrayList<>();
        Instruction instruction = form.instructions().getFirst();
        if (instruction instanceof Instruction.Alu alu) {
            String division = switch (alu.op()) {
                case DIV -> "div";
                case SDIV -> "sdiv";
                case MOD -> "mod";
                case SMOD -> "smod";
                default -> "";
            };
            if (!division.isEmpty()) {
                code.add(new Code(InterpreterCode.type("Arithmetic"), division));
            }
        }
        if (instruction instanceof Instruction.Atomic) {
            code.add(new Code(InterpreterCode.type("Atomics"), "execute"));
        }
        code.add(new Code(InterpreterCode.type("Loop"), "slice"));
        if (instruction instanceof Instruction.End) {
            // All that a swap to the machine's own order does is to find its register.
            code.add(new Code(InterpreterCode.type("Loop"), "src"));
        }
        return code;
    }

    private static List<Code> templateCode(Form form) {
        return switch (form.instructions().getFirst()) {
            case Instruction.Alu(Width width, AluOp op, Reg _, Source _) -> switch (op) {
                case DIV -> List.of(new Code(JitCode.type("Division"), "quotient"));
                case MOD -> List.of(new Code(JitCode.type("Division"), "remainder"));
                case SDIV -> List.of(new Code(JitCode.type("Division"), "signedQuotient"));
                case SMOD -> List.of(new Code(JitCode.type("Division"), "signedRemainder"));
                default -> List.of(new Code(JitCode.type("AluTemplates"), width == Width.W64 ? "wide" : "narrow"));
            };
            case Instruction.Neg _ -> List.of(new Code(JitCode.type("AluTemplates"), "neg"));
            case Instruction.Mov _ -> List.of(new Code(JitCode.type("AluTemplates"), "mov"));
            case Instruction.End _ -> List.of(new Code(JitCode.type("AluTemplates"), "end"));
            case Instruction.Jump _ -> List.of(new Code(JitCode.type("JumpTemplates"), "compare"));
            case Instruction.Atomic _ -> List.of(new Code(JitCode.type("AtomicTemplates"), "stored"),
                    new Code(JitCode.type("AtomicTemplates"), "compareAndExchange"),
                    new Code(JitCode.type("MemoryTemplates"), "get"),
                    new Code(JitCode.type("MemoryTemplates"), "address"));
            default -> List.of(new Code(JitCode.type("MemoryTemplates"), "get"),
                    new Code(JitCode.type("MemoryTemplates"), "put"),
                    new Code(JitCode.type("MemoryTemplates"), "address"));
        };
    }

    private static Obligation interpreter(JavaLifter lifter, Form form) {
        Map<String, Term> goals = new LinkedHashMap<>();
        for (Instruction instruction : form.instructions()) {
            Expected expected = new Expected(lifter.terms());
            expected.execute(instruction);
            Terms t = lifter.terms();
            Term meant = Forms.isAdded(instruction)
                    ? t.not(t.eq(t.variable("imm", 32), t.bv(32, Integer.MIN_VALUE)))
                    : t.bool(true);
            // Way by way, since the loop goes on at a place that a jump decides.
            for (JavaLifter.Explored<Observed> way : lifter.explore(
                    () -> InterpreterCode.observe(lifter, instruction, expected.before()))) {
                Map<String, Term> here = new LinkedHashMap<>();
                compare(t, here, instruction.toString(), expected, way.result(), expected.address(),
                        Observed.denied(t));
                here.forEach((name, goal) -> goals.merge(name, t.implies(t.and(meant, way.condition()), goal), t::and));
            }
        }
        form.instructions().forEach(instruction -> Trial.with(lifter, "interpreter", instruction));
        return new Obligation(List.of(), goals);
    }

    private static Obligation jit(JavaLifter lifter, Form form) {
        Terms t = lifter.terms();
        Map<String, Term> goals = new LinkedHashMap<>();
        for (Instruction instruction : form.instructions()) {
            for (@Nullable
            String way : ways(instruction)) {
                Expected expected = new Expected(t);
                Observed observed = JitCode.observe(lifter, instruction, way, expected.before());
                expected.execute(instruction);
                Term address = expected.address();
                boolean bare = way != null && (!way.equals("ANY") || instruction instanceof Instruction.Atomic);
                Term place = address == null ? null : bare ? JitCode.index(t, address, String.valueOf(way)) : address;
                Term denied = address == null ? t.bool(false) : denied(t, instruction, String.valueOf(way), address);
                compare(t, goals, instruction + (way == null ? "" : " " + way), expected, observed, place, denied);
            }
        }
        form.instructions().forEach(instruction -> Trial.with(lifter, "jit", instruction));
        return new Obligation(List.of(), goals);
    }

    /** When an access faults: the memory denies it, or it is outside of the bytes. */
    private static Term denied(Terms t, Instruction instruction, String way, Term address) {
        Term outside = Bytes.outside(t);
        return switch (way) {
            case "FRAME" -> outside;
            case "PROVED" -> t.or(JitCode.noIndex(t, address), outside);
            default -> instruction instanceof Instruction.Atomic
                    ? t.or(Observed.denied(t), t.or(JitCode.noIndex(t, address), outside))
                    : Observed.denied(t);
        };
    }

    /** The ways in which a template is emitted: of a jump the two branches, of an access how it finds its bytes. */
    private static List<@Nullable String> ways(Instruction instruction) {
        return switch (instruction) {
            case Instruction.Jump _ -> List.of("branch", "branchUnless");
            case Instruction.Load _,Instruction.Store _,Instruction.Atomic _ -> List.of("ANY", "PROVED", "FRAME");
            default -> {
                List<@Nullable String> one = new ArrayList<>();
                one.add(null);
                yield one;
            }
        };
    }

    private static void compare(Terms t, Map<String, Term> goals, String what, Expected expected, Observed observed,
            @Nullable Term place, Term denied) {
        Term address = expected.address();
        Term faults = address == null ? t.bool(false) : denied;
        goals.put(what + ": faults", t.eq(observed.faults(), faults));
        Term done = t.not(faults);
        for (int i = 0; i < expected.registers().size(); i++) {
            goals.put(what + ": r" + i,
                    t.implies(done, t.eq(observed.registers().get(i), expected.registers().get(i))));
        }
        Term taken = expected.taken();
        if (taken != null) {
            boolean unless = what.endsWith("branchUnless");
            goals.put(what + ": taken", t.eq(observed.taken(), unless ? t.not(taken) : taken));
        }
        Term at = observed.address();
        if (address != null && place != null) {
            goals.put(what + ": address", t.implies(done, at == null ? t.bool(false) : t.eq(at, place)));
            goals.put(what + ": memory", t.implies(done, t.eq(observed.memory(), expected.memory())));
        }
    }
}
