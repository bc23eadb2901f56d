package org.bpfz.proofs.lift;

import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeModel;
import java.lang.classfile.Instruction;
import java.lang.classfile.Label;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.ArrayLoadInstruction;
import java.lang.classfile.instruction.ArrayStoreInstruction;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.ConvertInstruction;
import java.lang.classfile.instruction.ExceptionCatch;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.IncrementInstruction;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LabelTarget;
import java.lang.classfile.instruction.LoadInstruction;
import java.lang.classfile.instruction.LocalVariable;
import java.lang.classfile.instruction.LookupSwitchInstruction;
import java.lang.classfile.instruction.NewObjectInstruction;
import java.lang.classfile.instruction.NewPrimitiveArrayInstruction;
import java.lang.classfile.instruction.NewReferenceArrayInstruction;
import java.lang.classfile.instruction.NopInstruction;
import java.lang.classfile.instruction.OperatorInstruction;
import java.lang.classfile.instruction.ReturnInstruction;
import java.lang.classfile.instruction.StackInstruction;
import java.lang.classfile.instruction.StoreInstruction;
import java.lang.classfile.instruction.SwitchCase;
import java.lang.classfile.instruction.TableSwitchInstruction;
import java.lang.classfile.instruction.ThrowInstruction;
import java.lang.classfile.instruction.TypeCheckInstruction;
import java.lang.constant.ClassDesc;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bpfz.proofs.lift.JavaLifter.Lifted;
import org.bpfz.proofs.lift.Value.Cell;
import org.bpfz.proofs.lift.Value.Dead;
import org.bpfz.proofs.lift.Value.Word;
import org.bpfz.proofs.term.Term;
import org.bpfz.proofs.term.Terms;
import org.jspecify.annotations.Nullable;

/** Executes one method of one call symbolically; see {@link JavaLifter} for the order in which paths are taken and joined. */
final class MethodLifter {
    /** Instructions executed in a method before it counts as one whose loops don't end. */
    static final int MOST_STEPS = 200_000;

    private static final int MOST_LOCALS = 256;

    private final JavaLifter lifter;
    private final Terms terms;
    private final Joiner joiner;
    private final Calls calls;
    private final Class<?> owner;
    private final MethodModel method;
    private final List<Instruction> code = new ArrayList<>();
    private final Map<Label, Integer> labels = new HashMap<>();
    private final TreeMap<Integer, Path> open = new TreeMap<>();
    private @Nullable Path returned;
    /** Where results go that are not to be joined. */
    private @Nullable List<JavaLifter.Explored<Value>> apart;
    private Term thrown;
    /** Where a method with a loop is cut; -1 for none. */
    private int head = -1;
    private @Nullable Path atHead;

    MethodLifter(JavaLifter lifter, Class<?> owner, MethodModel method) {
        this.lifter = lifter;
        this.owner = owner;
        this.method = method;
        terms = lifter.terms();
        joiner = new Joiner(terms, lifter.reflection());
        calls = new Calls(lifter);
        thrown = terms.bool(false);
        CodeModel body = method.code().orElseThrow(() -> new LiftException(name() + " has no code"));
        for (CodeElement element : body) {
            switch (element) {
                case LabelTarget target -> labels.put(target.label(), code.size());
                case Instruction instruction -> code.add(instruction);
                default -> {
                    // Line numbers, variable names.
                }
            }
        }
        for (ExceptionCatch handler : body.exceptionHandlers()) {
            if (!throwsAnyway(labels.getOrDefault(handler.handler(), 0))) {
                throw new LiftException(name() + " catches exceptions");
            }
        }
    }

    /** Whether a handler does nothing but throw: what javac does with an accessor's exception in a pattern, or one that says more. */
    private boolean throwsAnyway(int handler) {
        for (Instruction instruction : code.subList(handler, code.size())) {
            if (instruction instanceof ThrowInstruction) {
                return true;
            }
            if (instruction instanceof BranchInstruction || instruction instanceof ReturnInstruction
                    || instruction instanceof TableSwitchInstruction
                    || instruction instanceof LookupSwitchInstruction) {
                return false;
            }
        }
        return false;
    }

    private String name() {
        return owner.getSimpleName() + "." + method.methodName().stringValue();
    }

    Lifted run(List<ClassDesc> types, List<Value> args, Heap heap) {
        open.put(0, new Path(terms.bool(true), locals(types, args), new ArrayList<>(), heap.copy()));
        runOpen();
        Path end = returned;
        if (end == null && thrown.isTrue()) {
            return new Lifted(new Value.Opaque(), thrown, heap);
        }
        if (end == null) {
            throw new LiftException(name() + " never returns");
        }
        return new Lifted(result(end), thrown, end.heap);
    }

    /** Everything that the method may return, not joined. */
    List<JavaLifter.Explored<Value>> returns(List<ClassDesc> types, List<Value> args, Heap heap) {
        List<JavaLifter.Explored<Value>> ways = new ArrayList<>();
        apart = ways;
        open.put(0, new Path(terms.bool(true), locals(types, args), new ArrayList<>(), heap.copy()));
        runOpen();
        return ways;
    }

