package org.bpfz.oracle.calls;

import com.google.common.collect.ImmutableMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Names of the numbers that one kind of argument takes: values in some low bits, and flags in the others. */
final class SymbolTable {
    private final long mask;
    private final ImmutableMap<String, Long> values;
    private final ImmutableMap<String, Long> flags;

    private SymbolTable(long mask, ImmutableMap<String, Long> values, ImmutableMap<String, Long> flags) {
        this.mask = mask;
        this.values = values;
        this.flags = flags;
    }

    /** Numbers of which each has one name. */
    static SymbolTable ofValues(ImmutableMap<String, Long> values) {
        return new SymbolTable(-1, values, ImmutableMap.of());
    }

    /** Sums of flags; a flag that holds several bits must stand before those that hold some of them. */
    static SymbolTable ofFlags(ImmutableMap<String, Long> flags) {
        return new SymbolTable(0, ImmutableMap.of(), flags);
    }

    /** One value in the bits of the mask, and flags beside it. */
    static SymbolTable of(long mask, ImmutableMap<String, Long> values, ImmutableMap<String, Long> flags) {
        return new SymbolTable(mask, values, flags);
    }

    /** The number of a name; null if this table has no such name. */
    @Nullable
    Long value(String name) {
        Long value = values.get(name);
        return value != null ? value : flags.get(name);
    }

    /** The number of a name that this table has. */
    long valueOf(String name) {
        Long value = value(name);
        if (value == null) {
            throw new IllegalArgumentException(name);
        }
        return value;
    }

    /** The number in names, as strace prints it: {@code O_WRONLY|O_CREAT}; what has no name in hexadecimal. */
    String print(long number) {
        StringBuilder text = new StringBuilder();
        long rest = number;
        for (Map.Entry<String, Long> value : values.entrySet()) {
            if ((number & mask) == value.getValue()) {
                text.append(value.getKey());
                rest &= ~mask;
                break;
            }
        }
        for (Map.Entry<String, Long> flag : flags.entrySet()) {
            long bits = flag.getValue();
            if ((rest & bits) == bits) {
                text.append(text.isEmpty() ? "" : "|").append(flag.getKey());
                rest &= ~bits;
            }
        }
        if (rest != 0 || text.isEmpty()) {
            text.append(text.isEmpty() ? "" : "|").append(rest == 0 ? "0" : "0x" + Long.toHexString(rest));
        }
        return text.toString();
    }
}
