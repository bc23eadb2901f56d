package org.bpfz.proofs.lift;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bpfz.proofs.lift.LlvmModule.Function;
import org.bpfz.proofs.lift.LlvmModule.Parameter;
import org.bpfz.proofs.term.Term;
import org.bpfz.proofs.term.Terms;
import org.jspecify.annotations.Nullable;

/**
 * Turns functions that clang compiled into terms: integers as bit vectors, {@code i1} as truth values, and each pointer parameter as a
 * buffer of 64-bit words of its own that is read and written at constant offsets.
 *
 * <p>Blocks are taken in topological order, each once, under the condition that it is reached; a loop is an error. {@code freeze} and the
 * no-wrap flags are taken for the plain operation: the C is compiled with -fwrapv and without uninitialised reads, which is trusted.
 */
public final class LlvmLifter {
    /** What a function returns (null for void) and leaves in its buffers, by parameter and byte offset. */
    public record Lifted(@Nullable Term result, Map<String, Term> memory) {
        /** The word at a byte offset of the n-th parameter's buffer. */
        public Term word(int parameter, int offset) {
            Term word = memory.get(parameter + "+" + offset);
            if (word == null) {
                throw new LiftException("the function does not touch word " + offset + " of parameter " + parameter);
            }
            return word;
        }
    }

    private record Pointer(int parameter, int offset) {
        String key() {
            return parameter + "+" + offset;
        }
    }

    private record Edge(String from, Term condition, Map<String, Term> memory) {}

    /**
     * What comes of going through a function's part before its loop, or through one round of it.
     *
     * @param again  when the head of the loop is reached
     * @param phis   what the head's registers get there, by name; empty where it is not reached
     * @param done   when the function returns instead
     * @param lifted what it returns and leaves then; null where it never does
     */
    public record Arrival(Term again, Map<String, Term> phis, Term done, @Nullable Lifted lifted) {
        public Arrival {
            phis = new LinkedHashMap<>(phis);
        }
    }

    /** A function with one loop, cut at the loop's head, so that it can be spoken of by induction. */
    public static final class Loop {
        private final LlvmLifter lifter;
        private final Arrival entry;

        private Loop(LlvmLifter lifter) {
            this.lifter = lifter;
            entry = lifter.enter();
        }

        /** From the function's begin on. */
        public Arrival entry() {
            return entry;
        }

        /** From the head of the loop on, where its registers hold this. */
        public Arrival round(Map<String, Term> phis) {
            return lifter.round(phis);
        }
    }

    /** What is understood beside {@link LlvmExpressions#names}. */
    private static final Set<String> INSTRUCTIONS = Set.of("load", "store", "getelementptr", "phi", "br", "switch",
            "ret", "unreachable");
    private static final Pattern ASSIGNMENT = Pattern.compile("^(%[\\w.]+) = (.*)$");
    private static final Pattern LOAD = Pattern.compile("^load i64, ptr (%[\\w.]+).*$");
    private static final Pattern STORE = Pattern.compile("^store i64 (\\S+), ptr (%[\\w.]+).*$");
    private static final Pattern GEP = Pattern
            .compile("^getelementptr (?:inbounds |nuw )*i8, ptr (%[\\w.]+), i64 (-?\\d+)$");
    private static final Pattern PHI = Pattern.compile("\\[ (\\S+), %([\\w.]+) \\]");
    private static final Pattern BRANCH = Pattern.compile("^br i1 (\\S+), label %([\\w.]+), label %([\\w.]+).*$");
    private static final Pattern JUMP = Pattern.compile("^br label %([\\w.]+).*$");
    private static final Pattern SWITCH = Pattern.compile("^switch (i\\d+) (\\S+), label %([\\w.]+) \\[(.*)\\].*$");
    private static final Pattern CASE = Pattern.compile("i\\d+ (-?\\d+), label %([\\w.]+)");
    private static final Pattern RETURN = Pattern.compile("^ret (?:void|(i\\d+) (\\S+))$");

    private final Terms terms;
    private final Function function;
    private final LlvmExpressions expressions;
    private final Map<String, Pointer> pointers = new HashMap<>();
    private final Map<String, List<Edge>> incoming = new HashMap<>();
    private Map<String, Term> memory;
    private @Nullable Term result;
    private @Nullable Edge end;
    /** Where a function with a loop is cut; empty for one without. */
    private String head = "";
    private final List<Edge> toHead = new ArrayList<>();

    private LlvmLifter(Terms terms, Function function, List<@Nullable Term> args, Map<String, Term> memory) {
        this.terms = terms;
        this.function = function;
        this.memory = memory;
        expressions = new LlvmExpressions(terms);
        for (int i = 0; i < args.size(); i++) {
            Parameter parameter = function.parameters().get(i);
            Term arg = args.get(i);
            if (arg == null) {
                pointers.put(parameter.register(), new Pointer(i, 0));
            } else {
                expressions.define(parameter.register(), arg);
            }
        }
    }