    private static Value result(Path end) {
        return end.stack.isEmpty() ? new Value.Opaque() : end.stack.getFirst();
    }

    private static @Nullable Value[] locals(List<ClassDesc> types, List<Value> args) {
        @Nullable
        Value[] locals = new @Nullable Value[MOST_LOCALS];
        int slot = 0;
        for (int i = 0; i < args.size(); i++) {
            locals[slot] = args.get(i);
            slot += TypeKind.from(types.get(i)).slotSize();
        }
        return locals;
    }

    /** From the method's begin to the head of its only loop, or to its end. */
    JavaLoop.Arrival enter(List<ClassDesc> types, List<Value> args, Heap heap) {
        open.put(0, new Path(terms.bool(true), locals(types, args), new ArrayList<>(), heap.copy()));
        head = findHead();
        runOpen();
        return arrival();
    }

    /** From the head of the loop on, with the variables of the arrival but for those that are given by name. */
    JavaLoop.Arrival round(JavaLoop.Arrival from, Map<String, Value> variables) {
        @Nullable
        Value[] locals = from.locals().clone();
        Map<String, Integer> slots = slots();
        variables.forEach((name, value) -> {
            Integer slot = slots.get(name);
            if (slot == null) {
                throw new LiftException(name() + " has no variable " + name);
            }
            locals[slot] = value;
        });
        head = findHead();
        step(head, new Path(terms.bool(true), locals, new ArrayList<>(), from.heap().copy()));
        runOpen();
        return arrival();
    }

    /** The slots of the variables that are known by name. */
    Map<String, Integer> slots() {
        Map<String, Integer> slots = new HashMap<>();
        for (CodeElement element : method.code().orElseThrow()) {
            if (element instanceof LocalVariable variable) {
                slots.put(variable.name().stringValue(), variable.slot());
            }
        }
        return slots;
    }

    private JavaLoop.Arrival arrival() {
        Path again = atHead;
        Path end = returned;
        return new JavaLoop.Arrival(again == null ? terms.bool(false) : again.condition,
                again == null ? new @Nullable Value[MOST_LOCALS] : again.locals, slots(),
                end == null ? terms.bool(false) : end.condition,
                end == null ? new Value.Opaque() : result(end),
                again == null ? end == null ? new Heap() : end.heap : again.heap, end == null ? new Heap() : end.heap,
                thrown);
    }

    /** The target of the jump back, of which there must be one. */
    private int findHead() {
        int found = -1;
        for (int at = 0; at < code.size(); at++) {
            if (code.get(at) instanceof BranchInstruction branch && labels.get(branch.target()) <= at) {
                if (found >= 0 && found != labels.get(branch.target())) {
                    throw new LiftException(name() + " has several loops");
                }
                found = labels.get(branch.target());
            }
        }
        if (found < 0) {
            throw new LiftException(name() + " has no loop");
        }
        return found;
    }

    private void runOpen() {
        int steps = 0;
        while (!open.isEmpty()) {
            if (++steps > MOST_STEPS) {
                throw new LiftException(name() + " takes more than " + MOST_STEPS + " steps: a loop without end?");
            }
            Map.Entry<Integer, Path> first = open.pollFirstEntry();
            step(first.getKey(), first.getValue());
        }
    }

    private void step(int at, Path path) {
        lifter.cover(owner, method, at);
        try {
            execute(at, path, code.get(at));
        } catch (LiftException e) {
            throw e.getCause() == null && !e.getMessage().contains(" at ")
                    ? new LiftException(name() + " at " + at + " (" + code.get(at).opcode() + "): " + e.getMessage())
                    : e;
        }
    }

    /** Continues at an instruction, with whatever else gets there. */
    private void go(int to, Path path) {
        if (path.condition.isFalse()) {
            return;
        }
        Path before = atHead;
        if (to == head) {
            atHead = before == null ? path : joiner.join(before, path);
        } else {
            open.merge(to, path, joiner::join);
        }
    }

    private void go(Label to, Path path) {
        go(labels.get(to), path);
    }

    private void throwWhen(Path path, Term condition) {
        thrown = terms.or(thrown, terms.and(path.condition, condition));
    }

    private void execute(int at, Path path, Instruction instruction) {
        if (Operators.isFloating(instruction)) {
            throw new LiftException("floating point");
        }
        switch (instruction) {
            case BranchInstruction branch -> branch(at, path, branch);
            case TableSwitchInstruction table -> choose(path, table.cases(), table.defaultTarget());
            case LookupSwitchInstruction lookup -> choose(path, lookup.cases(), lookup.defaultTarget());
            case ReturnInstruction ret -> end(path, ret);
            case ThrowInstruction _ -> throwWhen(path, terms.bool(true));
            default -> {
                Term throwsWhen = decided(straight(path, instruction));
                if (throwsWhen.isFalse()) {
                    go(at + 1, path);
                } else {
                    throwWhen(path, throwsWhen);
                    go(at + 1, path.fork(terms.and(path.condition, terms.not(throwsWhen))));
                }
            }
        }
    }

