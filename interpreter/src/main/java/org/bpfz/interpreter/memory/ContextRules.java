package org.bpfz.interpreter.memory;

import org.bpfz.spec.memory.Layout;
import org.bpfz.spec.program.ContextField;
import org.bpfz.spec.program.ContextLayout;
import org.bpfz.spec.program.ProgramImage;
import org.bpfz.spec.program.ProgramTraits;
import org.bpfz.spec.program.ProgramType;
import org.jspecify.annotations.Nullable;

/**
 * Which bytes of a run's context programs may write, and which fields are pointers around the packet in place of the bytes that are there.
 *
 * @param layout     the program type's, or null for plain memory
 * @param traits     of the program
 * @param writable   whether there is anything that programs may write; all of plain memory is
 * @param packetSize bytes of the packet
 */
public record ContextRules(@Nullable ContextLayout layout, @Nullable ProgramTraits traits, boolean writable,
        int packetSize) {
    /** Plain memory. */
    public static final ContextRules PLAIN = new ContextRules(null, null, true, 0);

    /** What holds for a program of this image where there is no packet. */
    public static ContextRules of(ProgramImage image) {
        if (image.type() == ProgramType.UNSPEC) {
            return PLAIN;
        }
        ContextLayout layout = ContextLayout.of(image.type());
        boolean writable = layout.fields().stream().anyMatch(field -> field.writes() != 0);
        return new ContextRules(layout, ProgramTraits.of(image), writable, 0);
    }

    /** The same with a packet of so many bytes. */
    public ContextRules withPacket(int size) {
        return size == packetSize ? this : new ContextRules(layout, traits, writable, size);
    }

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

    boolean isWritable(int offset, int size) {
        return field(offset, size, true, false) != null;
    }

    private @Nullable ContextField field(int offset, int size, boolean write, boolean signed) {
        return layout == null || traits == null ? null : layout.access(offset, size, write, signed, traits);
    }
}
