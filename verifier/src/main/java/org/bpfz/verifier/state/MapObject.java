package org.bpfz.verifier.state;

import org.bpfz.spec.program.MapSpec;
import org.bpfz.spec.program.MapType;
import org.bpfz.verifier.btf.Fields;
import org.jspecify.annotations.Nullable;

/**
 * A map as the verifier sees it: its specification, what special fields its values have, and for a map of maps what the inner ones are
 * like. Two pointers are to the same map when the objects are the same.
 */
public final class MapObject {
    private final MapSpec spec;
    private final Fields fields;
    private final @Nullable MapObject inner;
    private final boolean typed;

    /**
     * @param fields the special fields of a value
     * @param inner  the template of the inner maps; null unless this is a map of maps
     * @param typed  whether the map came with BTF
     */
    public MapObject(MapSpec spec, Fields fields, @Nullable MapObject inner, boolean typed) {
        this.spec = spec;
        this.fields = fields;
        this.inner = inner;
        this.typed = typed;
    }

    public MapSpec spec() {
        return spec;
    }

    public MapType type() {
        return spec.type();
    }

    public int keySize() {
        return spec.keySize();
    }

    public int valueSize() {
        return spec.valueSize();
    }

    /** The special fields of a value (struct btf_record); none is an empty one. */
    public Fields fields() {
        return fields;
    }

    /** What the inner maps are like, or null. */
    public @Nullable MapObject inner() {
        return inner;
    }

    /** Whether the map came with BTF. */
    public boolean isTyped() {
        return typed;
    }

    /** The name as the kernel keeps it: 15 characters. */
    public String name() {
        String name = spec.name();
        return name.length() <= 15 ? name : name.substring(0, 15);
    }

    @Override
    public String toString() {
        return "map " + spec.name();
    }
}
