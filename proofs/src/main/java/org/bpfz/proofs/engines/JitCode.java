package org.bpfz.proofs.engines;

import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;

import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bpfz.interpreter.memory.FlatMemory;
import org.bpfz.proofs.lift.Bytes;
import org.bpfz.proofs.lift.Heap;
import org.bpfz.proofs.lift.JavaLifter;
import org.bpfz.proofs.lift.LiftException;
import org.bpfz.proofs.lift.Value;
import org.bpfz.proofs.mutate.Flat;
import org.bpfz.proofs.mutate.MutantLoader;
import org.bpfz.proofs.term.Term;
import org.bpfz.proofs.term.Terms;
import org.bpfz.spec.isa.Instruction;
import org.bpfz.spec.isa.Reg;
import org.bpfz.spec.memory.Layout;
import org.jspecify.annotations.Nullable;

/**
 * A template of the JIT in a method of its own: its parameters stand where the JIT has registers, bytes and memory in variables, and it ends by
 * writing all registers to an array.
 */
final class JitCode {
    private static final String PACKAGE = "org.bpfz.jit.";
    private static final String METHOD = "template";
    /** The registers in the order of their variables (Locals.of). */
    private static final List<Reg> IN_VARIABLES = List.of(Reg.R10, Reg.R1, Reg.R2, Reg.R3, Reg.R4, Reg.R5, Reg.R0,
            Reg.R6, Reg.R7, Reg.R8, Reg.R9);
    private static final int OUT = 26;
    private static final int TAKEN = 11;
    /** Behind the parameters, and where templates look for them (Locals.HOME, Locals.ORIGIN). */
    private static final int HOME_PARAMETER = OUT + 1;
    private static final int HOME = 36;
    private static final int ORIGIN_PARAMETER = HOME_PARAMETER + 2;
    private static final int ORIGIN = 38;

    private JitCode() {
    }

    static Class<?> type(String name, ClassLoader loader) {
        try {
            return loader.loadClass(PACKAGE + name);
        } catch (ClassNotFoundException e) {
            throw new LiftException("the JIT has no class " + name, e);
        }
    }

    static Class<?> type(String name) {
        return type(name, Template.class.getClassLoader());
    }

    /**
     * Lifts the template's code for an instruction.
     *
     * @param way how an access finds its bytes, as MemoryTemplates.Way names it; null for what is none
     */
    static Observed observe(JavaLifter lifter, Instruction instruction, @Nullable String way, List<Term> before) {
        Terms t = lifter.terms();
        Observed.assumeMemory(lifter);
        lifter.read(Marks.FIRST::meaning);
        Map<String, byte[]> mutants = lifter.replacements();
        mutants.remove(Template.class.getName());
        ClassLoader loader = mutants.isEmpty() ? Template.class.getClassLoader() : new MutantLoader(mutants);
        lifter.replace(Template.class, emit(loader, instruction, way));
        Heap heap = lifter.newHeap();
        Value bytes = Bytes.make(lifter, byte[].class, heap);
        Value memory = Bytes.make(lifter, FlatMemory.class, heap);
        Map<String, Value> empty = new LinkedHashMap<>();
        for (int i = 0; i <= TAKEN; i++) {
            empty.put("" + i, new Value.Word(t.bv(64, 0)));
        }
        Value out = lifter.made(long[].class, empty, heap);
        List<Value> args = new ArrayList<>(List.of(new Value.Null()));
        IN_VARIABLES.forEach(reg -> args.add(new Value.Word(before.get(reg.index()))));
        args.add(bytes);
        args.add(memory);
        args.add(new Value.Word(t.variable("frame", 32)));
        args.add(out);
        args.add(new Value.Word(t.variable("home", 64)));
        args.add(new Value.Word(t.variable("origin", 64)));
        assumeAnyPlace(lifter);
        JavaLifter.Lifted lifted = lifter.liftInside(Template.class, METHOD, heap, args.toArray(Value[]::new));
        List<Term> after = new ArrayList<>();
        for (Reg reg : Reg.values()) {
            after.add(lifter.number(lifter.part(out, "" + reg.index(), lifted.heap())));
        }
        Term taken = t.eq(lifter.number(lifter.part(out, "" + TAKEN, lifted.heap())), t.bv(64, 1));
        boolean ruled = "ANY".equals(way) && !(instruction instanceof Instruction.Atomic);
        Value seen = ruled ? memory : bytes;
        return new Observed(after, Observed.memory(lifter, seen, lifted.heap()),
                Observed.at(lifter, seen, lifted.heap()), taken, lifted.throwsWhen());
    }

