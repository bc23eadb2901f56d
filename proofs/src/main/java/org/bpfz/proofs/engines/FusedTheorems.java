package org.bpfz.proofs.engines;

import com.google.common.base.Splitter;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bpfz.interpreter.memory.FlatMemory;
import org.bpfz.proofs.lift.Heap;
import org.bpfz.proofs.lift.JavaLifter;
import org.bpfz.proofs.lift.LiftException;
import org.bpfz.proofs.lift.Value;
import org.bpfz.proofs.term.Term;
import org.bpfz.proofs.term.Terms;
import org.bpfz.proofs.theorem.Group;
import org.bpfz.proofs.theorem.Obligation;
import org.bpfz.proofs.theorem.Theorem;
import org.bpfz.proofs.theorem.Theorem.Code;
import org.bpfz.spec.isa.AluOp;
import org.bpfz.spec.isa.Condition;
import org.bpfz.spec.isa.Instruction;
import org.bpfz.spec.isa.MemSize;
import org.bpfz.spec.isa.Reg;
import org.bpfz.spec.isa.Source;
import org.bpfz.spec.isa.Width;

/**
 * What the interpreter runs in the place of several instructions does what the specification says of them one after the other: registers,
 * the accesses in their order with what they write, the fault of whichever access is denied first, and the jump.
 *
 * <p>The operations are the interpreter's own list; each is tried with every way in which its registers may be the same.
 */
final class FusedTheorems {
    private static final Pattern PART = Pattern.compile("(ADD|MOV|XOR|MUL|LSH|RSH|ARSH|MOD|JNE|JLT|JEQ)(32|64)([KX])");
    private static final Pattern ACCESS = Pattern.compile("(LDX|STX)(8|16|32|64)");
    private static final Reg[] REGISTERS = {Reg.R1, Reg.R2, Reg.R3, Reg.R4, Reg.R5};

    private FusedTheorems() {
    }

    static List<Theorem> all() {
        List<Theorem> theorems = new ArrayList<>();
        for (Field field : InterpreterCode.type("Op").getDeclaredFields()) {
            List<String> parts = Splitter.on('_').splitToList(field.getName());
            if (parts.size() > 1 && isPart(parts.getFirst())) {
                int operation = number(field);
                theorems.add(new Theorem("interpreter/fused_" + field.getName().toLowerCase(Locale.ROOT), Group.ENGINES,
                        "the interpreter's operation for " + parts.size()
                                + " instructions in a row does what they do one "
                                + "after the other, whatever the operands",
                        List.of(new Code(InterpreterCode.type("Loop"), "slice")),
                        EngineTheorems.TRUSTS, "", (Theorem.Symbolic) lifter -> state(lifter, parts, operation)));
            }
        }
        return theorems;
    }

    private static boolean isPart(String name) {
        return PART.matcher(name).matches() || ACCESS.matcher(name).matches();
    }

    private static int number(Field constant) {
        try {
            constant.setAccessible(true);
            return constant.getInt(null);
        } catch (IllegalAccessException e) {
            throw new LiftException("no number of " + constant, e);
        }
    }

    private static Obligation state(JavaLifter lifter, List<String> parts, int operation) {
        int operands = parts.stream().mapToInt(FusedTheorems::operands).sum();
        Map<String, Term> goals = new LinkedHashMap<>();
        for (List<Integer> sharing : sharings(operands)) {
            List<Instruction> instructions = instructions(parts, sharing);
            if (InterpreterCode.operation(instructions) == operation) {
                claim(lifter, goals, instructions);
                FusedTrial.with(lifter, instructions);
            }
        }
        if (goals.isEmpty()) {
            throw new LiftException(parts + " are never fused");
        }
        return new Obligation(List.of(), goals);
    }

    private static int operands(String part) {
        return part.equals("GOTO") ? 0 : part.endsWith("K") ? 1 : 2;
    }

    /** Every way in which so many operands may be the same register: each is one of those before it, or the next new one. */
    private static List<List<Integer>> sharings(int operands) {
        List<List<Integer>> all = List.of(List.of());
        for (int i = 0; i < operands; i++) {
            List<List<Integer>> longer = new ArrayList<>();
            for (List<Integer> sharing : all) {
                int fresh = sharing.stream().mapToInt(Integer::intValue).max().orElse(-1) + 1;
                for (int next = 0; next <= fresh; next++) {
                    List<Integer> one = new ArrayList<>(sharing);
                    one.add(next);
                    longer.add(one);
                }
            }
            all = longer;
        }
        return all;
    }

    private static List<Instruction> instructions(List<String> parts, List<Integer> sharing) {
        List<Instruction> instructions = new ArrayList<>();
        int at = 0;
        for (String part : parts) {
            int operands = operands(part);
            Reg first = operands > 0 ? REGISTERS[sharing.get(at) % REGISTERS.length] : Reg.R0;
            Reg second = operands > 1 ? REGISTERS[sharing.get(at + 1) % REGISTERS.length] : Reg.R0;
            instructions.add(instruction(part, Marks.of(instructions.size()), first, second));
            at += operands;
        }
        return instructions;
    }

