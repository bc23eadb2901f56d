package org.bpfz.proofs.lift;

import com.google.common.base.Splitter;
import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.bpfz.proofs.lift.Value.Cell;
import org.bpfz.proofs.lift.Value.Constant;
import org.bpfz.proofs.lift.Value.EnumChoice;
import org.bpfz.proofs.lift.Value.Word;
import org.bpfz.proofs.term.Term;
import org.bpfz.proofs.term.Terms;
import org.jspecify.annotations.Nullable;

/**
 * Turns compiled Java methods into terms over their arguments: the class files that run, not their source.
 *
 * <p>A method is executed with symbolic values. Instructions are taken in the order of their addresses, the paths that reach one are
 * joined by ITE before it is executed, and a jump back makes the loop's next round; so code without loops is gone through once, and a
 * loop as often as its condition can't be decided to be false (at most {@link MethodLifter#MOST_STEPS} instructions a method). Calls are
 * lifted with the caller, but for the JDK's methods, which are {@link Intrinsics}. Records are values: their fields are written by their
 * constructors, and no code may compare them by identity. Enum constants and static finals are taken from the running classes.
 */
public final class JavaLifter {
    /** What a lifted method yields. */
    public record Lifted(Value result, Term throwsWhen, Heap heap) {}

    /**
     * A call that was lifted for its own sake, for running it with numbers.
     *
     * @param descriptor of the method's parameters and result
     * @param heap       where the arguments live
     * @param when       on which way through explored code it is made; true where nothing is explored
     */
    public record Call(Class<?> owner, String method, String descriptor, List<Value> args, Heap heap, Lifted lifted,
            Supplier<Term> when) {
        public Call {
            args = List.copyOf(args);
        }
    }

    /** What is known of a method by another theorem, and stands for its code: a result, with what it is assumed of it. */
    @FunctionalInterface
    public interface Contract {
        /** The call's outcome; the hypotheses that come with it are the contract's own affair. */
        Lifted apply(JavaLifter lifter, List<Value> args, Heap heap);
    }

    private static final int DEEPEST_CALL = 60;

    private final Terms terms;
    private final Reflection reflection;
    private final Map<Class<?>, ClassModel> classes = new HashMap<>();
    private final Map<Class<?>, byte[]> replaced = new HashMap<>();
    private final Map<String, Contract> contracts = new HashMap<>();
    private final List<Call> calls = new ArrayList<>();
    private final List<Run> runs = new ArrayList<>();
    private Meaning meaning = (made, value, width) -> null;
    private final Set<String> covered = new HashSet<>();
    private @Nullable Choices choices;
    private int depth;

    /** A lifter that makes its terms there. */
    public JavaLifter(Terms terms) {
        this.terms = terms;
        reflection = new Reflection(terms);
    }

    /** Lifts this class file in the place of the class's own: how a mutant is put before the theorems. */
    public void replace(Class<?> owner, byte[] classFile) {
        replaced.put(owner, classFile.clone());
        classes.remove(owner);
    }

    /** Lets a contract stand for the methods of that name wherever lifted code calls them. */
    public void assume(Class<?> owner, String method, Contract contract) {
        contracts.put(owner.getName() + "." + method, contract);
    }

    @Nullable
    Contract contract(Class<?> owner, String method) {
        return contracts.get(owner.getName() + "." + method);
    }

    /** Whether all that was lifted is code, with no contract in its place: then terms say what a run does. */
    public boolean isWhole() {
        return contracts.isEmpty();
    }

    /** What {@link #lift} was asked for so far, in order. */
    public List<Call> calls() {
        return List.copyOf(calls);
    }

    /** What a number in the code stands for, where it does not stand for itself. */
    @FunctionalInterface
    public interface Meaning {
        /** A term of that width, or null. */
        @Nullable
        Term of(Terms terms, long value, int width);
    }

    /** Notes that an instruction of a method was reached. */
    void cover(Class<?> owner, MethodModel method, int instruction) {
        covered.add(place(owner, method, instruction));
    }

