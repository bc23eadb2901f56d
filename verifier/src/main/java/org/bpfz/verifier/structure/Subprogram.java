package org.bpfz.verifier.structure;

import java.util.List;
import org.bpfz.verifier.btf.Argument;
import org.jspecify.annotations.Nullable;

/** What is known of one function of the program (struct bpf_subprog_info, struct bpf_func_info_aux). */
public final class Subprogram {
    private final int start;
    private String name = "";
    private boolean global;
    private int typeId;
    private int stackDepth;
    private boolean tailCalls;
    private boolean packetLoads;
    private boolean callback;
    private boolean asyncCallback;
    private boolean exceptionCallback;
    private boolean changesPacketData;
    private boolean unreliable;
    private boolean called;
    private boolean verified;
    private @Nullable List<Argument> arguments;

    Subprogram(int start) {
        this.start = start;
    }

    /** The slot of the first instruction. */
    public int start() {
        return start;
    }

    /** The name from BTF, or the empty string. */
    public String name() {
        return name;
    }

    /** Whether it has global linkage: verified once, for any arguments that its prototype allows. */
    public boolean isGlobal() {
        return global;
    }

    /** The FUNC type from func_info, or 0. */
    public int typeId() {
        return typeId;
    }

    /** Takes what func_info says. */
    void describe(String newName, boolean isGlobal, int newTypeId) {
        name = newName;
        global = isGlobal;
        typeId = newTypeId;
    }

    /** The most bytes of stack that a path uses. */
    public int stackDepth() {
        return stackDepth;
    }

    public void setStackDepth(int bytes) {
        stackDepth = bytes;
    }

    /** Takes note of a use of the stack. */
    public void useStack(int bytes) {
        stackDepth = Math.max(stackDepth, bytes);
    }

    public boolean hasTailCalls() {
        return tailCalls;
    }

    void markTailCalls() {
        tailCalls = true;
    }

    /** Whether it has legacy packet loads (has_ld_abs). */
    public boolean hasPacketLoads() {
        return packetLoads;
    }

    void markPacketLoads() {
        packetLoads = true;
    }

    public boolean isCallback() {
        return callback;
    }

    public void markCallback() {
        callback = true;
    }

    public boolean isAsyncCallback() {
        return asyncCallback;
    }

    public void markAsyncCallback() {
        asyncCallback = true;
    }

    public boolean isExceptionCallback() {
        return exceptionCallback;
    }

    void markExceptionCallback() {
        callback = true;
        asyncCallback = true;
        exceptionCallback = true;
    }

    /** Whether a call may move the packet, so that no pointer into it stays. */
    public boolean changesPacketData() {
        return changesPacketData;
    }

    void markChangesPacketData() {
        changesPacketData = true;
    }

    /** Whether its BTF does not tell how it is called. */
    public boolean isUnreliable() {
        return unreliable;
    }

    public void markUnreliable() {
        unreliable = true;
    }

    /** Whether a call of it was seen; only such global functions are verified. */
    public boolean isCalled() {
        return called;
    }

    public void markCalled() {
        called = true;
    }

    public boolean isVerified() {
        return verified;
    }

    public void markVerified() {
        verified = true;
    }

    /** What its BTF says of its arguments, or null before anyone asked. */
    public @Nullable List<Argument> arguments() {
        return arguments;
    }

    public void setArguments(List<Argument> newArguments) {
        arguments = List.copyOf(newArguments);
    }
}
