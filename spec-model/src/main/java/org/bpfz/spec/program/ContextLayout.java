package org.bpfz.spec.program;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the context of a program type looks like and which accesses the verifier lets through (contexts.txt).
 *
 * <p>A row grants; what no row grants is refused, with {@code invalid bpf_context access off=... size=...} and -EACCES.
 */
public final class ContextLayout {
    private static final Map<String, ContextLayout> ALL = ContextTable.read();

    /** A row and when it applies. */
    record Grant(ContextField field, Condition condition) {}

    private final String name;
    private final String struct;
    private final int size;
    private final String source;
    private final List<Grant> grants;

    ContextLayout(String name, String struct, int size, String source, List<Grant> grants) {
        this.name = name;
        this.struct = struct;
        this.size = size;
        this.source = source;
        this.grants = List.copyOf(grants);
    }

    /** The layout that {@link ProgramRule#context} names; another name is an {@link IllegalArgumentException}. */
    public static ContextLayout named(String name) {
        ContextLayout layout = ALL.get(name);
        if (layout == null) {
            throw new IllegalArgumentException("no layout " + name + " in contexts.txt");
        }
        return layout;
    }

    /** The layout of a program type's context; UNSPEC has none and is an {@link IllegalArgumentException}. */
    public static ContextLayout of(ProgramType type) {
        return named(ProgramRule.of(type).context());
    }

    /** Every layout, in the order of the table. */
    public static List<ContextLayout> all() {
        return List.copyOf(ALL.values());
    }

    /** {@code sched}. */
    public String name() {
        return name;
    }

    /** The structure that programs see: {@code __sk_buff}. */
    public String struct() {
        return struct;
    }

    /** Bytes of the structure. */
    public int size() {
        return size;
    }

    /** Where the kernel says so: function and file. */
    public String source() {
        return source;
    }

    /** The rows. */
    public List<ContextField> fields() {
        return grants.stream().map(Grant::field).toList();
    }

    /**
     * The row that lets an access through, or null where none does.
     *
     * @param offset     from the start of the context; any number
     * @param width      1, 2, 4 or 8 bytes
     * @param write      a store
     * @param signExtend a sign-extending load
     */
    public @Nullable ContextField access(int offset, int width, boolean write, boolean signExtend,
            ProgramTraits traits) {
        for (Grant grant : grants) {
            ContextField field = grant.field;
            if (field.covers(offset, width, write) && !(signExtend && field.pointer().isPacket())
                    && grant.condition.holds(traits)) {
                return field;
            }
        }
        return null;
    }
}