    /** Whether lifted code has reached this instruction, counted from the begin of its method. */
    public boolean covers(Class<?> owner, MethodModel method, int instruction) {
        return covered.contains(place(owner, method, instruction));
    }

    private static String place(Class<?> owner, MethodModel method, int instruction) {
        return owner.getName() + "." + method.methodName() + method.methodType() + instruction;
    }

    /** Reads constants of the code so. */
    public void read(Meaning newMeaning) {
        meaning = newMeaning;
    }

    Term meaning(long value, int width) {
        Term term = meaning.of(terms, value, width);
        return term == null ? terms.bv(width, value) : term;
    }

    /** The class files that stand in for others, by class name. */
    public Map<String, byte[]> replacements() {
        Map<String, byte[]> files = new HashMap<>();
        replaced.forEach((type, file) -> files.put(type.getName(), file));
        return files;
    }

    /**
     * A run of a whole engine that a counterexample is tried with.
     *
     * @param runner a class with a public constructor without parameters, which is loaded with the mutant
     * @param input  what it is given, of the counterexample
     */
    public record Run(Class<? extends UnaryOperator<String>> runner, Function<Map<String, Long>, String> input) {}

    /** Tells how a counterexample is tried, where the lifted calls can't be made from outside. */
    public void tryBy(Run run) {
        runs.add(run);
    }

    /** What {@link #tryBy} was told. */
    public List<Run> runs() {
        return List.copyOf(runs);
    }

    /** As {@link #lift}, of a method that a counterexample is not run with: {@link #tryBy} says how it is tried. */
    public Lifted liftInside(Class<?> owner, String name, Heap heap, Value... args) {
        int before = calls.size();
        Lifted lifted = lift(owner, name, heap, args);
        calls.subList(before, calls.size()).clear();
        return lifted;
    }

    /** As {@link #liftInside(Class, String, Heap, Value...)}, of the method with this descriptor. */
    public Lifted liftInside(Class<?> owner, String name, String descriptor, Heap heap, Value... args) {
        int before = calls.size();
        Lifted lifted = lift(owner, name, descriptor, heap, false, args);
        calls.subList(before, calls.size()).clear();
        return lifted;
    }

    /** Where the terms are made. */
    public Terms terms() {
        return terms;
    }

    Reflection reflection() {
        return reflection;
    }

    /** An empty heap for arguments to live on. */
    public Heap newHeap() {
        return new Heap();
    }

    /** A free value of a Java type: a number, a record of free components, one of an enum's constants. */
    public Value free(Class<?> type, String name, Heap heap) {
        if (type == int.class) {
            return new Word(terms.variable(name, 32));
        }
        if (type == long.class) {
            return new Word(terms.variable(name, 64));
        }
        if (type == short.class) {
            return new Word(terms.signExtend(terms.variable(name, 16), 32));
        }
        if (type == boolean.class) {
            return new Word(terms.zeroExtend(terms.variable(name, 1), 32));
        }
        if (type.isEnum()) {
            return new EnumChoice(type, terms.variable(name, 32));
        }
        if (type.isRecord()) {
            Cell cell = heap.allocate(type);
            for (RecordComponent component : type.getRecordComponents()) {
                heap.put(cell, component.getName(), free(component.getType(), name + "." + component.getName(), heap));
            }
            return cell;
        }
        throw new LiftException("no free value of type " + type.getName());
    }

    /** The variables that values are made of, their fields' counted. */
    public Set<Term> variables(List<Value> values, Heap heap) {
        Set<Term> variables = new LinkedHashSet<>();
        for (Value value : values) {
            switch (value) {
                case Word(Term term) -> variables.addAll(term.variables());
                case EnumChoice(Class<?> _, Term ordinal) -> variables.addAll(ordinal.variables());
                case Cell cell -> variables.addAll(variables(List.copyOf(heap.fields(cell).values()), heap));
                default -> {
                    // Nothing in it depends on inputs.
                }
            }
        }
        return variables;
    }

