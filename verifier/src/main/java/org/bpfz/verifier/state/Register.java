package org.bpfz.verifier.state;

import org.jspecify.annotations.Nullable;

/**
 * The place that holds a value: what is mutable of struct bpf_reg_state.
 *
 * <p>Beside the value it has what later instructions teach about its use. <b>Liveness</b>: a read travels up the chain of parents (the
 * same place in the saved states before) until it meets a write. <b>Precision</b>: whether the number matters for safety.
 */
public final class Register {
    /** Liveness: read with 32 bits. */
    public static final int READ32 = 1;
    /** Liveness: read with 64 bits. */
    public static final int READ64 = 2;
    /** Liveness: read. */
    public static final int READ = READ32 | READ64;
    /** Liveness: written before any read since the parent. */
    public static final int WRITTEN = 4;
    /** Liveness: no more marks will come. */
    public static final int DONE = 8;

    private Value value;
    private @Nullable Register parent;
    private byte live;
    private boolean precise;

    Register(Value value) {
        this.value = value;
    }

    /** A place outside of any state, for a value that an instruction carries itself. */
    public static Register detached(Value value) {
        return new Register(value);
    }

    /** A place with all the same, parent and liveness too. */
    public Register copy() {
        Register copy = new Register(value);
        copy.copyAll(this);
        return copy;
    }

    /** Everything from another place, parent and liveness too: a struct assignment in the kernel. */
    public void copyAll(Register from) {
        value = from.value;
        parent = from.parent;
        live = from.live;
        precise = from.precise;
    }

    /** Value and precision from another place; parent and liveness stay (copy_register_state). */
    public void copyValue(Register from) {
        value = from.value;
        precise = from.precise;
    }

    public Value value() {
        return value;
    }

    /** Replaces the value and leaves the precision as it was. */
    public void set(Value newValue) {
        value = newValue;
    }

    /** Replaces the value and the precision. */
    public void set(Value newValue, boolean newPrecise) {
        value = newValue;
        precise = newPrecise;
    }

    public boolean isPrecise() {
        return precise;
    }

    public void setPrecise(boolean newPrecise) {
        precise = newPrecise;
    }

    /** The same place in the last saved state, or null. */
    public @Nullable Register parent() {
        return parent;
    }

    public void setParent(@Nullable Register newParent) {
        parent = newParent;
    }

    /** The sum of the liveness constants. */
    public int live() {
        return live;
    }

    public boolean isLive(int anyOf) {
        return (live & anyOf) != 0;
    }

    public void setLive(int newLive) {
        live = (byte) newLive;
    }

    public void addLive(int more) {
        live |= (byte) more;
    }

    /** Marks a write that hides what was there from reads that follow. */
    public void markWritten() {
        live |= WRITTEN;
    }
}
