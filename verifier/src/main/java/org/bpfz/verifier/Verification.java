package org.bpfz.verifier;

import java.util.ArrayList;
import java.util.List;
import org.bpfz.spec.Errno;
import org.bpfz.spec.btf.LineInfo;
import org.bpfz.spec.btf.ProgramBtf;
import org.bpfz.spec.isa.Instruction.ImmKind;
import org.bpfz.spec.program.Capability;
import org.bpfz.spec.program.MapSpec;
import org.bpfz.spec.program.ProgramImage;
import org.bpfz.spec.program.ProgramRule;
import org.bpfz.spec.program.ProgramTraits;
import org.bpfz.verifier.Verdict.Statistics;
import org.bpfz.verifier.btf.Argument;
import org.bpfz.verifier.btf.FieldFinder;
import org.bpfz.verifier.btf.Fields;
import org.bpfz.verifier.btf.KernelTypes;
import org.bpfz.verifier.call.CallTraits;
import org.bpfz.verifier.call.KernelFunctions;
import org.bpfz.verifier.log.SourceLines;
import org.bpfz.verifier.log.VerifierLog;
import org.bpfz.verifier.search.Explorer;
import org.bpfz.verifier.search.Search;
import org.bpfz.verifier.search.StateObserver;
import org.bpfz.verifier.state.Frame;
import org.bpfz.verifier.state.Kind;
import org.bpfz.verifier.state.Lineage;
import org.bpfz.verifier.state.MapObject;
import org.bpfz.verifier.state.State;
import org.bpfz.verifier.state.Value;
import org.bpfz.verifier.structure.AttachTarget;
import org.bpfz.verifier.structure.Code;
import org.bpfz.verifier.structure.ControlFlow;
import org.bpfz.verifier.structure.FunctionInfo;
import org.bpfz.verifier.structure.ImmediateChecks;
import org.bpfz.verifier.structure.KernelVariables;
import org.bpfz.verifier.structure.Landmarks;
import org.bpfz.verifier.structure.MapRules;
import org.bpfz.verifier.structure.Opcodes;
import org.bpfz.verifier.structure.StackDepth;
import org.bpfz.verifier.structure.Subprogram;
import org.bpfz.verifier.structure.Subprograms;
import org.bpfz.verifier.transfer.Instructions;
import org.jspecify.annotations.Nullable;

/** One run of the pipeline; what is known when it ends, early or not, is still there to be asked. */
final class Verification {
    private static final int MAX_UNPRIVILEGED_INSTRUCTIONS = 4096;

    private final ProgramImage image;
    private final Options options;
    private final VerifierLog log;
    private final StateObserver observer;
    private final Code code;
    private final SourceLines lines;
    private final KernelTypes types;
    private final ProgramTraits traits;
    private final KernelFunctions kernelFunctions;
    private final CallTraits calls;
    private @Nullable Subprograms subprograms;
    private boolean deadCodeRemoved;
    private @Nullable Search search;
    private @Nullable Explorer explorer;

    Verification(ProgramImage image, Options options, VerifierLog log, StateObserver observer) {
        this.observer = observer;
        this.image = image;
        this.options = options;
        this.log = log;
        code = new Code(image.code());
        ProgramBtf btf = image.btf();
        lines = new SourceLines(btf == null ? List.of() : btf.lines(), log);
        types = new KernelTypes(options.kernelBtf(), btf, log);
        traits = new ProgramTraits(image.type(), image.attachType(), image.attachTarget(),
                image.sleepable() || options.has(Options.SLEEPABLE), options.capabilities(), options.readings());
        kernelFunctions = new KernelFunctions(options.kernelBtf(), traits);
        calls = new CallTraits(traits, options.helperNumbers(), kernelFunctions);
    }