    private static Instruction instruction(String part, Marks marks, Reg first, Reg second) {
        if (part.equals("GOTO")) {
            return new Instruction.Goto(false, 2);
        }
        Matcher access = ACCESS.matcher(part);
        if (access.matches()) {
            int bits = Integer.parseInt(access.group(2));
            MemSize size = switch (bits) {
                case 8 -> MemSize.B;
                case 16 -> MemSize.H;
                case 32 -> MemSize.W;
                default -> MemSize.DW;
            };
            return access.group(1).equals("LDX")
                    ? new Instruction.Load(size, false, first, second, marks.offset())
                    : new Instruction.Store(size, first, marks.offset(), Source.of(second));
        }
        Matcher matcher = PART.matcher(part);
        if (!matcher.matches()) {
            throw new LiftException("an operation for " + part);
        }
        Width width = matcher.group(2).equals("64") ? Width.W64 : Width.W32;
        Source source = matcher.group(3).equals("K") ? Source.of(marks.imm()) : Source.of(second);
        String name = matcher.group(1);
        if (name.equals("MOV")) {
            return new Instruction.Mov(width, 0, first, source);
        }
        return name.startsWith("J")
                ? new Instruction.Jump(width, Condition.valueOf(name.substring(1)), first, source, (short) 2)
                : new Instruction.Alu(width, AluOp.valueOf(name), first, source);
    }

    /** An access: whether it is a store, where, and what it writes (of a load, what it reads). */
    private record Access(boolean store, Term address, Term value) {}

    private static void claim(JavaLifter lifter, Map<String, Term> goals, List<Instruction> instructions) {
        Terms t = lifter.terms();
        List<Term> before = Expected.anyRegisters(t);
        List<Access> seen = new ArrayList<>();
        lifter.explore(() -> {
            seen.clear();
            assumeMemory(lifter, seen);
            Heap heap = lifter.newHeap();
            Value memory = lifter.made(FlatMemory.class, Map.of(), heap);
            return InterpreterCode.run(lifter, instructions, before, memory, heap);
        }, way -> goals.merge(instructions.toString(),
                t.implies(way.condition(), agrees(t, instructions, before, way.result(), seen)), t::and));
    }

    private static Term denied(Terms t, int access) {
        return t.variable("denied" + access, 0);
    }

    private static void assumeMemory(JavaLifter lifter, List<Access> seen) {
        Terms t = lifter.terms();
        for (int bits : new int[]{8, 16, 32, 64}) {
            lifter.assume(FlatMemory.class, "load" + bits, (at, args, heap) -> {
                Term denied = denied(t, seen.size());
                Term read = t.extract(t.variable("memory" + seen.size(), 64), 0, bits);
                seen.add(new Access(false, at.number(args.get(1)), read));
                return new JavaLifter.Lifted(new Value.Word(t.zeroExtend(read, 64)), denied, heap);
            });
            lifter.assume(FlatMemory.class, "store" + bits, (at, args, heap) -> {
                Term denied = denied(t, seen.size());
                seen.add(new Access(true, at.number(args.get(1)), t.extract(at.number(args.get(2)), 0, bits)));
                return new JavaLifter.Lifted(new Value.Opaque(), denied, heap);
            });
        }
    }

    /** Whether this way is the way of the instructions one by one. */
    private static Term agrees(Terms t, List<Instruction> instructions, List<Term> before, InterpreterCode.Ran ran,
            List<Access> seen) {
        boolean faults = ran.lifted().throwsWhen().isTrue();
        List<Term> registers = before;
        Term all = t.bool(true);
        int accesses = 0;
        for (int i = 0; i < instructions.size(); i++) {
            Instruction instruction = instructions.get(i);
            Expected expected = new Expected(t, registers, Marks.of(i).suffix(), "memory" + accesses);
            expected.execute(instruction);
            registers = expected.registers();
            Term taken = expected.taken();
            if (taken != null && !faults) {
                all = t.and(all, t.eq(ran.taken(), taken));
            }
            Term address = expected.address();
            if (address != null) {
                if (accesses == seen.size()) {
                    return t.bool(false);
                }
                Access access = seen.get(accesses);
                all = t.and(all, same(t, access, instruction, address, expected.memory()));
                boolean last = faults && accesses == seen.size() - 1;
                all = t.and(all, last ? denied(t, accesses) : t.not(denied(t, accesses)));
                accesses++;
                if (last) {
                    return all;
                }
            }
        }
        if (faults || accesses != seen.size()) {
            return t.bool(false);
        }
        for (int i = 0; i < registers.size(); i++) {
            all = t.and(all, t.eq(ran.registers().get(i), registers.get(i)));
        }
        return all;
    }

    private static Term same(Terms t, Access access, Instruction instruction, Term address, Term memory) {
        Term there = t.eq(access.address(), address);
        boolean store = instruction instanceof Instruction.Store;
        int bits = instruction instanceof Instruction.Store(MemSize size, Reg _, short _, Source _)
                ? size.bits()
                : ((Instruction.Load) instruction).size().bits();
        return access.store() != store || access.value().width() != bits
                ? t.bool(false)
                : t.and(there, t.eq(access.value(), t.extract(memory, 0, bits)));
    }
}
