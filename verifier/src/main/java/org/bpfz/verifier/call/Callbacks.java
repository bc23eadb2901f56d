package org.bpfz.verifier.call;

import org.bpfz.spec.Errno;
import org.bpfz.spec.btf.Btf;
import org.bpfz.spec.isa.Reg;
import org.bpfz.spec.program.MapType;
import org.bpfz.verifier.btf.KernelTypes;
import org.bpfz.verifier.search.Search;
import org.bpfz.verifier.state.DynptrKind;
import org.bpfz.verifier.state.Frame;
import org.bpfz.verifier.state.Kind;
import org.bpfz.verifier.state.Lineage;
import org.bpfz.verifier.state.MapObject;
import org.bpfz.verifier.state.Payload;
import org.bpfz.verifier.state.Register;
import org.bpfz.verifier.state.ReturnRange;
import org.bpfz.verifier.state.State;
import org.bpfz.verifier.state.Value;
import org.bpfz.verifier.structure.Subprogram;

/**
 * Callbacks: the path goes on behind the call as if the callback had not run, and another one runs the callback and comes back to the
 * call, so that any number of runs is covered (push_callback_call and its set_*_callback_state functions).
 */
public final class Callbacks {
    private static final ReturnRange ZERO_OR_ONE = new ReturnRange(0, 1);

    private final Search search;
    private final LocalCalls calls;
    private final KernelTypes types;

    public Callbacks(Search search, LocalCalls calls, KernelTypes types) {
        this.search = search;
        this.calls = calls;
        this.types = types;
    }

    /** bpf_loop: the callback runs once more unless it ran as often as it may. */
    void loop(int callback) {
        checkLoopFlags(callback);
        search.precision().require(Reg.R1.ordinal());
        Frame frame = search.state().frame();
        long most = search.value(Reg.R1.ordinal()).number().wide().umax();
        if (Long.compareUnsigned(frame.callbackDepth(), most) < 0) {
            push(HelperId.LOOP, callback);
            return;
        }
        frame.setCallbackDepth(0);
        if (search.log().isDetailed()) {
            search.log().line("frame" + search.state().depth() + " bpf_loop iteration limit reached");
        }
    }

    /** As long as the call always has the same callback and no flags, the kernel inlines it and relies on the flags. */
    private void checkLoopFlags(int callback) {
        if (search.notes().mayInlineLoop(search.slot())) {
            boolean zero = search.value(Reg.R4.ordinal()).isNull();
            if (zero) {
                search.precision().require(Reg.R4.ordinal());
            }
            search.notes().noteLoop(search.slot(), callback, zero);
        }
    }

    /** A helper that runs, or arms, a callback. */
    void push(int helper, int callback) {
        State state = search.state();
        Frame caller = state.frame();
        calls.checkArguments(callback);
        Subprogram subprogram = search.subprograms().get(callback);
        subprogram.markCallback();
        if (helper == HelperId.TIMER_SET_CALLBACK) {
            subprogram.markAsyncCallback();
            arm(caller, callback, subprogram);
            return;
        }
        State run = search.pushLater(subprogram.start(), search.slot(), false);
        calls.enter(run, callback, search.slot(), (from, callee) -> prepare(helper, from, callee));
        run.incrementCallbackUnrollDepth();
        Frame runCaller = run.frame(run.depth() - 1);
        runCaller.setCallbackDepth(runCaller.callbackDepth() + 1);
        caller.setCallbackDepth(0);
    }

    private void arm(Frame caller, int callback, Subprogram subprogram) {
        Frame callee = new Frame(Frame.NO_CALLER, 0, callback);
        search.printer().touchAll();
        State later = new State(callee, Lineage.asyncRoot(search.historyEnd()));
        search.pushAsync(later, subprogram.start(), search.slot());
        callee.setAsyncEntries(caller.asyncEntries() + 1);
        Value map = caller.register(Reg.R1.ordinal()).value();
        Payload.OfMap of = new Payload.OfMap(map.map(), map.mapUid());
        callee.register(Reg.R1.ordinal()).set(Value.pointer(Kind.CONST_MAP.plain(), of));
        callee.register(Reg.R2.ordinal()).set(Value.pointer(Kind.MAP_KEY.plain(), of));
        callee.register(Reg.R3.ordinal()).set(Value.pointer(Kind.MAP_VALUE.plain(), of));
        callee.enterAsyncCallback(ZERO_OR_ONE);
    }

    /** What the helper passes to its callback. */
    private void prepare(int helper, Frame caller, Frame callee) {
        switch (helper) {
            case HelperId.FOR_EACH_MAP_ELEM -> prepareMapElement(caller, callee);
            case HelperId.LOOP -> {
                callee.register(Reg.R1.ordinal()).set(Value.ANY_NUMBER);
                callee.register(Reg.R2.ordinal()).copyAll(caller.register(Reg.R3.ordinal()));
            }
            case HelperId.FIND_VMA -> prepareVma(caller, callee);
            default -> {
                callee.register(Reg.R1.ordinal()).set(Dynptrs.constant(DynptrKind.LOCAL, true, search.nextId()));
                callee.register(Reg.R2.ordinal()).copyAll(caller.register(Reg.R3.ordinal()));
            }
        }
        callee.enterCallback(ZERO_OR_ONE);
    }

    private void prepareMapElement(Frame caller, Frame callee) {
        Register map = caller.register(Reg.R1.ordinal());
        MapObject called = search.notes().calledMap(search.slot());
        if (called == null || !mayIterate(called.type())) {
            throw search.reject(Errno.ENOTSUPP, "callback function not allowed for map");
        }
        Payload of = new Payload.OfMap(map.value().map(), map.value().mapUid());
        callee.register(Reg.R1.ordinal()).copyAll(map);
        callee.register(Reg.R2.ordinal()).set(Value.pointer(Kind.MAP_KEY.plain(), of));
        callee.register(Reg.R3.ordinal()).set(Value.pointer(Kind.MAP_VALUE.plain(), of));
        callee.register(Reg.R4.ordinal()).copyAll(caller.register(Reg.R3.ordinal()));
    }

    private static boolean mayIterate(MapType type) {
        return switch (type) {
            case HASH, LRU_HASH, PERCPU_HASH, LRU_PERCPU_HASH, ARRAY, PERCPU_ARRAY -> true;
            default -> false;
        };
    }

    private void prepareVma(Frame caller, Frame callee) {
        Btf kernel = types.kernel();
        int vma = types.structNamed("vm_area_struct");
        if (kernel == null || vma == 0) {
            throw search.reject(Errno.EINVAL, "the kernel's types are needed for the callback of bpf_find_vma");
        }
        callee.register(Reg.R1.ordinal()).copyAll(caller.register(Reg.R1.ordinal()));
        callee.register(Reg.R2.ordinal()).set(Value.pointer(Kind.BTF_ID.plain(), new Payload.OfBtf(kernel, vma)));
        callee.register(Reg.R3.ordinal()).copyAll(caller.register(Reg.R4.ordinal()));
    }
}