    void run() {
        checkLoad();
        FunctionInfo functions = new FunctionInfo(image.btf(), log);
        functions.checkEarly();
        Subprograms found = Subprograms.find(code, log, options.has(Capability.BPF),
                slot -> kernelFunctions.resolve(code.at(slot), slot, image.isGplCompatible(), log),
                functions.exceptionCallback());
        subprograms = found;
        found.check(code, log);
        functions.check(code, found);
        List<MapObject> maps = maps();
        KernelVariables variables = new KernelVariables(options.kernelBtf(), log);
        new ImmediateChecks(code, maps, new MapRules(traits, log), variables, log).check();
        Landmarks landmarks = new ControlFlow(code, found, calls, log, lines, options.has(Capability.BPF)).walk();
        new AttachTarget(image, traits, options.kernelBtf(), log).check();
        search = new Search(image, options, traits, code, found, landmarks, calls, maps, log, lines, calls);
        search.setObserved(!observer.equals(StateObserver.NONE));
        search.fastcall().find(code, landmarks, calls);
        explore(search, found, variables);
        search.fastcall().shrinkStacks();
        new StackDepth(code, found, log).check();
        new Rewriting(code, found, search).apply();
        deadCodeRemoved = options.has(Capability.BPF);
        if (deadCodeRemoved) {
            checkTakenAddresses(found);
        }
    }

    /**
     * The address of a function that no path comes to can not be resolved once dead code is out: opt_remove_dead_code lets it point to where the
     * function was, and jit_subprogs fails unless another function begins there by then.
     */
    private void checkTakenAddresses(Subprograms functions) {
        int last = functions.count() - 1;
        while (last > 0 && !isReached(functions, last)) {
            last--;
        }
        if (last == 0) {
            return;
        }
        for (int slot = 0; slot < code.length(); slot++) {
            boolean taken = Opcodes.isLoadImm64(code.at(slot)) && code.at(slot).src() == ImmKind.FUNC.ordinal()
                    && search != null && search.notes().isSeen(slot);
            if (taken && functions.find(code.function(slot)) > last) {
                throw new Rejection(Errno.EFAULT, slot);
            }
        }
    }

    /** What BPF_PROG_LOAD asks before the verifier runs (bpf_prog_load). */
    private void checkLoad() {
        ProgramRule rule = ProgramRule.of(image.type());
        boolean capable = options.has(Capability.BPF);
        int limit = capable ? Explorer.MAX_INSTRUCTIONS : MAX_UNPRIVILEGED_INSTRUCTIONS;
        if (code.length() == 0 || code.length() > limit) {
            throw log.reject(Errno.E2BIG, 0, code.length() + " instructions are not between 1 and " + limit);
        }
        for (Capability needed : rule.needs()) {
            if (!options.has(needed)) {
                throw log.reject(Errno.EPERM, 0,
                        "loading a " + image.type().toolName() + " program takes " + needed.kernelName());
            }
        }
        if (!rule.acceptsExpected(image.attachType())) {
            throw log.reject(Errno.EINVAL, 0, "a " + image.type().toolName() + " program can't have the attach type "
                    + image.attachType());
        }
    }

    private List<MapObject> maps() {
        List<MapObject> maps = new ArrayList<>();
        for (MapSpec spec : image.maps()) {
            maps.add(map(spec));
        }
        return maps;
    }

    private MapObject map(MapSpec spec) {
        ProgramBtf btf = image.btf();
        boolean typed = btf != null && spec.btfValueTypeId() != 0;
        Fields fields = typed && btf != null
                ? new FieldFinder(btf.btf(), types).ofValue(spec.btfValueTypeId())
                : Fields.NONE;
        MapSpec inner = spec.inner();
        return new MapObject(spec, fields, inner == null ? null : map(nameless(inner)), typed);
    }

    /** The kernel keeps no name for what inner maps are like (bpf_map_meta_alloc). */
    private static MapSpec nameless(MapSpec spec) {
        return new MapSpec("", spec.type(), spec.keySize(), spec.valueSize(), spec.maxEntries(), spec.flags(),
                spec.mapExtra(), spec.initial(), spec.frozen(), spec.btfKeyTypeId(), spec.btfValueTypeId(),
                spec.inner());
    }

