package org.bpfz.proofs.mutate;

import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.bpfz.proofs.lift.JavaLifter;
import org.bpfz.proofs.lift.LiftException;
import org.bpfz.proofs.lift.Value;
import org.bpfz.proofs.term.Evaluator;
import org.bpfz.proofs.term.Term;
import org.jspecify.annotations.Nullable;

/**
 * Runs the calls of a refuted claim for real, with a counterexample's numbers: in the classes as they are and in the mutant.
 *
 * <p>The mutant must do what its terms say that it does, which tests the lifter, and something else than the original, which shows that the
 * counterexample is one.
 */
public final class Replay {
    private final JavaLifter lifter;
    private final Evaluator evaluator;
    private final Map<String, Long> model;

    /** Of the calls that were lifted there, with these values of the variables. */
    public Replay(JavaLifter lifter, Map<String, Long> model) {
        this.lifter = lifter;
        evaluator = new Evaluator(model);
        this.model = Map.copyOf(model);
    }

    /**
     * Runs the calls with a mutant.
     *
     * @return what was called and what came of it in both, where it differs; null where no call makes a difference
     * @throws LiftException where the mutant does something else than its terms say
     */
    public @Nullable String difference(Mutant mutant) {
        ClassLoader changed = new MutantLoader(Map.of(mutant.owner().getName(), mutant.classFile()));
        ClassLoader original = new MutantLoader(Map.of());
        String difference = null;
        for (JavaLifter.Call call : lifter.calls()) {
            if (evaluator.valueOf(call.when().get()) != 1) {
                continue;
            }
            String does = run(changed, call);
            String said = lifter.isWhole() ? said(call) : does;
            if (!does.equals(said)) {
                throw new LiftException(describe(call, changed) + " is " + does + ", not the lifted " + said);
            }
            String was = run(original, call);
            if (difference == null && !was.equals(does)) {
                difference = describe(call, changed) + " is " + does + ", was " + was;
            }
        }
        for (JavaLifter.Run run : lifter.runs()) {
            String input = run.input().apply(model);
            String does = tried(changed, run, input);
            String was = tried(original, run, input);
            if (difference == null && !was.equals(does)) {
                difference = input + " yields " + does + ", was " + was;
            }
        }
        return difference;
    }

    private static String tried(ClassLoader loader, JavaLifter.Run run, String input) {
        try {
            Object runner = loader.loadClass(run.runner().getName()).getConstructor().newInstance();
            return String.valueOf(((UnaryOperator<?>) runner).getClass().getMethod("apply", String.class)
                    .invoke(runner, input));
        } catch (InvocationTargetException e) {
            return Flat.THROWS;
        } catch (ReflectiveOperationException e) {
            throw new LiftException("can't run " + input, e);
        }
    }

    private String describe(JavaLifter.Call call, ClassLoader loader) {
        List<String> args = new ArrayList<>();
        for (@Nullable
        Object arg : arguments(loader, call, method(loader, call))) {
            args.add(Flat.of(arg));
        }
        return call.owner().getSimpleName() + "." + call.method() + "(" + String.join(", ", args) + ")";
    }

    private String said(JavaLifter.Call call) {
        if (evaluator.valueOf(call.lifted().throwsWhen()) == 1) {
            return Flat.THROWS;
        }
        return flat(call.lifted().result(), method(call.owner().getClassLoader(), call).getReturnType(), call);
    }