    /** What is there whatever the inputs: an enum constant, say. */
    public Value constant(Object object) {
        return reflection.wrap(object);
    }

    /** The component of a record value. */
    public Value part(Value value, String name, Heap heap) {
        Cell cell = new Joiner(terms, reflection).asCell(value, heap);
        Value component = cell == null ? null : heap.fields(cell).get(name);
        if (component == null) {
            throw new LiftException(value + " has no component " + name);
        }
        return component;
    }

    /** Whether two values are equal, as records define it. */
    public Term equal(Value a, Value b, Heap heap) {
        return new Calls(this).equal(a, b, heap);
    }

    /** Where a new object with these fields is: a record's components. */
    public Value made(Class<?> type, Map<String, Value> fields, Heap heap) {
        Cell cell = heap.allocate(type);
        fields.forEach((field, value) -> heap.put(cell, field, value));
        return cell;
    }

    /** Whether a list made by lifted code has an element of that number. */
    public boolean has(Value list, String number, Heap heap) {
        return list instanceof Cell cell && heap.fields(cell).containsKey(number);
    }

    /** The number at a path of components such as {@code wide.umin}. */
    public Term component(Value value, String path, Heap heap) {
        Value at = value;
        for (String name : Splitter.on('.').split(path)) {
            at = part(at, name, heap);
        }
        return number(at);
    }

    /** A number's term, or an enum constant's ordinal. */
    public Term number(@Nullable Value value) {
        return switch (value) {
            case Word(Term term) -> term;
            case EnumChoice(Class<?> _, Term ordinal) -> ordinal;
            case Constant(Enum<?> constant) -> terms.bv(32, constant.ordinal());
            case null, default -> throw new LiftException(value + " is no number");
        };
    }

    /**
     * The method of that name with as many parameters, an instance method's receiver first, applied to the arguments.
     *
     * @param heap where the arguments live; not changed
     */
    public Lifted lift(Class<?> owner, String name, Heap heap, Value... args) {
        return lift(owner, name, "", heap, false, args);
    }

    /** As {@link #lift}, where an instance method would take as many arguments. */
    public Lifted liftStatic(Class<?> owner, String name, Heap heap, Value... args) {
        return lift(owner, name, "", heap, true, args);
    }

    /** As {@link #lift}, of the static method with this descriptor. */
    public Lifted liftStatic(Class<?> owner, String name, String descriptor, Heap heap, Value... args) {
        return lift(owner, name, descriptor, heap, true, args);
    }

    private Lifted lift(Class<?> owner, String name, String descriptor, Heap heap, boolean isStatic,
            Value... args) {
        List<MethodModel> found = new ArrayList<>();
        for (MethodModel method : model(owner).methods()) {
            boolean fits = (!isStatic || (method.flags().flagsMask() & ClassFile.ACC_STATIC) != 0)
                    && (descriptor.isEmpty() || method.methodType().equalsString(descriptor));
            if (fits && method.methodName().equalsString(name) && slots(method).size() == args.length) {
                found.add(method);
            }
        }
        if (found.size() != 1) {
            throw new LiftException(owner.getSimpleName() + " has " + found.size() + " methods " + name + " of "
                    + args.length + " parameters");
        }
        Lifted lifted = run(owner, found.getFirst(), List.of(args), heap);
        calls.add(new Call(owner, name, found.getFirst().methodType().stringValue(), List.of(args), heap, lifted,
                when()));
        return lifted;
    }

    /**
     * What the method may return, each value with the condition under which it does, where values of different kinds can't be joined; a
     * counterexample is not run with it.
     */
    public List<Explored<Value>> returns(Class<?> owner, String name, Heap heap, Value... args) {
        for (MethodModel method : model(owner).methods()) {
            if (method.methodName().equalsString(name) && slots(method).size() == args.length) {
                return new MethodLifter(this, owner, method).returns(slots(method), List.of(args), heap);
            }
        }
        throw new LiftException("no method " + owner.getName() + "." + name);
    }