    /** Executes an instruction that leads to the next, or throws under the condition that is returned. */
    private Term straight(Path path, Instruction instruction) {
        switch (instruction) {
            case LoadInstruction load -> path.push(local(path, load.slot()));
            case StoreInstruction store -> path.locals[store.slot()] = path.pop();
            case IncrementInstruction increment -> path.locals[increment.slot()] = new Word(
                    terms.add(lifter.number(local(path, increment.slot())), terms.bv(32, increment.constant())));
            case ConstantInstruction constant -> path.push(Operators.constant(lifter, constant));
            case OperatorInstruction operator when operator.opcode() == Opcode.ARRAYLENGTH -> calls.arrayLength(path);
            case OperatorInstruction operator -> {
                return Operators.apply(terms, operator.opcode(), path);
            }
            case ConvertInstruction convert -> Operators.convert(terms, convert, path);
            case StackInstruction stack -> Operators.shuffle(stack.opcode(), path);
            case FieldInstruction field -> calls.field(owner, method, field, path);
            case NewObjectInstruction made ->
                path.push(path.heap.allocate(lifter.reflection().type(made.className().asSymbol())));
            case InvokeInstruction invoke -> {
                return calls.invoke(invoke, path);
            }
            case InvokeDynamicInstruction dynamic -> calls.dynamic(dynamic, path);
            case ArrayLoadInstruction _ -> {
                return calls.arrayLoad(path);
            }
            case ArrayStoreInstruction _ -> {
                return calls.arrayStore(path);
            }
            case NewReferenceArrayInstruction made -> calls.newArray(
                    lifter.reflection().type(made.componentType().asSymbol()), new Value.Null(), path);
            case NewPrimitiveArrayInstruction made -> calls.newArray(component(made.typeKind()),
                    new Word(terms.bv(made.typeKind() == TypeKind.LONG ? 64 : 32, 0)), path);
            case NopInstruction _ -> {
                // Nothing happens.
            }
            case TypeCheckInstruction check -> calls.typeCheck(check, path);
            default -> throw new LiftException("not understood");
        }
        return terms.bool(false);
    }

    private static Class<?> component(TypeKind kind) {
        return switch (kind) {
            case BOOLEAN -> boolean.class;
            case BYTE -> byte.class;
            case SHORT -> short.class;
            case CHAR -> char.class;
            case INT -> int.class;
            case LONG -> long.class;
            default -> throw new LiftException("makes an array of " + kind);
        };
    }

    private static Value local(Path path, int slot) {
        Value value = path.locals[slot];
        if (value == null || value instanceof Dead) {
            throw new LiftException("reads variable " + slot + ", which is not written on all paths");
        }
        return value;
    }

    /** The condition; on a path that is followed by itself, whether it holds there. */
    private Term decided(Term condition) {
        Choices choices = lifter.choices();
        return choices == null ? condition : terms.bool(choices.decide(condition));
    }

    private void branch(int at, Path path, BranchInstruction branch) {
        Term taken = decided(Operators.condition(terms, branch.opcode(), path));
        if (taken.isTrue()) {
            go(branch.target(), path);
        } else if (taken.isFalse()) {
            go(at + 1, path);
        } else {
            go(branch.target(), path.fork(terms.and(path.condition, taken)));
            go(at + 1, path.fork(terms.and(path.condition, terms.not(taken))));
        }
    }

    private void choose(Path path, List<SwitchCase> cases, Label otherwise) {
        Term number = path.popTerm();
        Term rest = path.condition;
        for (SwitchCase one : cases) {
            Term here = rest.isFalse() ? rest : decided(terms.eq(number, terms.bv(32, one.caseValue())));
            go(one.target(), path.fork(terms.and(rest, here)));
            rest = terms.and(rest, terms.not(here));
        }
        go(otherwise, path.fork(rest));
    }

    private void end(Path path, ReturnInstruction ret) {
        boolean isVoid = ret.typeKind() == TypeKind.VOID;
        List<JavaLifter.Explored<Value>> ways = apart;
        if (ways != null) {
            ways.add(new JavaLifter.Explored<>(path.condition, path.pop()));
            return;
        }
        List<Value> result = isVoid ? new ArrayList<>() : new ArrayList<>(List.of(path.pop()));
        Path end = new Path(path.condition, new @Nullable Value[0], result, path.heap);
        returned = returned == null ? end : joiner.join(returned, end);
        if (!isVoid && returned.stack.getFirst() instanceof Dead) {
            throw new LiftException("returns different kinds of things");
        }
    }

    /** Whether a cell of this type may be written by the method: a record only by the constructor that makes it. */
    static boolean mayWrite(Class<?> owner, MethodModel method, Cell cell) {
        return !cell.type().isRecord()
                || (method.methodName().equalsString("<init>") && owner.isAssignableFrom(cell.type()));
    }
}
