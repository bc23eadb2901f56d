package org.bpfz.verifier.call;

import org.bpfz.spec.btf.Btf;
import org.bpfz.verifier.state.DynptrKind;
import org.bpfz.verifier.state.MapObject;
import org.bpfz.verifier.state.StackSlot;
import org.bpfz.verifier.state.State;
import org.jspecify.annotations.Nullable;

/** What the arguments of one call of a kernel function tell about each other and about the result (struct bpf_kfunc_call_arg_meta). */
final class KfuncFacts {
    final KernelFunction function;
    int refId;
    int releasedRegister;
    boolean constantFound;
    long constant;
    long resultSize;
    boolean resultReadOnly;
    boolean owningReference;
    @Nullable
    Btf objectBtf;
    int objectType;
    int resultType;
    @Nullable
    MapObject map;
    int mapUid;
    DynptrKind dynptr = DynptrKind.INVALID;
    int dynptrId;
    int dynptrReference;
    int iteratorFrame;
    int iteratorSlot;

    KfuncFacts(KernelFunction function) {
        this.function = function;
    }

    void setObject(Btf btf, int typeId) {
        objectBtf = btf;
        objectType = typeId;
    }

    /** The iterator's first slot in a state. */
    StackSlot iterator(State state) {
        return state.frame(iteratorFrame).slot(iteratorSlot);
    }
}
