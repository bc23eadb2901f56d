package org.bpfz.proofs.lift;

import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.TypeCheckInstruction;
import java.lang.constant.ConstantDesc;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.bpfz.proofs.lift.JavaLifter.Lifted;
import org.bpfz.proofs.lift.Value.Cell;
import org.bpfz.proofs.lift.Value.Constant;
import org.bpfz.proofs.lift.Value.EnumChoice;
import org.bpfz.proofs.lift.Value.Function;
import org.bpfz.proofs.lift.Value.Word;
import org.bpfz.proofs.lift.Value.Opaque;
import org.bpfz.proofs.term.Term;
import org.bpfz.proofs.term.Terms;

/** The instructions that reach into objects and other methods: fields, calls, lambdas, constant arrays, type checks. */
final class Calls {
    private final JavaLifter lifter;
    private final Terms terms;
    private final Intrinsics intrinsics;

    Calls(JavaLifter lifter) {
        this.lifter = lifter;
        terms = lifter.terms();
        intrinsics = new Intrinsics(terms);
    }

    void field(Class<?> owner, MethodModel method, FieldInstruction field, Path path) {
        Class<?> holder = lifter.reflection().type(field.owner().asSymbol());
        String name = field.name().stringValue();
        switch (field.opcode()) {
            case GETSTATIC -> path.push(lifter.reflection().staticField(holder, name));
            case GETFIELD -> path.push(read(holder, name, path.pop(), path.heap));
            case PUTFIELD -> {
                Value value = path.pop();
                if (!(path.pop() instanceof Cell cell) || !MethodLifter.mayWrite(owner, method, cell)) {
                    throw new LiftException("writes field " + name + " outside of its constructor");
                }
                path.heap.put(cell, name, value);
            }
            default -> throw new LiftException("writes the static field " + name);
        }
    }

    private Value read(Class<?> holder, String name, Value object, Heap heap) {
        return switch (object) {
            case Cell cell -> {
                Value value = heap.fields(cell).get(name);
                if (value == null) {
                    throw new LiftException("field " + name + " of " + cell + " is not written yet");
                }
                yield value;
            }
            case Constant(Object constant) -> lifter.reflection().field(holder, name, constant);
            default -> throw new LiftException("reads field " + name + " of " + object);
        };
    }

    /** Calls; the condition under which the callee throws. */
    Term invoke(InvokeInstruction invoke, Path path) {
        MethodTypeDesc type = invoke.typeSymbol();
        boolean isStatic = invoke.opcode() == Opcode.INVOKESTATIC;
        List<Value> args = popArguments(path, type.parameterCount() + (isStatic ? 0 : 1));
        String owner = invoke.owner().asInternalName();
        String name = invoke.name().stringValue();
        String full = owner + "." + name + type.descriptorString();
        if (!isStatic && isThrowable(args.getFirst())) {
            return terms.bool(false);
        }
        if (full.equals("java/lang/Record.<init>()V") || full.equals("java/lang/Object.<init>()V")) {
            return terms.bool(false);
        }
        Value receiver = isStatic ? new Value.Null() : args.getFirst();
        if (receiver instanceof Function function) {
            return applyFunction(function, args.subList(1, args.size()), path);
        }
        if (receiver instanceof EnumChoice choice && args.size() == 1) {
            path.push(new Word(eachConstant(choice, name)));
            return terms.bool(false);
        }
        if (name.equals("equals") && args.size() == 2) {
            path.push(new Word(
                    terms.ite(equal(args.get(0), args.get(1), path.heap), terms.bv(32, 1), terms.bv(32, 0))));
            return terms.bool(false);
        }
        if (receiver instanceof Constant(Enum<?> constant) && args.size() == 1) {
            path.push(lifter.reflection().wrap(invokeReally(constant, name)));
            return terms.bool(false);
        }
        if (owner.startsWith("java/")) {
            return intrinsic(full, args, path);
        }
        Class<?> holder = receiver instanceof Cell cell && invoke.opcode() != Opcode.INVOKESPECIAL
                ? cell.type()
                : lifter.reflection().type(invoke.owner().asSymbol());
        return finish(lifter.call(holder, name, type, args, path.heap), type, path);
    }

    private Term finish(Lifted lifted, MethodTypeDesc type, Path path) {
        path.heap.adopt(lifted.heap());
        for (Cell cell : lifted.heap().cells()) {
            lifted.heap().fields(cell).forEach((field, value) -> path.heap.put(cell, field, value));
        }
        if (!type.returnType().descriptorString().equals("V")) {
            path.push(lifted.result());
        }
        return lifted.throwsWhen();
    }