    /** The main function, then each global function that was called, as long as there are any (do_check_subprogs). */
    private void explore(Search started, Subprograms functions, KernelVariables variables) {
        Instructions rules = new Instructions(started, types, calls, kernelFunctions, variables);
        Explorer running = new Explorer(started, rules, observer);
        explorer = running;
        exploreMain(started, functions, rules, running);
        boolean more = true;
        while (more) {
            more = false;
            for (int i = 1; i < functions.count(); i++) {
                Subprogram function = functions.get(i);
                boolean due = function.isGlobal() && !function.isVerified()
                        && (function.isCalled() || i == functions.exceptionCallback());
                if (due) {
                    exploreGlobal(started, function, i, rules, running);
                    function.markVerified();
                    more = true;
                }
            }
        }
    }

    private void exploreMain(Search started, Subprograms functions, Instructions rules, Explorer running) {
        State entry = new State(new Frame(Frame.NO_CALLER, 0, 0), Lineage.root(0));
        started.printer().touchAll();
        if (image.btf() != null) {
            checkMainPrototype(functions.get(0), rules);
        }
        entry.frame().register(1).set(Value.pointer(Kind.CTX));
        started.setSlot(0);
        running.explore(entry);
    }

    /** A main function that does not take just the context can't be called by its prototype. */
    private void checkMainPrototype(Subprogram main, Instructions rules) {
        try {
            List<Argument> arguments = rules.globals().arguments(0);
            if (arguments.size() != 1 || arguments.getFirst().kind() != Argument.Kind.CTX) {
                main.markUnreliable();
            }
        } catch (Rejection _) {
            main.markUnreliable();
        }
    }

    private void exploreGlobal(Search started, Subprogram function, int index, Instructions rules, Explorer running) {
        lines.forget();
        started.setSlot(function.start());
        State entry = new State(new Frame(Frame.NO_CALLER, 0, index), Lineage.root(function.start()));
        started.printer().touchAll();
        log.line("Validating " + function.name() + "() func#" + index + "...");
        List<Argument> arguments = rules.globals().arguments(index);
        if (function.isExceptionCallback()) {
            entry.frame().enterExceptionCallback();
            if (arguments.size() != 1 || arguments.getFirst().kind() != Argument.Kind.ANYTHING) {
                throw log.reject(Errno.EINVAL, "exception cb only supports single integer argument");
            }
        }
        rules.globals().prepare(entry.frame(), arguments);
        running.explore(entry);
        if (log.isTracing()) {
            log.line("Func#" + index + " ('" + function.name() + "') is safe for any args that match its prototype");
        }
    }

    int slot() {
        return search == null ? 0 : search.slot();
    }

    @Nullable
    LineInfo lineAt(int slot) {
        return lines.at(slot);
    }

    /** Ends the log, where there is one. */
    void printStatistics() {
        if (!log.isOn()) {
            return;
        }
        if (log.hasStats()) {
            log.line("stack depth " + String.join("+", stackDepths().stream().map(String::valueOf).toList()));
        }
        log.line(explorer == null
                ? "processed 0 insns (limit " + Explorer.MAX_INSTRUCTIONS
                        + ") max_states_per_insn 0 total_states 0 peak_states 0 mark_read 0"
                : explorer.statistics());
    }

    private List<Integer> stackDepths() {
        List<Integer> depths = new ArrayList<>();
        for (int i = 0; subprograms != null && i < subprograms.count(); i++) {
            if (i == 0 || !deadCodeRemoved || isReached(subprograms, i)) {
                depths.add(subprograms.get(i).stackDepth());
            }
        }
        return depths;
    }

    /** A function that no path comes to is taken out of an accepted program (opt_remove_dead_code). */
    private boolean isReached(Subprograms functions, int index) {
        for (int slot = functions.get(index).start(); slot < functions.end(index); slot++) {
            if (search != null && search.notes().isSeen(slot)) {
                return true;
            }
        }
        return false;
    }

    Statistics statistics() {
        return explorer == null
                ? new Statistics(0, 0, 0, stackDepths())
                : new Statistics(explorer.instructions(), explorer.states(), explorer.peakStates(), stackDepths());
    }

    Facts facts() {
        if (search == null || subprograms == null) {
            throw new IllegalStateException("nothing was verified");
        }
        List<Integer> functions = new ArrayList<>();
        for (int i = 0; i < subprograms.count(); i++) {
            functions.add(subprograms.get(i).start());
        }
        return search.notes().facts(stackDepths(), image.code(), functions);
    }
}
