package org.bpfz.spec.isa;

import java.util.Locale;

/** The conformance groups of RFC 9669, section 2.4, and beside them what only Linux has. */
public enum ConformanceGroup {
    /** What every implementation has. */
    BASE32,
    /** Includes base32. */
    BASE64,
    ATOMIC32,
    /** Includes atomic32. */
    ATOMIC64,
    DIVMUL32,
    /** Includes divmul32. */
    DIVMUL64,
    /** The deprecated packet loads. */
    PACKET,
    /** No group of the standard: Linux 6.12 has these beyond it. */
    LINUX;

    /** The group's name in the standard: {@code divmul64}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether an implementation of this group has all instructions of the other group as well. */
    public boolean includes(ConformanceGroup other) {
        return this == other || switch (this) {
            case BASE64 -> other == BASE32;
            case ATOMIC64 -> other == ATOMIC32;
            case DIVMUL64 -> other == DIVMUL32;
            case BASE32, ATOMIC32, DIVMUL32, PACKET, LINUX -> false;
        };
    }
}
