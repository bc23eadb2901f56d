package org.bpfz.jit;

import static java.lang.constant.ConstantDescs.CD_long;

import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.instruction.SwitchCase;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.bpfz.interpreter.FlatProgram;
import org.bpfz.spec.engine.Facts;
import org.bpfz.spec.isa.Instruction;
import org.bpfz.spec.isa.Instruction.CallTarget;
import org.bpfz.spec.isa.Instruction.ImmKind;
import org.bpfz.spec.isa.Program;
import org.bpfz.spec.isa.Reg;

/** Makes a class of a program: a method for each function that it calls or names, and the door to them. */
final class ProgramCompiler {
    private static final ClassDesc COMPILED = Compiled.class.describeConstable().orElseThrow();

    /** What a program has become. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Output(byte[] bytes, List<Object> classData) {}

    /** Longer programs seldom fit into a class file, and to find that out takes gigabytes. */
    private static final int MOST_INSTRUCTIONS = 1 << 18;

    private ProgramCompiler() {
    }

    /**
     * The class for the function at the slot and all that it leads to.
     *
     * @param trusts whether {@link Anchors} may be expected to be of a raw run's memory
     * @throws IllegalArgumentException if it is too long for a class
     */
    static Output compile(FlatProgram.Place place, Obstacles obstacles, Facts facts, boolean trusts, int entry,
            String name) {
        ClassDesc owner = ClassDesc.of(ProgramCompiler.class.getPackageName(), name);
        Program program = place.program();
        Unit unit = new Unit(place, obstacles, facts, trusts, owner);
        SortedMap<Integer, Flow> functions = functions(program, obstacles, facts, entry);
        long length = functions.values().stream().mapToLong(flow -> flow.slots().cardinality()).sum();
        if (length > MOST_INSTRUCTIONS) {
            throw new IllegalArgumentException(
                    length + " instructions, of " + MOST_INSTRUCTIONS + " that are compiled at most");
        }
        byte[] bytes = ClassFile.of().build(owner, builder -> {
            builder.withFlags(ClassFile.ACC_FINAL | ClassFile.ACC_SUPER).withSuperclass(COMPILED);
            constructor(builder);
            door(builder, owner, List.copyOf(functions.keySet()));
            functions.values().forEach(flow -> {
                FunctionWriter function = new FunctionWriter(unit, flow);
                function.write(builder);
                if (flow.entry() == entry && function.isCut()) {
                    rest(builder, owner, entry);
                }
            });
        });
        return new Output(bytes, unit.constants());
    }

    private static SortedMap<Integer, Flow> functions(Program program, Obstacles obstacles, Facts facts, int entry) {
        SortedMap<Integer, Flow> functions = new TreeMap<>();
        Deque<Integer> open = new ArrayDeque<>(List.of(entry));
        while (!open.isEmpty()) {
            int slot = open.pop();
            if (!functions.containsKey(slot)) {
                Flow flow = Flow.of(program, obstacles, facts, slot);
                functions.put(slot, flow);
                flow.slots().stream().map(at -> named(program, at)).filter(program::isInstruction).forEach(open::push);
            }
        }
        return functions;
    }

    /** The function that an instruction calls or takes the address of; -1 for any other. */
    private static int named(Program program, int slot) {
        return switch (program.at(slot)) {
            case Instruction.Call(CallTarget.Local(int offset)) -> program.target(slot, offset);
            case Instruction.LoadImm64(ImmKind kind, Reg dst, int imm, int next) when kind == ImmKind.FUNC -> slot + 1
                    + imm;
            default -> -1;
        };
    }

    private static void constructor(ClassBuilder builder) {
        builder.withMethodBody(ConstantDescs.INIT_NAME, ConstantDescs.MTD_void, 0,
                code -> code.aload(0).invokespecial(COMPILED, ConstantDescs.INIT_NAME, ConstantDescs.MTD_void)
                        .return_());
    }

    /** {@link Compiled#goOn}. */
    private static void rest(ClassBuilder builder, ClassDesc owner, int entry) {
        builder.withMethodBody("goOn", FunctionWriter.CHUNK, 0, code -> code.aload(1).lload(2).aload(4).iload(5)
                .invokestatic(owner, FunctionWriter.rest(entry), FunctionWriter.CHUNK).ireturn());
    }

    /** {@link Compiled#call}. */
    private static void door(ClassBuilder builder, ClassDesc owner, List<Integer> functions) {
        List<ClassDesc> parameters = new ArrayList<>(Locals.FUNCTION.parameterList());
        parameters.addFirst(ConstantDescs.CD_int);
        builder.withMethodBody("call", MethodTypeDesc.of(CD_long, parameters), 0,
                code -> door(code, owner, functions));
    }

    private static void door(CodeBuilder code, ClassDesc owner, List<Integer> functions) {
        Label unknown = code.newLabel();
        List<SwitchCase> cases = functions.stream().map(slot -> SwitchCase.of(slot, code.newLabel())).toList();
        code.iload(1).lookupswitch(unknown, cases);
        for (SwitchCase one : cases) {
            code.labelBinding(one.target());
            code.aload(2);
            for (int i = 0; i < 6; i++) {
                code.lload(3 + 2 * i);
            }
            code.invokestatic(owner, CallTemplates.function(one.caseValue()), Locals.FUNCTION).lreturn();
        }
        code.labelBinding(unknown);
        ClassDesc exception = ClassDesc.of(IllegalArgumentException.class.getName());
        code.new_(exception).dup().invokespecial(exception, ConstantDescs.INIT_NAME, ConstantDescs.MTD_void).athrow();
    }
}
