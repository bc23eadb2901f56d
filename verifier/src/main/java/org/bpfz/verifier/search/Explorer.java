package org.bpfz.verifier.search;

import org.bpfz.spec.Errno;
import org.bpfz.verifier.log.VerifierLog;
import org.bpfz.verifier.search.InstructionRules.Next;
import org.bpfz.verifier.state.State;
import org.bpfz.verifier.structure.Opcodes;

/** Follows every path of a function until it ends or comes to a state that covers it (do_check). */
public final class Explorer {
    /** How many instructions may be looked at (BPF_COMPLEXITY_LIMIT_INSNS). */
    public static final int MAX_INSTRUCTIONS = 1_000_000;

    private final Search search;
    private final InstructionRules rules;
    private final VerifierLog log;
    private final StateObserver observer;
    private boolean showState;

    public Explorer(Search search, InstructionRules rules, StateObserver observer) {
        this.observer = observer;
        this.search = search;
        this.rules = rules;
        log = search.log();
    }

    /** Follows all paths from a state; the search stands at the function's first instruction. */
    public void explore(State entry) {
        search.setState(entry);
        showState = false;
        int previous = -1;
        boolean more = true;
        while (more) {
            search.history().beginInstruction();
            search.setPreviousSlot(previous);
            checkLimits();
            search.state().lineage().setLastSlot(previous);
            int slot = search.slot();
            if (search.landmarks().isPrunePoint(slot) && search.checkpoints().isVisited(slot)) {
                traceSafe();
                more = next();
                previous = search.previousSlot();
                continue;
            }
            if (search.landmarks().isJumpPoint(slot)) {
                search.note(0);
            }
            trace();
            markSeen();
            if (!search.state().isSpeculative()) {
                observer.before(slot, search.state());
            }
            previous = slot;
            Next next = rules.apply(search.insn());
            switch (next) {
                case FOLLOWING -> search.setSlot(search.slot() + 1);
                case HERE -> {
                }
                case CALLER -> showState = true;
                case NOWHERE -> {
                    more = next();
                    previous = search.previousSlot();
                }
            }
        }
        search.checkpoints().clear();
        if (!log.isDetailed()) {
            log.reset(0);
        }
    }

    private void checkLimits() {
        int slot = search.slot();
        if (slot < 0 || slot >= search.code().length()) {
            throw search.reject(Errno.EFAULT, "invalid insn idx " + slot + " insn_cnt " + search.code().length());
        }
        int count = search.countInstruction();
        if (count > MAX_INSTRUCTIONS) {
            throw search.reject(Errno.E2BIG, "BPF program is too large. Processed " + count + " insn");
        }
    }

    private void markSeen() {
        if (!search.state().isSpeculative()) {
            search.notes().markSeen(search.slot());
            if (Opcodes.isLoadImm64(search.insn())) {
                search.notes().markSeen(search.slot() + 1);
            }
        }
    }

    /** Takes up the path that was left last; false when none is left. */
    private boolean next() {
        search.printer().touchAll();
        Loops.closeBranch(search.state());
        WorkList.Item item = search.work().pop();
        if (item == null) {
            return false;
        }
        if (!log.isDetailed()) {
            log.reset(item.logPosition());
        }
        search.setState(item.state());
        search.setSlot(item.slot());
        search.setPreviousSlot(item.previous());
        showState = true;
        return true;
    }

    private void traceSafe() {
        if (!log.isTracing()) {
            return;
        }
        if (showState) {
            log.line("\nfrom " + search.previousSlot() + " to " + search.slot() + speculation() + ": safe");
        } else {
            log.line(search.slot() + ": safe");
        }
    }

    private void trace() {
        if (log.isDetailed() && showState) {
            log.print("\nfrom " + search.previousSlot() + " to " + search.slot() + speculation() + ":");
            search.printer().printAll(search.state().frame());
            showState = false;
        }
        if (log.isTracing()) {
            search.trace().instruction();
        }
    }

    private String speculation() {
        return search.state().isSpeculative() ? " (speculative execution)" : "";
    }

    /** The last line of the log (print_verification_stats). */
    public String statistics() {
        Checkpoints checkpoints = search.checkpoints();
        return "processed " + search.instructions() + " insns (limit " + MAX_INSTRUCTIONS + ") max_states_per_insn "
                + checkpoints.maxAtSlot() + " total_states " + checkpoints.total() + " peak_states "
                + checkpoints.peak()
                + " mark_read " + search.liveness().longestWalk();
    }

    /** How many instructions were looked at. */
    public int instructions() {
        return search.instructions();
    }

    /** How many states were saved. */
    public int states() {
        return search.checkpoints().total();
    }

    /** How many states were kept at a time. */
    public int peakStates() {
        return search.checkpoints().peak();
    }
}