    private static List<Value> popArguments(Path path, int count) {
        List<Value> args = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            args.add(path.pop());
        }
        Collections.reverse(args);
        return args;
    }

    private static boolean isThrowable(Value value) {
        return value instanceof Cell cell && Throwable.class.isAssignableFrom(cell.type());
    }

    private Term intrinsic(String full, List<Value> args, Path path) {
        List<Term> numbers = new ArrayList<>();
        for (Value arg : args) {
            numbers.add(lifter.number(arg));
        }
        Intrinsics.Outcome outcome = intrinsics.apply(full, numbers);
        if (outcome == null) {
            throw new LiftException("calls " + full + ", of which no intrinsic is known");
        }
        path.push(new Word(outcome.value()));
        return outcome.throwsWhen();
    }

    private Term applyFunction(Function function, List<Value> args, Path path) {
        DirectMethodHandleDesc code = function.code();
        List<Value> all = new ArrayList<>(function.captured());
        all.addAll(args);
        MethodTypeDesc type = MethodTypeDesc.ofDescriptor(code.lookupDescriptor());
        return finish(lifter.call(lifter.reflection().type(code.owner()), code.methodName(), type, all, path.heap),
                type, path);
    }

    /** A parameterless method of an enum, as a choice over what each constant really answers. */
    private Term eachConstant(EnumChoice choice, String method) {
        if (method.equals("ordinal")) {
            return choice.ordinal();
        }
        Term result = null;
        for (Object constant : choice.type().getEnumConstants()) {
            Term answer = lifter.number(lifter.reflection().wrap(invokeReally((Enum<?>) constant, method)));
            result = result == null
                    ? answer
                    : terms.ite(terms.eq(choice.ordinal(), terms.bv(32, ((Enum<?>) constant).ordinal())), answer,
                            result);
        }
        if (result == null) {
            throw new LiftException(choice.type() + " has no constants");
        }
        return result;
    }

    private static Object invokeReally(Enum<?> constant, String name) {
        try {
            Method method = constant.getDeclaringClass().getMethod(name);
            method.setAccessible(true);
            return method.invoke(constant);
        } catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException e) {
            throw new LiftException(constant + "." + name + "() can't be asked", e);
        }
    }

    /** Equality as records define it: component by component. */
    private Term equal(Value a, Value b, Heap heap) {
        Joiner joiner = new Joiner(terms, lifter.reflection());
        Cell left = joiner.asCell(a, heap);
        Cell right = joiner.asCell(b, heap);
        if (left == null || right == null) {
            return terms.eq(lifter.number(a), lifter.number(b));
        }
        if (!left.type().equals(right.type()) || !left.type().isRecord()) {
            throw new LiftException("compares " + a + " and " + b);
        }
        Term all = terms.bool(true);
        for (Map.Entry<String, Value> field : heap.fields(left).entrySet()) {
            Value other = heap.fields(right).get(field.getKey());
            all = terms.and(all, equal(field.getValue(), other, heap));
        }
        return all;
    }

    void dynamic(InvokeDynamicInstruction dynamic, Path path) {
        List<Value> args = popArguments(path, dynamic.typeSymbol().parameterCount());
        switch (dynamic.bootstrapMethod().owner().displayName() + "." + dynamic.bootstrapMethod().methodName()) {
            case "LambdaMetafactory.metafactory" -> {
                ConstantDesc implementation = dynamic.bootstrapArgs().get(1);
                if (!(implementation instanceof DirectMethodHandleDesc code)) {
                    throw new LiftException("a lambda made by " + implementation);
                }
                path.push(new Function(code, args));
            }
            case "StringConcatFactory.makeConcatWithConstants" -> path.push(new Opaque());
            default -> throw new LiftException("a call site made by " + dynamic.bootstrapMethod());
        }
    }

    /** An element of a constant int array, as javac's switch maps are; the condition under which the index is out of bounds. */
    Term arrayLoad(Path path) {
        Term index = path.popTerm();
        if (!(path.pop() instanceof Constant(int[] array))) {
            throw new LiftException("loads from an array that is no constant");
        }
        Term element = terms.bv(32, 0);
        for (int i = 0; i < array.length; i++) {
            element = terms.ite(terms.eq(index, terms.bv(32, i)), terms.bv(32, array[i]), element);
        }
        path.push(new Word(element));
        return terms.not(terms.ult(index, terms.bv(32, array.length)));
    }

    void typeCheck(TypeCheckInstruction check, Path path) {
        Class<?> type = lifter.reflection().type(check.type().asSymbol());
        Value value = path.pop();
        boolean fits = switch (value) {
            case Cell cell -> type.isAssignableFrom(cell.type());
            case Constant(Object constant) -> type.isInstance(constant);
            case EnumChoice choice -> type.isAssignableFrom(choice.type());
            default -> throw new LiftException("checks the type of " + value);
        };
        if (check.opcode() == Opcode.INSTANCEOF) {
            path.push(new Word(terms.bv(32, fits ? 1 : 0)));
        } else if (fits) {
            path.push(value);
        } else {
            throw new LiftException(value + " is cast to " + type.getName());
        }
    }
}
