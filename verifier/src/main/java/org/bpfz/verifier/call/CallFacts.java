package org.bpfz.verifier.call;

import org.bpfz.verifier.access.RawMemory;
import org.bpfz.verifier.btf.Field;
import org.bpfz.verifier.state.MapObject;
import org.bpfz.spec.btf.Btf;
import org.jspecify.annotations.Nullable;

/** What the arguments of one helper call tell about each other and about the result (struct bpf_call_arg_meta). */
final class CallFacts implements RawMemory {
    final int helper;
    final boolean takesPackets;
    @Nullable
    MapObject map;
    int mapUid;
    boolean raw;
    int releasedRegister;
    int rawRegister;
    int rawSize;
    long allocatedSize;
    long maxSize;
    int refId;
    int dynptrId;
    int callback;
    @Nullable
    Btf resultBtf;
    int resultType;
    @Nullable
    Field kptr;

    CallFacts(int helper, boolean takesPackets) {
        this.helper = helper;
        this.takesPackets = takesPackets;
    }

    @Override
    public boolean isRaw() {
        return raw;
    }

    @Override
    public void defer(int register, int size) {
        rawRegister = register;
        rawSize = size;
    }
}
