package org.bpfz.verifier.call;

import org.bpfz.spec.Errno;
import org.bpfz.spec.isa.Reg;
import org.bpfz.verifier.Rejection;
import org.bpfz.verifier.log.VerifierLog;
import org.bpfz.verifier.search.Search;
import org.bpfz.verifier.state.Frame;
import org.bpfz.verifier.state.Kind;
import org.bpfz.verifier.state.Register;
import org.bpfz.verifier.state.ReturnRange;
import org.bpfz.verifier.state.State;
import org.bpfz.verifier.structure.Subprogram;
import org.jspecify.annotations.Nullable;

/**
 * Calls between the program's own functions and the way back: a static one is followed, a global one is taken at its prototype's word
 * (check_func_call, prepare_func_exit).
 */
public final class LocalCalls {
    /** Fills the registers of a frame that is entered. */
    interface Entry {
        void prepare(Frame caller, Frame callee);
    }

    private final Search search;
    private final GlobalFunctions globals;

    public LocalCalls(Search search, GlobalFunctions globals) {
        this.search = search;
        this.globals = globals;
    }

    /** Follows the call, or steps over it. */
    public void call() {
        int index = search.subprograms().find(search.code().function(search.slot()));
        State state = search.state();
        Frame caller = state.frame();
        Rejection mismatch = checkArguments(index);
        Subprogram subprogram = search.subprograms().get(index);
        if (subprogram.isGlobal()) {
            callGlobal(index, subprogram, caller, mismatch);
            return;
        }
        enter(state, index, search.slot(), LocalCalls::passArguments);
        search.clearCallerSaved(caller);
        search.setSlot(subprogram.start() - 1);
        if (search.log().isTracing()) {
            VerifierLog log = search.log();
            log.line("caller:");
            search.printer().printAll(caller);
            log.line("callee:");
            search.printer().printAll(state.frame());
        }
    }

    /** Holds the registers against the function's prototype; what is wrong, or null. Only a broken prototype ends the search. */
    @Nullable
    Rejection checkArguments(int index) {
        try {
            globals.checkCall(index);
            return null;
        } catch (Rejection rejection) {
            if (rejection.errno() == Errno.EFAULT) {
                throw rejection;
            }
            return rejection;
        }
    }

    private void callGlobal(int index, Subprogram subprogram, Frame caller, @Nullable Rejection mismatch) {
        if (search.state().lock() != null) {
            throw search.reject(Errno.EINVAL,
                    "global function calls are not allowed while holding a lock,\nuse static function instead");
        }
        if (search.state().preemptLocks() != 0) {
            throw search.reject(Errno.EINVAL,
                    "global function calls are not allowed with preemption disabled,\nuse static function instead");
        }
        if (mismatch != null) {
            throw search.reject(mismatch.errno(),
                    "Caller passes invalid args into func#" + index + " ('" + subprogram.name() + "')");
        }
        search.log().line("Func#" + index + " ('" + subprogram.name() + "') is global and assumed valid.");
        if (subprogram.changesPacketData()) {
            HelperCalls.forgetPackets(search);
        }
        subprogram.markCalled();
        search.clearCallerSaved(caller);
        search.forget(caller.register(0));
    }

    /** Adds a frame for a function (setup_func_entry). */
    void enter(State state, int index, int callSite, Entry entry) {
        if (state.depth() + 1 >= State.MAX_FRAMES) {
            throw search.reject(Errno.E2BIG, "the call stack of " + (state.depth() + 2) + " frames is too deep");
        }
        Frame caller = state.frame();
        Frame callee = new Frame(callSite, state.depth() + 1, index);
        search.printer().touchAll();
        callee.takeReferences(caller);
        entry.prepare(caller, callee);
        state.push(callee);
    }

    private static void passArguments(Frame caller, Frame callee) {
        for (int i = Reg.R1.ordinal(); i <= Reg.R5.ordinal(); i++) {
            callee.register(i).copyAll(caller.register(i));
        }
    }

    /** Leaves the innermost function; the search goes on in its caller. */
    public void leave() {
        State state = search.state();
        Frame callee = state.frame();
        Frame caller = state.frame(state.depth() - 1);
        Register r0 = callee.register(0);
        if (r0.value().is(Kind.STACK)) {
            throw search.reject(Errno.EINVAL, "cannot return stack pointer to the caller");
        }
        if (callee.isCallback()) {
            checkCallbackResult(callee, r0);
        } else {
            caller.register(0).copyAll(r0);
            caller.takeReferences(callee);
        }
        boolean callback = callee.isCallback();
        int next = callback ? callee.callSite() : callee.callSite() + 1;
        search.setSlot(next);
        if (search.log().isTracing()) {
            search.log().line("returning from callee:");
            search.printer().printAll(callee);
            search.log().line("to caller at " + next + ":");
            search.printer().printAll(caller);
        }
        state.pop();
        State before = callback ? search.openAncestor(state, next) : null;
        if (before != null) {
            search.widen(before, state);
        }
    }

    private void checkCallbackResult(Frame callee, Register r0) {
        if (!r0.value().isScalar()) {
            throw search.reject(Errno.EACCES, "R0 not a scalar value");
        }
        search.liveness().markRead(r0);
        search.precision().require(0);
        ReturnRange range = callee.callbackRange();
        if (!ReturnChecks.isWithin(range, r0.value())) {
            throw search.reject(Errno.EINVAL,
                    ReturnChecks.outside(r0.value(), range, "At callback return", "R0"));
        }
    }
}