    /**
     * The method of that name applied as {@link #lift} does, where it has one loop; a counterexample is run with the whole method if it is lifted
     * {@link #lift lifted} too.
     */
    public JavaLoop loop(Class<?> owner, String name, Heap heap, Value... args) {
        for (MethodModel method : model(owner).methods()) {
            if (method.methodName().equalsString(name) && slots(method).size() == args.length) {
                return new JavaLoop(() -> new MethodLifter(this, owner, method),
                        new MethodLifter(this, owner, method).enter(slots(method), List.of(args), heap));
            }
        }
        throw new LiftException("no method " + owner.getName() + "." + name);
    }

    /** The types of a method's arguments, an instance method's receiver first. */
    private static List<ClassDesc> slots(MethodModel method) {
        List<ClassDesc> types = new ArrayList<>();
        if ((method.flags().flagsMask() & ClassFile.ACC_STATIC) == 0) {
            types.add(java.lang.constant.ConstantDescs.CD_Object);
        }
        types.addAll(method.methodTypeSymbol().parameterList());
        return types;
    }

    /**
     * One way through lifted code.
     *
     * @param condition when it is taken
     */
    public record Explored<T>(Term condition, T result) {}

    /**
     * Runs lifting code once for each way that its branches can go, with nothing joined: for code over objects of many kinds, whose branches
     * few inputs decide.
     */
    public <T> List<Explored<T>> explore(Supplier<T> run) {
        List<Explored<T>> ways = new ArrayList<>();
        explore(run, ways::add);
        return ways;
    }

    /** As {@link #explore(Supplier)}, where each way is looked at before the next is gone. */
    public <T> void explore(Supplier<T> run, Consumer<Explored<T>> each) {
        List<Boolean> prefix = List.of();
        do {
            Choices way = new Choices(terms, prefix);
            choices = way;
            T result = run.get();
            each.accept(new Explored<>(way.condition(), result));
            prefix = way.next();
        } while (!prefix.isEmpty());
        choices = null;
    }

    private Supplier<Term> when() {
        Choices way = choices;
        return () -> way == null ? terms.bool(true) : way.condition();
    }

    @Nullable
    Choices choices() {
        return choices;
    }

    Lifted call(Class<?> owner, String name, MethodTypeDesc type, List<Value> args, Heap heap) {
        Contract contract = contract(owner, name);
        if (contract != null) {
            return contract.apply(this, args, heap);
        }
        for (Class<?> at = owner; at != null; at = at.getSuperclass()) {
            for (MethodModel method : model(at).methods()) {
                if (method.methodName().equalsString(name) && method.methodTypeSymbol().equals(type)) {
                    return run(at, method, args, heap);
                }
            }
        }
        for (Class<?> above : owner.getInterfaces()) {
            for (MethodModel method : model(above).methods()) {
                if (method.methodName().equalsString(name) && method.methodTypeSymbol().equals(type)) {
                    return run(above, method, args, heap);
                }
            }
        }
        throw new LiftException("no method " + owner.getName() + "." + name + type.displayDescriptor());
    }

    private Lifted run(Class<?> owner, MethodModel method, List<Value> args, Heap heap) {
        if (++depth > DEEPEST_CALL) {
            throw new LiftException("calls nest deeper than " + DEEPEST_CALL);
        }
        try {
            return new MethodLifter(this, owner, method).run(slots(method), args, heap);
        } finally {
            depth--;
        }
    }

    private ClassModel model(Class<?> type) {
        return classes.computeIfAbsent(type, this::parse);
    }

    private ClassModel parse(Class<?> type) {
        byte[] replacement = replaced.get(type);
        return ClassFile.of().parse(replacement == null ? classFile(type) : replacement);
    }

    /** The class file that the class was loaded from. */
    public static byte[] classFile(Class<?> type) {
        String file = type.getName().substring(type.getName().lastIndexOf('.') + 1) + ".class";
        try (InputStream in = type.getResourceAsStream(file)) {
            if (in == null) {
                throw new LiftException("no class file for " + type.getName());
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new LiftException("the class file of " + type.getName() + " can't be read", e);
        }
    }
}
