package org.bpfz.proofs.mutate;

import java.lang.classfile.Instruction;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.ConvertInstruction;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.NopInstruction;
import java.lang.classfile.instruction.OperatorInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.lang.classfile.CodeBuilder;
import org.jspecify.annotations.Nullable;

/** The rules by which an instruction becomes one that a slip of the pen would have made: another operator, bound, constant or field. */
final class Mutations {
    /**
     * One instruction's change.
     *
     * @param text what becomes what
     * @param emit writes the changed instruction
     */
    record Mutation(String text, Consumer<CodeBuilder> emit) {}

    private static final Map<Opcode, Opcode> OPERATORS = Map.ofEntries(Map.entry(Opcode.IADD, Opcode.ISUB),
            Map.entry(Opcode.LADD, Opcode.LSUB), Map.entry(Opcode.ISUB, Opcode.IADD),
            Map.entry(Opcode.LSUB, Opcode.LADD), Map.entry(Opcode.IMUL, Opcode.IADD),
            Map.entry(Opcode.LMUL, Opcode.LADD), Map.entry(Opcode.IDIV, Opcode.IREM),
            Map.entry(Opcode.LDIV, Opcode.LREM), Map.entry(Opcode.IREM, Opcode.IDIV),
            Map.entry(Opcode.LREM, Opcode.LDIV), Map.entry(Opcode.IAND, Opcode.IOR),
            Map.entry(Opcode.LAND, Opcode.LOR), Map.entry(Opcode.IOR, Opcode.IAND),
            Map.entry(Opcode.LOR, Opcode.LAND), Map.entry(Opcode.IXOR, Opcode.IOR),
            Map.entry(Opcode.LXOR, Opcode.LOR), Map.entry(Opcode.ISHL, Opcode.IUSHR),
            Map.entry(Opcode.LSHL, Opcode.LUSHR), Map.entry(Opcode.ISHR, Opcode.IUSHR),
            Map.entry(Opcode.LSHR, Opcode.LUSHR), Map.entry(Opcode.IUSHR, Opcode.ISHR),
            Map.entry(Opcode.LUSHR, Opcode.LSHR));
    private static final Map<Opcode, Opcode> BRANCHES = Map.ofEntries(Map.entry(Opcode.IFEQ, Opcode.IFNE),
            Map.entry(Opcode.IFNE, Opcode.IFEQ), Map.entry(Opcode.IFLT, Opcode.IFLE),
            Map.entry(Opcode.IFLE, Opcode.IFLT), Map.entry(Opcode.IFGE, Opcode.IFGT),
            Map.entry(Opcode.IFGT, Opcode.IFGE), Map.entry(Opcode.IF_ICMPEQ, Opcode.IF_ICMPNE),
            Map.entry(Opcode.IF_ICMPNE, Opcode.IF_ICMPEQ), Map.entry(Opcode.IF_ICMPLT, Opcode.IF_ICMPLE),
            Map.entry(Opcode.IF_ICMPLE, Opcode.IF_ICMPLT), Map.entry(Opcode.IF_ICMPGE, Opcode.IF_ICMPGT),
            Map.entry(Opcode.IF_ICMPGT, Opcode.IF_ICMPGE), Map.entry(Opcode.IF_ACMPEQ, Opcode.IF_ACMPNE),
            Map.entry(Opcode.IF_ACMPNE, Opcode.IF_ACMPEQ));
    /** Static methods of the JDK, by class, name and descriptor; their stand-in has another name only. */
    private static final Map<String, String> METHODS = Map.of("Math.max", "min", "Math.min", "max",
            "Long.compareUnsigned", "compare", "Integer.compareUnsigned", "compare", "Long.divideUnsigned",
            "remainderUnsigned", "Integer.divideUnsigned", "remainderUnsigned", "Long.remainderUnsigned",
            "divideUnsigned", "Integer.remainderUnsigned", "divideUnsigned");
    /** Methods without parameters, and fields, that have another of the same type beside them. */
    private static final Map<String, String> COMPONENTS = Map.ofEntries(Map.entry("umin", "umax"),
            Map.entry("umax", "umin"), Map.entry("smin", "smax"), Map.entry("smax", "smin"),
            Map.entry("value", "mask"), Map.entry("mask", "value"), Map.entry("left", "right"),
            Map.entry("right", "left"), Map.entry("learnBits", "zeroExtended"),
            Map.entry("deduceWideFromLow", "zeroExtended"));
    /** What templates emit, by the method of the class-file builder that emits it. */
    private static final Map<String, String> EMITTED = Map.ofEntries(Map.entry("ladd", "lsub"),
            Map.entry("lsub", "ladd"), Map.entry("lmul", "ladd"), Map.entry("lor", "land"), Map.entry("land", "lor"),
            Map.entry("lxor", "lor"), Map.entry("lshl", "lushr"), Map.entry("lushr", "lshr"),
            Map.entry("lshr", "lushr"), Map.entry("iadd", "isub"), Map.entry("isub", "iadd"),
            Map.entry("imul", "iadd"), Map.entry("ior", "iand"), Map.entry("iand", "ior"), Map.entry("ixor", "ior"),
            Map.entry("ishl", "iushr"), Map.entry("iushr", "ishr"), Map.entry("ishr", "iushr"),
            Map.entry("lneg", "nop"), Map.entry("ineg", "nop"), Map.entry("i2b", "i2s"), Map.entry("i2s", "i2b"));
    private static final List<Opcode> NEGATIONS = List.of(Opcode.INEG, Opcode.LNEG);

