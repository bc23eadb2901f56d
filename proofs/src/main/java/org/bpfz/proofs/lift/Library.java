package org.bpfz.proofs.lift;

import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.bpfz.proofs.lift.Value.Cell;
import org.bpfz.proofs.lift.Value.Constant;
import org.bpfz.proofs.lift.Value.EnumChoice;
import org.bpfz.proofs.lift.Value.Null;
import org.bpfz.proofs.lift.Value.Opaque;
import org.bpfz.proofs.lift.Value.Word;
import org.bpfz.proofs.term.Term;
import org.jspecify.annotations.Nullable;

/**
 * The JDK's lists, maps and texts: called for real where receiver and arguments are known whatever the inputs, which tables are; lists made by
 * lifted code are cells, and texts, which go into messages only, are nothing that can be looked at.
 */
final class Library {
    private static final Set<String> TEXTS = Set.of("java/lang/String.format", "java/lang/String.valueOf",
            "java/lang/Throwable.toString");
    private static final Set<String> BOXES = Set.of("java/lang/Integer.valueOf", "java/lang/Integer.intValue",
            "java/lang/Long.valueOf", "java/lang/Long.longValue");

    private static final String REQUIRE = "java/util/Objects.requireNonNull";
    private static final String STREAM = "java/util/List.stream";
    private static final String LIST = "java/util/List.of";

    private final JavaLifter lifter;

    Library(JavaLifter lifter) {
        this.lifter = lifter;
    }

    /** The methods that are not called for real, as {@code java/util/List.of}. */
    static Set<String> names() {
        Set<String> names = new TreeSet<>(TEXTS);
        names.addAll(BOXES);
        names.addAll(Set.of(REQUIRE, STREAM, LIST));
        return names;
    }

    /** What the call yields; null where nothing is known of it. */
    @Nullable
    Value apply(InvokeInstruction invoke, List<Value> args, Heap heap) {
        String name = invoke.owner().asInternalName() + "." + invoke.name().stringValue();
        if (TEXTS.contains(name)) {
            return new Opaque();
        }
        if (BOXES.contains(name)) {
            return args.getFirst();
        }
        if (name.equals(REQUIRE) && args.size() == 1 && !(args.getFirst() instanceof Null)) {
            return args.getFirst();
        }
        if (name.equals(STREAM) && args.getFirst() instanceof Constant) {
            return args.getFirst();
        }
        if (name.equals(LIST)) {
            return list(args, heap);
        }
        if (!args.isEmpty() && args.getFirst() instanceof Cell elements && elements.type() == List.class) {
            return ofList(name, elements, args, heap);
        }
        Object known = real(invoke, args, heap);
        return known == null || known instanceof Value ? (Value) known : lifter.constant(known);
    }

    /** What is asked of a list made by lifted code; null where that is nothing known. */
    private @Nullable Value ofList(String name, Cell elements, List<Value> args, Heap heap) {
        return switch (name) {
            case "java/util/List.size" ->
                new Word(lifter.terms().bv(32, heap.fields(elements).size()));
            case "java/util/List.get" -> {
                Term index = lifter.number(args.get(1));
                yield index.isConstant() ? heap.fields(elements).get("" + index.value()) : null;
            }
            default -> null;
        };
    }

    private static Cell list(List<Value> args, Heap heap) {
        List<Value> elements = args;
        if (args.size() == 1 && args.getFirst() instanceof Cell array && array.type().isArray()) {
            elements = new ArrayList<>();
            for (int i = 0; heap.fields(array).containsKey("" + i); i++) {
                elements.add(Objects.requireNonNull(heap.fields(array).get("" + i)));
            }
        }
        Cell list = heap.allocate(List.class);
        for (int i = 0; i < elements.size(); i++) {
            heap.put(list, "" + i, elements.get(i));
        }
        return list;
    }

    /** Calls what is there; a null result is a {@link Null}. */
    private @Nullable Object real(InvokeInstruction invoke, List<Value> args, Heap heap) {
        boolean isStatic = invoke.opcode() == Opcode.INVOKESTATIC;
        if (!isStatic && !(args.getFirst() instanceof Constant)) {
            return null;
        }
        Class<?> owner = lifter.reflection().type(invoke.owner().asSymbol());
        for (Method method : owner.getMethods()) {
            String descriptor = java.lang.invoke.MethodType
                    .methodType(method.getReturnType(), method.getParameterTypes()).descriptorString();
            if (method.getName().equals(invoke.name().stringValue())
                    && descriptor.equals(invoke.typeSymbol().descriptorString())) {
                return call(method, isStatic ? null : ((Constant) args.getFirst()).object(),
                        args.subList(isStatic ? 0 : 1, args.size()), heap);
            }
        }
        return null;
    }

    private @Nullable Object call(Method method, @Nullable Object receiver, List<Value> args, Heap heap) {
        List<Object> known = new ArrayList<>();
        for (int i = 0; i < args.size(); i++) {
            Object arg = known(args.get(i), method.getParameterTypes()[i], heap);
            if (arg == null) {
                return null;
            }
            known.add(arg);
        }
        try {
            Object result = method.invoke(receiver, known.toArray());
            return result == null ? new Null() : result;
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new LiftException(method + " can't be called for real", e);
        }
    }

    /** The object that a value is whatever the inputs; null where it depends on them. */
    @Nullable
    Object known(@Nullable Value value, Class<?> type, Heap heap) {
        return switch (value) {
            case Constant(Object object) -> object;
            case Word(Term term) when term.isConstant() -> number(term.value(), type);
            case EnumChoice(Class<?> choices, Term ordinal) when ordinal.isConstant() ->
                choices.getEnumConstants()[(int) ordinal.value()];
            case Cell cell when cell.type().isRecord() -> record(cell, heap);
            case null, default -> null;
        };
    }

    private static @Nullable Object number(long bits, Class<?> type) {
        return switch (type.getName()) {
            case "long" -> bits;
            case "int" -> (int) bits;
            case "boolean" -> bits != 0;
            case "byte" -> (byte) bits;
            case "short" -> (short) bits;
            case "char" -> (char) bits;
            default -> null;
        };
    }

    private @Nullable Object record(Cell cell, Heap heap) {
        List<Class<?>> types = new ArrayList<>();
        List<Object> parts = new ArrayList<>();
        for (RecordComponent component : cell.type().getRecordComponents()) {
            Object part = known(heap.fields(cell).get(component.getName()), component.getType(), heap);
            if (part == null) {
                return null;
            }
            types.add(component.getType());
            parts.add(part);
        }
        try {
            Constructor<?> constructor = cell.type().getDeclaredConstructor(types.toArray(Class<?>[]::new));
            constructor.setAccessible(true);
            return constructor.newInstance(parts.toArray());
        } catch (ReflectiveOperationException e) {
            throw new LiftException(cell + " can't be made", e);
        }
    }
}
