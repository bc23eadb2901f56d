package org.bpfz.spec.program;

import org.jspecify.annotations.Nullable;

/**
 * One row of what a program may do to its context: which accesses of one field are let through, and when.
 *
 * @param name      the field's name in the structure
 * @param offset    of its first byte in the context
 * @param size      bytes; accesses end inside of them
 * @param reads     the sum of the widths of loads that are let through, in bytes
 * @param writes    the sum of the widths of stores that are let through, in bytes
 * @param startOnly whether they are let through at {@code offset} only, or at every multiple of the width inside the field
 * @param pointer   what a load yields
 * @param struct    the structure behind a {@link ContextPointer#TRUSTED} pointer, otherwise null
 * @param condition as the table writes it; empty where the row always applies
 */
public record ContextField(String name, int offset, int size, int reads, int writes, boolean startOnly,
        ContextPointer pointer, @Nullable String struct, String condition) {

    /** Whether a load or store of this width (1, 2, 4 or 8) at this offset of the context is among those let through. */
    public boolean covers(int at, int width, boolean write) {
        return at >= offset && at <= offset + size - width && at % width == 0 && (!startOnly || at == offset)
                && ((write ? writes : reads) & width) != 0;
    }
}
