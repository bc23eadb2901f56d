package org.bpfz.interpreter.memory;

import org.bpfz.spec.memory.Layout;
import org.bpfz.spec.program.ContextField;
import org.bpfz.spec.program.ContextLayout;
import org.bpfz.spec.program.ProgramTraits;
import org.jspecify.annotations.Nullable;

/**
 * Which bytes of a run's context programs may write, and which fields are pointers around the packet in place of the bytes that are there.
 *
 * @param layout     the program type's, or null for plain memory
 * @param traits     of the program
 * @param packetSize bytes of the packet
 */
public record ContextRules(@Nullable ContextLayout layout, @Nullable ProgramTraits traits, int packetSize) {
    /** Plain memory. */
    public static final ContextRules PLAIN = new ContextRules(null, null, 0);

    /** The address that a load of the field yields, or 0 where it yields the bytes. */
    long pointer(int offset, int size, boolean signed) {
        ContextField field = field(offset, size, false, signed);
        if (field == null || !field.pointer().isPacket()) {
            return 0;
        }
        return switch (field.pointer()) {
            case PACKET_END -> Layout.PACKET + packetSize;
            default -> Layout.PACKET;
        };
    }

    /** Whether there is anything that programs may write; all of plain memory. */
    boolean hasWritableFields() {
        return layout == null || layout.fields().stream().anyMatch(field -> field.writes() != 0);
    }

    boolean isWritable(int offset, int size) {
        return field(offset, size, true, false) != null;
    }

    private @Nullable ContextField field(int offset, int size, boolean write, boolean signed) {
        return layout == null || traits == null ? null : layout.access(offset, size, write, signed, traits);
    }
}