    /** As for the memory, of the methods that templates call for it: memory, bytes, home, origin, address and, to store, value. */
    private static void assumeAnyPlace(JavaLifter lifter) {
        Terms t = lifter.terms();
        for (int bits : new int[]{8, 16, 32, 64}) {
            lifter.assume(type("AnyPlace"), "load" + bits, (at, args, heap) -> {
                Term loaded = Bytes.load(t, args.getFirst(), at.number(args.get(4)), bits, heap);
                return new JavaLifter.Lifted(new Value.Word(t.zeroExtend(loaded, 64)), Observed.denied(t), heap);
            });
            if (bits != 64) {
                lifter.assume(type("AnyPlace"), "loadSigned" + bits, (at, args, heap) -> {
                    Term loaded = Bytes.load(t, args.getFirst(), at.number(args.get(4)), bits, heap);
                    return new JavaLifter.Lifted(new Value.Word(t.signExtend(loaded, 64)), Observed.denied(t), heap);
                });
            }
            lifter.assume(type("AnyPlace"), "store" + bits, (at, args, heap) -> {
                Term stored = t.extract(at.number(args.get(5)), 0, bits);
                Bytes.store(t, args.getFirst(), at.number(args.get(4)), stored, heap);
                return new JavaLifter.Lifted(new Value.Opaque(), Observed.denied(t), heap);
            });
        }
    }

    /** Whether an address is none of the bytes, however many there are: its index is no int. */
    static Term noIndex(Terms t, Term address) {
        Term index = t.sub(address, t.bv(64, Layout.BASE));
        return t.not(t.eq(t.signExtend(t.extract(index, 0, 32), 64), index));
    }

    /** Where the bytes of an access are: by the address, or in the frame by the variable that says where R10 points. */
    static Term index(Terms t, Term address, String way) {
        return way.equals("FRAME")
                ? t.add(t.variable("frame", 32), t.signExtend(t.variable("offset", 16), 32))
                : t.extract(t.sub(address, t.bv(64, Layout.BASE)), 0, 32);
    }

    private static byte[] emit(ClassLoader loader, Instruction instruction, @Nullable String way) {
        List<ClassDesc> parameters = new ArrayList<>(List.of(ConstantDescs.CD_Object));
        parameters.addAll(Collections.nCopies(IN_VARIABLES.size(), CD_long));
        parameters.add(ConstantDescs.CD_byte.arrayType());
        parameters.add(FlatMemory.class.describeConstable().orElseThrow());
        parameters.add(CD_int);
        parameters.add(CD_long.arrayType());
        parameters.add(CD_long);
        parameters.add(CD_long);
        ClassDesc owner = Template.class.describeConstable().orElseThrow();
        return ClassFile.of().build(owner, builder -> builder
                .withMethodBody(METHOD, MethodTypeDesc.of(CD_void, parameters), ClassFile.ACC_STATIC,
                        code -> body(code, loader, instruction, way)));
    }

    private static void body(CodeBuilder code, ClassLoader loader, Instruction instruction, @Nullable String way) {
        code.lload(ORIGIN_PARAMETER).lload(HOME_PARAMETER).lstore(HOME).lstore(ORIGIN);
        Object made = Flat.in(loader, instruction);
        if (made instanceof Record && instruction instanceof Instruction.Jump) {
            Label target = code.newLabel();
            Label end = code.newLabel();
            call(loader, "JumpTemplates", way == null ? "branch" : way, code, made, target);
            code.goto_(end).labelBinding(target).aload(OUT).loadConstant(TAKEN).lconst_1().lastore()
                    .labelBinding(end);
        } else if (way == null) {
            String method = switch (instruction) {
                case Instruction.Alu _ -> "alu";
                case Instruction.Mov _ -> "mov";
                case Instruction.Neg _ -> "neg";
                default -> "end";
            };
            call(loader, "AluTemplates", method, code, made, null);
        } else {
            Object chosen = null;
            for (Object one : type("MemoryTemplates$Way", loader).getEnumConstants()) {
                chosen = one.toString().equals(way) ? one : chosen;
            }
            boolean atomic = instruction instanceof Instruction.Atomic;
            call(loader, atomic ? "AtomicTemplates" : "MemoryTemplates",
                    atomic ? "atomic" : instruction instanceof Instruction.Load ? "load" : "store", code, made, chosen);
        }
        int variable = 1;
        for (Reg reg : IN_VARIABLES) {
            code.aload(OUT).loadConstant(reg.index()).lload(variable).lastore();
            variable += 2;
        }
        code.return_();
    }

    private static void call(ClassLoader loader, String type, String name, CodeBuilder code, Object instruction,
            @Nullable Object second) {
        try {
            Constructor<?> emitters = type("Emitter", loader).getDeclaredConstructor(CodeBuilder.class);
            emitters.setAccessible(true);
            Object emitter = emitters.newInstance(code);
            for (Method method : type(type, loader).getDeclaredMethods()) {
                if (method.getName().equals(name) && method.getParameterTypes()[0].isInstance(instruction)) {
                    method.setAccessible(true);
                    if (second == null) {
                        method.invoke(null, instruction, emitter);
                    } else {
                        method.invoke(null, instruction, second, emitter);
                    }
                    return;
                }
            }
            throw new LiftException("no template " + type + "." + name);
        } catch (InstantiationException | NoSuchMethodException | IllegalAccessException
                | InvocationTargetException e) {
            throw new LiftException("the template " + type + "." + name + " does not emit", e);
        }
    }
}
