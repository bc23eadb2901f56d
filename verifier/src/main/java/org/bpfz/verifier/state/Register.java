package org.bpfz.verifier.state;

import org.jspecify.annotations.Nullable;

/**
 * The place that holds a value: what is mutable of struct bpf_reg_state. An object of this class is a view of the place; two of one place are
 * equal.
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

    private final Places places;
    private final int place;

    Register(Places places, int place) {
        this.places = places;
        this.place = place;
    }

    /** A place outside of any state, for a value that an instruction carries itself. */
    public static Register detached(Value value) {
        Register register = new Register(new Places(1), 0);
        register.set(value);
        return register;
    }

    /** Everything from another place, parent and liveness too: a struct assignment in the kernel. */
    public void copyAll(Register from) {
        places.setValue(place, from.value());
        places.setParent(place, from.parent());
        places.setMarks(place, from.places.marks(from.place));
    }

    /** Value and precision from another place; parent and liveness stay (copy_register_state). */
    public void copyValue(Register from) {
        set(from.value(), from.isPrecise());
    }

    public Value value() {
        return places.value(place);
    }

    /** Replaces the value and leaves the precision as it was. */
    public void set(Value newValue) {
        places.setValue(place, newValue);
    }

    /** Replaces the value and the precision. */
    public void set(Value newValue, boolean newPrecise) {
        places.setValue(place, newValue);
        setPrecise(newPrecise);
    }

    public boolean isPrecise() {
        return (places.marks(place) & Places.PRECISE) != 0;
    }

    public void setPrecise(boolean newPrecise) {
        places.setMarks(place, places.live(place) | (newPrecise ? Places.PRECISE : 0));
    }

    /** The same place in the last saved state, or null. */
    public @Nullable Register parent() {
        return places.parent(place);
    }

    /** The sum of the liveness constants. */
    public int live() {
        return places.live(place);
    }

    public boolean isLive(int anyOf) {
        return (places.live(place) & anyOf) != 0;
    }

    public void setLive(int newLive) {
        places.setLive(place, newLive);
    }

    public void addLive(int more) {
        places.setLive(place, places.live(place) | more);
    }

    /** Marks a write that hides what was there from reads that follow. */
    public void markWritten() {
        addLive(WRITTEN);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Register register && register.places == places && register.place == place;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(places) * 31 + place;
    }
}
