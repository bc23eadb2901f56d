package org.bpfz.loader.api;

import java.util.Arrays;
import org.bpfz.loader.Variables;
import org.bpfz.spec.Bytes;
import org.bpfz.spec.btf.Btf;

/** A global variable of a loaded object, in its map. */
public final class VariableHandle {
    private static final byte[] ELEMENT = new byte[Integer.BYTES];

    private final MapHandle map;
    private final Variables.Place place;
    private final Btf types;

    VariableHandle(MapHandle map, Variables.Place place, Btf types) {
        this.map = map;
        this.place = place;
        this.types = types;
    }

    /** Its bytes now. */
    public TypedBytes get() {
        return new TypedBytes(types, place.type(),
                Arrays.copyOfRange(whole(), place.offset(), place.offset() + place.size()));
    }

    /** Its value now, where it is a number. */
    public long getLong() {
        return get().getLong("");
    }

    /**
     * Sets its bytes.
     *
     * @throws BpfCallException with EPERM for a variable that is read-only once it is loaded
     */
    public void set(byte[] value) {
        if (value.length != place.size()) {
            throw new IllegalArgumentException(
                    place.name() + " has " + place.size() + " bytes, and is given " + value.length);
        }
        byte[] whole = whole();
        System.arraycopy(value, 0, whole, place.offset(), value.length);
        map.update(ELEMENT, whole);
    }

    /** Sets its value, where it is a number. */
    public void setLong(long value) {
        set(get().setLong("", value).bytes());
    }

    private byte[] whole() {
        Bytes all = map.lookup(ELEMENT);
        if (all == null) {
            throw new IllegalStateException("an array without element 0");
        }
        return all.toArray();
    }
}