    /** All instructions that are understood, and LLVM's functions as {@code llvm.smin}. */
    static Set<String> names() {
        Set<String> names = new TreeSet<>(LlvmExpressions.names());
        names.addAll(INSTRUCTIONS);
        return names;
    }

    /**
     * The function applied to arguments.
     *
     * @param args   a term for each integer, null for each pointer
     * @param memory the words of the buffers, by {@code parameter+offset}
     */
    public static Lifted lift(Terms terms, LlvmModule module, String name, List<@Nullable Term> args,
            Map<String, Term> memory) {
        Function function = module.function(name);
        if (function == null || function.parameters().size() != args.size()) {
            throw new LiftException("the module has no function " + name + " of " + args.size() + " parameters");
        }
        try {
            return new LlvmLifter(terms, function, args, new LinkedHashMap<>(memory)).run();
        } catch (LiftException e) {
            throw new LiftException(name + ": " + e.getMessage(), e);
        }
    }

    /** The function applied as {@link #lift} does, where it has one loop. */
    public static Loop loop(Terms terms, LlvmModule module, String name, List<@Nullable Term> args,
            Map<String, Term> memory) {
        Function function = module.function(name);
        if (function == null) {
            throw new LiftException("the module has no function " + name);
        }
        LlvmLifter lifter = new LlvmLifter(terms, function, args, new LinkedHashMap<>(memory));
        lifter.head = lifter.findHead(function.blocks().firstEntry().getKey(), new HashSet<>(), new HashSet<>());
        return new Loop(lifter);
    }

    private String findHead(String label, Set<String> onPath, Set<String> done) {
        if (onPath.contains(label)) {
            return label;
        }
        String found = "";
        if (done.add(label)) {
            onPath.add(label);
            for (String next : successors(function.blocks().get(label).getLast())) {
                String below = findHead(next, onPath, done);
                if (!below.isEmpty() && !found.isEmpty() && !below.equals(found)) {
                    throw new LiftException("loops through " + found + " and " + below);
                }
                found = below.isEmpty() ? found : below;
            }
            onPath.remove(label);
        }
        return found;
    }

    private Arrival enter() {
        blocks(function.blocks().firstEntry().getKey());
        Arrival arrival = arrival();
        if (!toHead.isEmpty()) {
            memory = new LinkedHashMap<>(toHead.getFirst().memory);
        }
        return arrival;
    }

    private Arrival round(Map<String, Term> phis) {
        Map<String, Term> atHead = memory;
        phis.forEach(expressions::define);
        incoming.clear();
        toHead.clear();
        end = null;
        result = null;
        blocks(head);
        Arrival arrival = arrival();
        memory = atHead;
        return arrival;
    }

    private Arrival arrival() {
        Term again = terms.bool(false);
        Map<String, Term> phis = new LinkedHashMap<>();
        for (Edge edge : toHead) {
            again = terms.or(again, edge.condition);
        }
        if (!toHead.isEmpty()) {
            for (String line : function.blocks().get(head)) {
                Matcher assignment = ASSIGNMENT.matcher(line);
                if (assignment.matches() && assignment.group(2).startsWith("phi ")) {
                    phis.put(assignment.group(1), phi(assignment.group(2), toHead));
                }
            }
        }
        Edge last = end;
        return last == null
                ? new Arrival(again, phis, terms.bool(false), null)
                : new Arrival(again, phis, last.condition, new Lifted(result, last.memory));
    }

    private void blocks(String from) {
        incoming.put(from, List.of(new Edge("", terms.bool(true), memory)));
        for (String label : topologicalOrder()) {
            List<Edge> edges = incoming.get(label);
            if (edges != null) {
                block(label, edges);
            }
        }
    }

    private Lifted run() {
        blocks(function.blocks().firstEntry().getKey());
        Edge last = end;
        if (last == null) {
            throw new LiftException("never returns");
        }
        return new Lifted(result, last.memory);
    }

    private List<String> topologicalOrder() {
        List<String> postorder = new ArrayList<>();
        visit(function.blocks().firstEntry().getKey(), new HashSet<>(), new HashSet<>(), postorder);
        return postorder.reversed();
    }

    private void visit(String label, Set<String> onPath, Set<String> done, List<String> postorder) {
        if (onPath.contains(label) && !label.equals(head)) {
            throw new LiftException("a loop through block " + label);
        }
        if (!done.add(label)) {
            return;
        }
        onPath.add(label);
        for (String next : successors(function.blocks().get(label).getLast())) {
            visit(next, onPath, done, postorder);
        }
        onPath.remove(label);
        postorder.add(label);
    }

    private static List<String> successors(String terminator) {
        List<String> labels = new ArrayList<>();
        Matcher label = Pattern.compile("label %([\\w.]+)").matcher(terminator);
        while (label.find()) {
            labels.add(label.group(1));
        }
        return labels;
    }

