package org.bpfz.proofs.engines;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bpfz.interpreter.memory.FlatMemory;
import org.bpfz.proofs.lift.Bytes;
import org.bpfz.proofs.lift.Heap;
import org.bpfz.proofs.lift.JavaLifter;
import org.bpfz.proofs.lift.LiftException;
import org.bpfz.proofs.lift.Value;
import org.bpfz.proofs.term.Term;
import org.bpfz.proofs.term.Terms;
import org.bpfz.spec.engine.HelperReading;
import org.bpfz.spec.isa.Instruction;
import org.bpfz.spec.isa.Program;
import org.bpfz.spec.isa.Reg;
import org.bpfz.spec.isa.Source;
import org.bpfz.spec.isa.Width;
import org.jspecify.annotations.Nullable;

/** The interpreter's loop over a program of one instruction and its exits, which the interpreter's own pre-decoder has made. */
final class InterpreterCode {
    private static final String PACKAGE = "org.bpfz.interpreter.";
    /** A register that no program has: what runs after a jump that is not taken sets it. */
    private static final int FLAG = 9;

    private InterpreterCode() {
    }

    static Class<?> type(String name) {
        try {
            return Class.forName(PACKAGE + name);
        } catch (ClassNotFoundException e) {
            throw new LiftException("the interpreter has no class " + name, e);
        }
    }

    /** Lifts the loop over the instruction. */
    static Observed observe(JavaLifter lifter, Instruction instruction, List<Term> before) {
        Terms t = lifter.terms();
        Observed.assumeMemory(lifter);
        Heap heap = lifter.newHeap();
        Value memory = Bytes.make(lifter, FlatMemory.class, heap);
        Ran ran = run(lifter, List.of(instruction), before, memory, heap);
        if (ran.lifted.throwsWhen().isTrue()) {
            return new Observed(before, t.variable("memory", 64), null, t.bool(false), ran.lifted.throwsWhen());
        }
        return new Observed(ran.registers, Observed.memory(lifter, memory, ran.lifted.heap()),
                Observed.at(lifter, memory, ran.lifted.heap()), ran.taken, ran.lifted.throwsWhen());
    }

    /**
     * What the loop does.
     *
     * @param registers the eleven of the program
     * @param taken     whether a jump at the end was taken
     */
    record Ran(JavaLifter.Lifted lifted, List<Term> registers, Term taken) {
        Ran {
            registers = List.copyOf(registers);
        }
    }

    /** Lifts the loop over instructions in a row, only the last of which may be a jump, by two. */
    static Ran run(JavaLifter lifter, List<Instruction> instructions, List<Term> before, Value memory, Heap heap) {
        Terms t = lifter.terms();
        Value words = array(lifter, words(lifter, instructions), heap);
        contract(lifter, "Code", "words", words);
        contract(lifter, "Interpretation", "code", lifter.made(type("Code"), Map.of(), heap));
        lifter.assume(type("Code"), "ordinal", (at, args, callHeap) -> new JavaLifter.Lifted(
                new Value.Word(t.bv(32, at.number(args.get(1)).value() / 2)), t.bool(false), callHeap));
        List<Term> registers = new ArrayList<>(before);
        long[] frames = frames();
        for (int i = registers.size(); i < frames.length; i++) {
            registers.add(t.bv(64, frames[i]));
        }
        boolean jumps = jumps(instructions);
        if (jumps) {
            registers.set(FLAG, t.bv(64, 0));
        }
        Value r = array(lifter, registers, heap);
        contract(lifter, "Frames", "copy", r);
        Map<String, Value> fields = new LinkedHashMap<>();
        fields.put("memory", memory);
        fields.put("registers", r);
        fields.put("start", new Value.Word(t.bv(32, 0)));
        fields.put("left", new Value.Word(t.bv(64, 1000)));
        fields.put("result", new Value.Word(t.bv(64, 0)));
        Value run = lifter.made(type("Interpretation"), fields, heap);
        JavaLifter.Lifted lifted = lifter.liftInside(type("Loop"), "slice", heap, run);
        if (lifted.throwsWhen().isTrue()) {
            return new Ran(lifted, before, t.bool(false));
        }
        List<Term> after = new ArrayList<>();
        for (Reg reg : Reg.values()) {
            after.add(lifter.number(lifter.part(r, "" + reg.index(), lifted.heap())));
        }
        Term taken = t.eq(after.get(FLAG), t.bv(64, 0));
        if (jumps) {
            after.set(FLAG, before.get(FLAG));
        }
        return new Ran(lifted, after, taken);
    }

    private static boolean jumps(List<Instruction> instructions) {
        return instructions.getLast() instanceof Instruction.Jump
                || instructions.getLast() instanceof Instruction.Goto;
    }

    private static void contract(JavaLifter lifter, String type, String method, Value result) {
        lifter.assume(type(type), method,
                (at, args, heap) -> new JavaLifter.Lifted(result, at.terms().bool(false), heap));
    }

    private static Value array(JavaLifter lifter, List<Term> elements, Heap heap) {
        Map<String, Value> fields = new LinkedHashMap<>();
        for (int i = 0; i < elements.size(); i++) {
            fields.put("" + i, new Value.Word(elements.get(i)));
        }
        return lifter.made(long[].class, fields, heap);
    }

    /** The pre-decoded words; the halves of a word in which a mark of its instruction stands are what it stands for. */
    private static List<Term> words(JavaLifter lifter, List<Instruction> instructions) {
        long[] decoded = decode(instructions);
        List<Term> words = new ArrayList<>();
        for (int i = 0; i < decoded.length; i++) {
            words.add(word(lifter.terms(), Marks.of(Math.min(i / 2, instructions.size() - 1)), decoded[i]));
        }
        return words;
    }

    private static Term word(Terms t, Marks marks, long word) {
        Term whole = marks.meaning(t, word, 64);
        if (whole != null) {
            return whole;
        }
        Term high = marks.meaning(t, word >> 32, 32);
        Term low = marks.meaning(t, word << 32 >> 32, 32);
        return t.concat(high == null ? t.bv(32, word >> 32) : high, low == null ? t.bv(32, word) : low);
    }

    /** The operation that the first of the instructions is decoded to. */
    static int operation(List<Instruction> instructions) {
        return (int) decode(instructions)[0] & 0xff;
    }

    private static long[] decode(List<Instruction> instructions) {
        List<Instruction> program = new ArrayList<>(instructions);
        if (jumps(instructions)) {
            program.add(new Instruction.Mov(Width.W64, 0, Reg.of(FLAG), Source.of(1)));
        }
        program.add(new Instruction.Exit());
        program.add(new Instruction.Exit());
        Object code = ask(null, "Predecoder", "decode",
                List.of(Program.class, List.class, HelperReading.class), Program.of(program), List.of(),
                HelperReading.STRICT);
        return ((long[]) ask(code, "Code", "words", List.of())).clone();
    }

    /** The registers and frames that a run begins with. */
    private static long[] frames() {
        return (long[]) ask(null, "Frames", "begin", List.of(int.class, int.class, FlatMemory.class), 0, 0,
                new FlatMemory());
    }

    /** What a method of the interpreter's own returns. */
    private static Object ask(@Nullable Object target, String type, String method, List<Class<?>> parameters,
            Object... args) {
        try {
            Method asked = type(type).getDeclaredMethod(method, parameters.toArray(Class<?>[]::new));
            asked.setAccessible(true);
            return asked.invoke(target, args);
        } catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException e) {
            throw new LiftException("the interpreter's " + type + "." + method + " can't be asked", e);
        }
    }
}
