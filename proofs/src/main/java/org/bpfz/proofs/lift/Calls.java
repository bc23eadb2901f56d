package org.bpfz.proofs.lift;

import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.TypeCheckInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDesc;
import java.lang.constant.ConstantDescs;
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
    private final Library library;

    Calls(JavaLifter lifter) {
        this.lifter = lifter;
        terms = lifter.terms();
        intrinsics = new Intrinsics(terms);
        library = new Library(lifter);
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
                    throw new LiftException("writes field " + name + " of a record outside of its constructor");
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
        if (!isStatic && isThrowable(args.getFirst()) && type.returnType().equals(ConstantDescs.CD_void)) {
            return terms.bool(false);
        }
        if (full.equals("java/lang/Record.<init>()V") || full.equals("java/lang/Object.<init>()V")) {
            return terms.bool(false);
        }
        if (!isStatic && args.getFirst() instanceof Value.Null) {
            return terms.bool(true);
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
            return library(full, invoke, args, path);
        }
        Class<?> holder = lifter.reflection().type(invoke.owner().asSymbol());
        if (invoke.opcode() != Opcode.INVOKESPECIAL) {
            holder = switch (receiver) {
                case Cell cell -> cell.type();
                case Constant(Object constant) -> constant.getClass();
                case Value.Null _,EnumChoice _ -> holder;
                default -> throw new LiftException("calls " + name + " of " + receiver);
            };
        }
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

    private Term library(String full, InvokeInstruction invoke, List<Value> args, Path path) {
        if (full.equals("java/util/stream/Stream.anyMatch(Ljava/util/function/Predicate;)Z")
                && args.getFirst() instanceof Constant(List<?> elements) && args.get(1) instanceof Function predicate) {
            Term any = terms.bool(false);
            for (Object element : elements) {
                applyFunction(predicate, List.of(lifter.constant(element)), path);
                any = terms.or(any, terms.not(terms.eq(path.popTerm(), terms.bv(32, 0))));
            }
            path.push(new Word(terms.ite(any, terms.bv(32, 1), terms.bv(32, 0))));
            return terms.bool(false);
        }
        JavaLifter.Contract contract = lifter
                .contract(lifter.reflection().type(invoke.owner().asSymbol()), invoke.name().stringValue());
        if (contract != null) {
            return finish(contract.apply(lifter, args, path.heap), invoke.typeSymbol(), path);
        }
        if (args.size() > 1 && full.startsWith("java/lang/invoke/VarHandle.")
                && (Bytes.is(args.get(1), path.heap) || OpenArray.is(args.get(1), path.heap))) {
            return view(invoke, args, path);
        }
        Value known = library.apply(invoke, args, path.heap);
        if (known == null) {
            return intrinsic(full, args, path);
        }
        path.push(known);
        return terms.bool(false);
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
    Term equal(Value a, Value b, Heap heap) {
        Joiner joiner = new Joiner(terms, lifter.reflection());
        Cell left = joiner.asCell(a, heap);
        Cell right = joiner.asCell(b, heap);
        if (left == null || right == null) {
            return terms.eq(lifter.number(a), lifter.number(b));
        }
        if (!left.type().equals(right.type())) {
            return terms.bool(false);
        }
        if (!left.type().isRecord()) {
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
            case "SwitchBootstraps.typeSwitch" -> path.push(new Word(terms.bv(32, chosenType(dynamic, args))));
            default -> throw new LiftException("a call site made by " + dynamic.bootstrapMethod());
        }
    }

    /** Which case of a switch over types a value takes: the first that it is an instance of, from the one that it restarts at. */
    private int chosenType(InvokeDynamicInstruction dynamic, List<Value> args) {
        if (args.getFirst() instanceof Value.Null) {
            return -1;
        }
        Term restart = lifter.number(args.get(1));
        if (!restart.isConstant()) {
            throw new LiftException("a switch over types begins anywhere");
        }
        List<ConstantDesc> labels = dynamic.bootstrapArgs();
        for (int i = (int) restart.value(); i < labels.size(); i++) {
            if (!(labels.get(i) instanceof ClassDesc label)) {
                throw new LiftException("a switch case of " + labels.get(i));
            }
            if (isInstance(args.getFirst(), lifter.reflection().type(label))) {
                return i;
            }
        }
        return labels.size();
    }

    /** A number in an array of bytes, by a little-endian view of it. */
    private Term view(InvokeInstruction invoke, List<Value> args, Path path) {
        MethodTypeDesc type = invoke.typeSymbol();
        boolean gets = type.parameterCount() == 2;
        ClassDesc number = gets ? type.returnType() : type.parameterType(2);
        int bits = switch (number.descriptorString()) {
            case "S" -> 16;
            case "I" -> 32;
            default -> 64;
        };
        Term index = lifter.number(args.get(2));
        Value array = args.get(1);
        boolean open = OpenArray.is(array, path.heap);
        if (gets) {
            Term value = open
                    ? OpenArray.view(terms, array, index, bits, path.heap)
                    : Bytes.load(terms, array, index, bits, path.heap);
            path.push(new Word(bits == 16 ? terms.signExtend(value, 32) : value));
        } else {
            Term value = terms.extract(lifter.number(args.get(3)), 0, bits);
            if (open) {
                OpenArray.storeView(lifter, array, index, value, path.heap);
            } else {
                Bytes.store(terms, array, index, value, path.heap);
            }
        }
        return open ? OpenArray.outside(terms, array, index, bits / 8, path.heap) : Bytes.outside(terms);
    }

    /** An element of an array; the condition under which the index is out of bounds. */
    Term arrayLoad(Path path) {
        Term index = path.popTerm();
        Value array = path.pop();
        if (Bytes.is(array, path.heap)) {
            path.push(new Word(terms.signExtend(Bytes.load(terms, array, index, 8, path.heap), 32)));
            return Bytes.outside(terms);
        }
        if (OpenArray.is(array, path.heap)) {
            path.push(new Word(widened(terms, OpenArray.load(terms, array, index, path.heap), array)));
            return OpenArray.outside(terms, array, index, 1, path.heap);
        }
        List<Value> elements = elements(array, path.heap);
        Term outside = terms.not(terms.ult(index, terms.bv(32, elements.size())));
        if (index.isConstant()) {
            path.push(outside.isTrue() ? new Opaque() : elements.get((int) index.value()));
            return outside;
        }
        Class<?> type = array instanceof Constant(Object object) ? object.getClass().getComponentType() : Object.class;
        if (elements.isEmpty()) {
            path.push(new Opaque());
            return outside;
        }
        Term element = lifter.number(elements.getFirst());
        boolean inOrder = element.isConstant() && element.value() == 0;
        for (int i = 1; i < elements.size(); i++) {
            Term next = lifter.number(elements.get(i));
            inOrder &= next.isConstant() && next.value() == i;
            element = terms.ite(terms.eq(index, terms.bv(32, i)), next, element);
        }
        // All constants of an enum in their order need no choice.
        path.push(type.isEnum() ? new EnumChoice(type, inOrder ? index : element) : new Word(element));
        return outside;
    }

    /** An element as it lies in an array, as an int or long: only chars and booleans have no sign. */
    private static Term widened(Terms t, Term element, Value array) {
        if (element.width() >= 32) {
            return element;
        }
        Class<?> component = ((Cell) array).type().getComponentType();
        return component == char.class || component == boolean.class
                ? t.zeroExtend(element, 32)
                : t.signExtend(element, 32);
    }

    /** What is left of a value in an array of such elements, as an int or long. */
    private Value kept(Class<?> component, Value value) {
        return switch (component.getName()) {
            case "boolean" -> new Word(terms.bvAnd(lifter.number(value), terms.bv(32, 1)));
            case "byte" -> new Word(terms.signExtend(terms.extract(lifter.number(value), 0, 8), 32));
            case "short" -> new Word(terms.signExtend(terms.extract(lifter.number(value), 0, 16), 32));
            case "char" -> new Word(terms.zeroExtend(terms.extract(lifter.number(value), 0, 16), 32));
            default -> {
                boolean isObject = value instanceof Cell || value instanceof Constant;
                if (isObject && !isInstance(value, component)) {
                    throw new LiftException("stores " + value + " into an array of " + component);
                }
                yield value;
            }
        };
    }

    /** Writes an element; the condition under which the index is out of bounds. */
    Term arrayStore(Path path) {
        Value stored = path.pop();
        Term index = path.popTerm();
        Value target = path.pop();
        if (Bytes.is(target, path.heap)) {
            Bytes.store(terms, target, index, terms.extract(lifter.number(stored), 0, 8), path.heap);
            return Bytes.outside(terms);
        }
        if (OpenArray.is(target, path.heap)) {
            int width = OpenArray.load(terms, target, index, path.heap).width();
            OpenArray.store(lifter, target, index, terms.extract(lifter.number(stored), 0, width), path.heap);
            return OpenArray.outside(terms, target, index, 1, path.heap);
        }
        if (!(target instanceof Cell array) || !array.type().isArray()) {
            throw new LiftException("stores into an array that was not made here");
        }
        Value value = kept(array.type().getComponentType(), stored);
        List<Value> elements = elements(array, path.heap);
        for (int i = 0; i < elements.size(); i++) {
            Term here = terms.eq(index, terms.bv(32, i));
            if (here.isTrue()) {
                path.heap.put(array, "" + i, value);
            } else if (!here.isFalse()) {
                path.heap.put(array, "" + i,
                        new Word(terms.ite(here, lifter.number(value), lifter.number(elements.get(i)))));
            }
        }
        return terms.not(terms.ult(index, terms.bv(32, elements.size())));
    }

    void arrayLength(Path path) {
        if (OpenArray.is(path.stack.getLast(), path.heap)) {
            path.push(OpenArray.length(path.pop(), path.heap));
            return;
        }
        path.push(new Word(terms.bv(32, elements(path.pop(), path.heap).size())));
    }

    /** A new array, of zeroes or nulls, whose length is known. */
    void newArray(Class<?> component, Value fill, Path path) {
        Term length = path.popTerm();
        if (!length.isConstant() || (int) length.value() < 0) {
            throw new LiftException("makes an array of any length, or of a negative one");
        }
        Cell array = path.heap.allocate(component.arrayType());
        for (int i = 0; i < length.value(); i++) {
            path.heap.put(array, "" + i, fill);
        }
        path.push(array);
    }

    private List<Value> elements(Value array, Heap heap) {
        List<Value> elements = new ArrayList<>();
        switch (array) {
            case Cell cell when cell.type().isArray() -> {
                Map<String, Value> fields = heap.fields(cell);
                for (int i = 0; i < fields.size(); i++) {
                    elements.add(java.util.Objects.requireNonNull(fields.get("" + i)));
                }
            }
            case Constant(Object object) when object.getClass().isArray() -> {
                for (int i = 0; i < java.lang.reflect.Array.getLength(object); i++) {
                    elements.add(lifter.reflection().wrap(java.lang.reflect.Array.get(object, i)));
                }
            }
            default -> throw new LiftException(array + " is no array that is known");
        }
        return elements;
    }

    private static boolean isInstance(Value value, Class<?> type) {
        return switch (value) {
            case Cell cell -> type.isAssignableFrom(cell.type());
            case Constant(Object constant) -> type.isInstance(constant);
            case EnumChoice choice -> type.isAssignableFrom(choice.type());
            case Value.Null _ -> false;
            default -> throw new LiftException("checks the type of " + value);
        };
    }

    void typeCheck(TypeCheckInstruction check, Path path) {
        Class<?> type = lifter.reflection().type(check.type().asSymbol());
        Value value = path.pop();
        boolean fits = isInstance(value, type)
                || (value instanceof Value.Null && check.opcode() == Opcode.CHECKCAST);
        if (check.opcode() == Opcode.INSTANCEOF) {
            path.push(new Word(terms.bv(32, fits ? 1 : 0)));
        } else if (fits) {
            path.push(value);
        } else {
            throw new LiftException(value + " is cast to " + type.getName());
        }
    }
}