    private void block(String label, List<Edge> edges) {
        Term reached = edges.getFirst().condition;
        Map<String, Term> joined = edges.getFirst().memory;
        for (Edge edge : edges.subList(1, edges.size())) {
            joined = joinMemory(edge.condition, edge.memory, joined);
            reached = terms.or(reached, edge.condition);
        }
        memory = new LinkedHashMap<>(joined);
        if (reached.isFalse()) {
            return;
        }
        for (String line : function.blocks().get(label)) {
            try {
                execute(label, line, reached, edges);
            } catch (LiftException e) {
                throw e.getCause() == null
                        ? new LiftException("block " + label + ", " + line + ": " + e.getMessage())
                        : e;
            }
        }
    }

    private Map<String, Term> joinMemory(Term condition, Map<String, Term> a, Map<String, Term> b) {
        Map<String, Term> joined = new LinkedHashMap<>(b);
        a.forEach((key, word) -> joined.put(key, terms.ite(condition, word, b.get(key))));
        return joined;
    }

    private void execute(String label, String line, Term reached, List<Edge> edges) {
        Matcher assignment = ASSIGNMENT.matcher(line);
        boolean assigns = assignment.matches();
        String right = assigns ? assignment.group(2) : line;
        if (!INSTRUCTIONS.contains(right.split("[^a-z]", 2)[0])) {
            if (!assigns) {
                throw new LiftException("not understood");
            }
            expressions.assign(assignment.group(1), right);
            return;
        }
        if (assigns) {
            assign(label, assignment.group(1), right, edges);
            return;
        }
        Matcher store = STORE.matcher(line);
        if (store.matches()) {
            memory.put(pointer(store.group(2)).key(), expressions.operand("i64", store.group(1)));
            return;
        }
        terminate(label, line, reached);
    }

    private void assign(String label, String register, String right, List<Edge> edges) {
        Matcher load = LOAD.matcher(right);
        Matcher gep = GEP.matcher(right);
        if (load.matches()) {
            Term word = memory.get(pointer(load.group(1)).key());
            if (word == null) {
                throw new LiftException("loads what the theorem does not give");
            }
            expressions.define(register, word);
        } else if (gep.matches()) {
            Pointer base = pointer(gep.group(1));
            pointers.put(register, new Pointer(base.parameter, base.offset + Integer.parseInt(gep.group(2))));
        } else if (right.startsWith("phi ")) {
            if (!label.equals(head)) {
                expressions.define(register, phi(right, edges));
            }
        } else {
            throw new LiftException("not understood");
        }
    }

    private Pointer pointer(String register) {
        Pointer pointer = pointers.get(register);
        if (pointer == null) {
            throw new LiftException(register + " points to no parameter's buffer");
        }
        return pointer;
    }

    private Term phi(String right, List<Edge> edges) {
        String type = right.substring("phi ".length(), right.indexOf(' ', "phi ".length()));
        Term value = null;
        Matcher arm = PHI.matcher(right);
        while (arm.find()) {
            for (Edge edge : edges) {
                if (edge.from.equals(arm.group(2)) && !edge.condition.isFalse()) {
                    Term one = expressions.operand(type, arm.group(1));
                    value = value == null ? one : terms.ite(edge.condition, one, value);
                    break;
                }
            }
        }
        if (value == null) {
            throw new LiftException("no way leads here");
        }
        return value;
    }

    private void terminate(String label, String line, Term reached) {
        Matcher branch = BRANCH.matcher(line);
        Matcher jump = JUMP.matcher(line);
        Matcher choice = SWITCH.matcher(line);
        Matcher ret = RETURN.matcher(line);
        if (branch.matches()) {
            Term taken = expressions.operand("i1", branch.group(1));
            go(label, branch.group(2), terms.and(reached, taken));
            go(label, branch.group(3), terms.and(reached, terms.not(taken)));
        } else if (jump.matches()) {
            go(label, jump.group(1), reached);
        } else if (choice.matches()) {
            Term rest = reached;
            Term number = expressions.operand(choice.group(1), choice.group(2));
            Matcher one = CASE.matcher(choice.group(4));
            while (one.find()) {
                Term here = terms.eq(number, terms.bv(number.width(), Long.parseLong(one.group(1))));
                go(label, one.group(2), terms.and(rest, here));
                rest = terms.and(rest, terms.not(here));
            }
            go(label, choice.group(3), rest);
        } else if (ret.matches()) {
            returnHere(reached, ret.group(1) == null ? null : expressions.operand(ret.group(1), ret.group(2)));
        } else if (!line.equals("unreachable")) {
            throw new LiftException("not understood");
        }
    }

    private void go(String from, String to, Term condition) {
        if (condition.isFalse()) {
            return;
        }
        List<Edge> edges = to.equals(head) ? toHead : incoming.computeIfAbsent(to, _ -> new ArrayList<>());
        edges.add(new Edge(from, condition, memory));
    }

    private void returnHere(Term reached, @Nullable Term value) {
        Edge before = end;
        if (before == null) {
            result = value;
            end = new Edge("", reached, memory);
        } else {
            Term old = result;
            result = value == null || old == null ? null : terms.ite(reached, value, old);
            end = new Edge("", terms.or(before.condition, reached), joinMemory(reached, memory, before.memory));
        }
    }
}