    private String flat(Value value, Class<?> type, JavaLifter.Call call) {
        return switch (value) {
            case Value.Word(Term term) -> Flat.number(evaluator.valueOf(term), type);
            case Value.EnumChoice(Class<?> choices, Term ordinal) ->
                Flat.of(choices.getEnumConstants()[(int) evaluator.valueOf(ordinal)]);
            case Value.Constant(Object constant) -> Flat.of(constant);
            case Value.Null _ -> Flat.of(null);
            case Value.Opaque _ -> Flat.TEXT;
            case Value.Cell cell when cell.type() == List.class -> {
                List<String> parts = new ArrayList<>();
                for (int i = 0; lifter.has(cell, "" + i, call.lifted().heap()); i++) {
                    parts.add(flat(lifter.part(cell, "" + i, call.lifted().heap()), int.class, call));
                }
                yield Flat.list(parts);
            }
            case Value.Cell cell -> {
                List<String> parts = new ArrayList<>();
                for (RecordComponent component : cell.type().getRecordComponents()) {
                    Value part = lifter.part(cell, component.getName(), call.lifted().heap());
                    parts.add(flat(part, component.getType(), call));
                }
                yield Flat.record(cell.type(), parts);
            }
            default -> throw new LiftException("can't say what " + value + " is");
        };
    }

    private static Method method(ClassLoader loader, JavaLifter.Call call) {
        try {
            Class<?> owner = loader.loadClass(call.owner().getName());
            for (Method method : owner.getDeclaredMethods()) {
                String descriptor = MethodType.methodType(method.getReturnType(), method.getParameterTypes())
                        .descriptorString();
                if (method.getName().equals(call.method()) && descriptor.equals(call.descriptor())) {
                    method.setAccessible(true);
                    return method;
                }
            }
            throw new LiftException("no method " + call.method() + " of " + owner + " to run");
        } catch (ClassNotFoundException e) {
            throw new LiftException("no class " + call.owner(), e);
        }
    }

    private List<@Nullable Object> arguments(ClassLoader loader, JavaLifter.Call call, Method method) {
        boolean isStatic = Modifier.isStatic(method.getModifiers());
        List<@Nullable Object> args = new ArrayList<>();
        for (int i = 0; i < call.args().size(); i++) {
            int parameter = isStatic ? i : i - 1;
            Class<?> type = parameter < 0 ? method.getDeclaringClass() : method.getParameterTypes()[parameter];
            args.add(real(loader, call.args().get(i), type, call));
        }
        return args;
    }

    private String run(ClassLoader loader, JavaLifter.Call call) {
        Method method = method(loader, call);
        List<@Nullable Object> args = arguments(loader, call, method);
        boolean isStatic = Modifier.isStatic(method.getModifiers());
        try {
            Object receiver = isStatic ? null : args.getFirst();
            return Flat.of(method.invoke(receiver, args.subList(isStatic ? 0 : 1, args.size()).toArray()));
        } catch (InvocationTargetException e) {
            return Flat.THROWS;
        } catch (IllegalAccessException e) {
            throw new LiftException(method + " can't be run", e);
        }
    }

    /** A value as an object of the loader's classes. */
    private @Nullable Object real(ClassLoader loader, Value value, Class<?> type, JavaLifter.Call call) {
        return switch (value) {
            case Value.Word(Term term) -> Flat.boxed(evaluator.valueOf(term), type);
            case Value.EnumChoice(Class<?> _, Term ordinal) ->
                type.getEnumConstants()[(int) evaluator.valueOf(ordinal)];
            case Value.Constant(Object constant) -> Flat.in(loader, constant);
            case Value.Null _ -> null;
            case Value.Cell cell -> {
                try {
                    Class<?> actual = loader.loadClass(cell.type().getName());
                    List<Class<?>> types = new ArrayList<>();
                    List<@Nullable Object> parts = new ArrayList<>();
                    for (RecordComponent component : actual.getRecordComponents()) {
                        types.add(component.getType());
                        Value part = lifter.part(cell, component.getName(), call.heap());
                        parts.add(real(loader, part, component.getType(), call));
                    }
                    Constructor<?> constructor = actual.getDeclaredConstructor(types.toArray(Class<?>[]::new));
                    constructor.setAccessible(true);
                    yield constructor.newInstance(parts.toArray());
                } catch (ReflectiveOperationException e) {
                    throw new LiftException("can't make " + cell, e);
                }
            }
            default -> throw new LiftException("can't make " + value);
        };
    }
}