    private Mutations() {
    }

    /** The change of an instruction; none where no rule speaks of it. */
    static Optional<Mutation> of(Instruction instruction) {
        return Optional.ofNullable(switch (instruction) {
            case OperatorInstruction operator -> operator(operator.opcode());
            case BranchInstruction branch -> branch(branch);
            case ConstantInstruction constant -> constant(constant);
            case ConvertInstruction convert -> convert(convert);
            case InvokeInstruction invoke -> invoke(invoke);
            case FieldInstruction field -> field(field);
            default -> null;
        });
    }

    /** A store of a long into an array is dropped. */
    static Optional<Mutation> ofStore(Instruction instruction) {
        return instruction.opcode() == Opcode.LASTORE
                ? Optional.of(new Mutation("the store is dropped", builder -> builder.pop2().pop().pop()))
                : Optional.empty();
    }

    /** What nothing is known of is taken for 0. */
    static Optional<Mutation> ofUnknown(Instruction instruction) {
        if (instruction instanceof FieldInstruction field && field.opcode() == Opcode.GETSTATIC
                && field.name().equalsString("UNKNOWN")) {
            ClassDesc owner = field.owner().asSymbol();
            return Optional.of(becomes("UNKNOWN", "ZERO",
                    builder -> builder.getstatic(owner, "ZERO", field.typeSymbol())));
        }
        return Optional.empty();
    }

    private static Mutation becomes(String from, String to, Consumer<CodeBuilder> emit) {
        return new Mutation(from + " becomes " + to, emit);
    }

    private static @Nullable Mutation operator(Opcode opcode) {
        if (NEGATIONS.contains(opcode)) {
            return new Mutation(opcode + " is dropped", builder -> builder.with(NopInstruction.of()));
        }
        Opcode other = OPERATORS.get(opcode);
        return other == null
                ? null
                : becomes(opcode.toString(), other.toString(), builder -> builder.with(OperatorInstruction.of(other)));
    }

    private static @Nullable Mutation branch(BranchInstruction branch) {
        Opcode other = BRANCHES.get(branch.opcode());
        return other == null
                ? null
                : becomes(branch.opcode().toString(), other.toString(),
                        builder -> builder.branch(other, branch.target()));
    }

    private static @Nullable Mutation constant(ConstantInstruction constant) {
        return switch (constant.constantValue()) {
            case Integer number ->
                becomes("the constant " + number, number + 1 + "", builder -> builder.loadConstant(number + 1));
            case Long number ->
                becomes("the constant " + number, number + 1 + "", builder -> builder.loadConstant(number + 1L));
            default -> null;
        };
    }

    private static @Nullable Mutation convert(ConvertInstruction convert) {
        return switch (convert.toType()) {
            case BYTE, SHORT, CHAR ->
                new Mutation(convert.opcode() + " is dropped", builder -> builder.with(NopInstruction.of()));
            default -> null;
        };
    }

    private static @Nullable Mutation invoke(InvokeInstruction invoke) {
        String type = invoke.owner().asSymbol().displayName();
        String name = invoke.name().stringValue();
        String full = type + "." + name;
        ClassDesc owner = invoke.owner().asSymbol();
        MethodTypeDesc descriptor = invoke.typeSymbol();
        if (invoke.opcode() == Opcode.INVOKESTATIC) {
            if (full.equals("Integer.toUnsignedLong")) {
                return becomes(full, "a sign extension",
                        builder -> builder.conversion(TypeKind.INT, TypeKind.LONG));
            }
            if (name.equals("reverseBytes")) {
                return new Mutation(full + " is dropped", builder -> builder.with(NopInstruction.of()));
            }
            String other = METHODS.get(full);
            return other == null
                    ? null
                    : becomes(full, other, builder -> builder.invokestatic(owner, other, descriptor));
        }
        if (invoke.opcode() == Opcode.INVOKEINTERFACE) {
            String emitted = type.equals("CodeBuilder") ? EMITTED.get(name) : null;
            return emitted == null
                    ? null
                    : becomes("emitting " + name, emitted,
                            builder -> builder.invokeinterface(owner, emitted, descriptor));
        }
        String other = descriptor.parameterCount() == 0 ? COMPONENTS.get(name) : null;
        return other == null || invoke.opcode() != Opcode.INVOKEVIRTUAL
                ? null
                : becomes(full + "()", other + "()", builder -> builder.invokevirtual(owner, other, descriptor));
    }

    private static @Nullable Mutation field(FieldInstruction field) {
        String name = field.name().stringValue();
        String other = COMPONENTS.get(name);
        ClassDesc owner = field.owner().asSymbol();
        return other == null || field.opcode() != Opcode.GETFIELD
                ? null
                : becomes(name, other, builder -> builder.getfield(owner, other, field.typeSymbol()));
    }
}
