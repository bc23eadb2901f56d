package org.bpfz.spec.machine;

import org.bpfz.spec.Bytes;
import org.bpfz.spec.engine.Invocation;
import org.bpfz.spec.memory.Access;
import org.bpfz.spec.memory.Block;
import org.bpfz.spec.memory.Layout;
import org.bpfz.spec.memory.Memory;
import org.bpfz.spec.memory.Region;
import org.bpfz.spec.memory.RegionKind;
import org.bpfz.spec.memory.Violation;
import org.bpfz.spec.memory.ViolationException;
import org.bpfz.spec.memory.Word;
import org.bpfz.spec.program.ContextField;
import org.bpfz.spec.program.ContextLayout;
import org.bpfz.spec.program.ProgramImage;
import org.bpfz.spec.program.ProgramTraits;
import org.bpfz.spec.program.ProgramType;
import org.jspecify.annotations.Nullable;

/**
 * What a run is given to work on: the context or raw memory, and the packet. It outlives the run, so that a series of runs shares it.
 *
 * <p>Which fields of a context may be written, and which of them are pointers around the packet in place of the bytes that are there, says
 * the program type's {@link ContextLayout}. In a kernel the verifier rewrites such accesses (convert_ctx_accesses in kernel/bpf/verifier.c).
 */
final class Surroundings {
    private final Block context;
    private final Block packet;
    private final @Nullable ContextLayout layout;
    private final ProgramTraits traits;

    private Surroundings(Block context, Block packet, @Nullable ContextLayout layout, ProgramTraits traits) {
        this.context = context;
        this.packet = packet;
        this.layout = layout;
        this.traits = traits;
    }

    /** Copies of what the invocation holds. */
    static Surroundings of(ProgramImage image, Invocation invocation) {
        byte[] bytes = invocation.context().clone();
        int limit = invocation.isRaw() ? Layout.RAW_LIMIT : Layout.CONTEXT_LIMIT;
        if (bytes.length > limit) {
            throw new IllegalArgumentException("context of " + bytes.length + " bytes; there is room for " + limit);
        }
        byte[] packet = invocation.packet() == null ? new byte[0] : invocation.packet().clone();
        if (packet.length > Layout.PACKET_LIMIT || (invocation.isRaw() && packet.length > 0)) {
            throw new IllegalArgumentException("no room for a packet of " + packet.length + " bytes");
        }
        Region context = invocation.isRaw()
                ? new Region(RegionKind.RAW_MEMORY, "memory", Layout.CONTEXT, bytes.length)
                : new Region(RegionKind.CONTEXT, "context", Layout.CONTEXT, bytes.length);
        boolean plain = invocation.isRaw() || image.type() == ProgramType.UNSPEC;
        ContextLayout layout = plain ? null : ContextLayout.of(image.type());
        return new Surroundings(Block.of(context, protection(layout), bytes),
                Block.of(new Region(RegionKind.PACKET, "packet", Layout.PACKET, packet.length),
                        Block.Protection.READ_WRITE, packet),
                layout, ProgramTraits.of(image));
    }

    /** What helpers may do with a context: read it, and write it if programs of the type may write any field. */
    private static Block.Protection protection(@Nullable ContextLayout layout) {
        boolean readOnly = layout != null && layout.fields().stream().allMatch(field -> field.writes() == 0);
        return readOnly ? Block.Protection.READ_ONLY : Block.Protection.READ_WRITE;
    }

    /** The context's region, or the raw memory's. */
    Region context() {
        return context.region();
    }

    /** The packet's region. */
    Region packet() {
        return packet.region();
    }

    /** Puts it all into a memory. */
    void addTo(Memory memory) {
        memory.add(context);
        memory.add(packet);
    }

    Bytes contextBytes() {
        return Bytes.of(context.bytes());
    }

    Bytes packetBytes() {
        return Bytes.of(packet.bytes());
    }

    /** What a load of a context field yields in place of its bytes: a pointer to the packet or its end; null where it is the bytes. */
    @Nullable
    Word pointerAt(Word address, int width, boolean signed) {
        ContextField field = fieldAt(address, width, false, signed);
        if (field == null || !field.pointer().isPacket()) {
            return null;
        }
        Word start = Word.pointer(packet());
        return switch (field.pointer()) {
            case PACKET_END -> start.plus(packet().size());
            // There are no metadata: they would end where the packet begins.
            default -> start;
        };
    }

    /** Refuses a store, or an atomic operation, on the context that the program type does not grant. */
    void requireWritable(Word address, int width, boolean atomic) throws ViolationException {
        if (layout != null && context().equals(address.origin()) && context().contains(address.bits(), width)
                && (atomic || fieldAt(address, width, true, false) == null)) {
            throw new ViolationException(
                    new Violation.Forbidden(Access.WRITE, context(), address.bits() - context().base(), width));
        }
    }

    private @Nullable ContextField fieldAt(Word address, int width, boolean write, boolean signed) {
        boolean inside = context().equals(address.origin()) && context().contains(address.bits(), width);
        return layout == null || !inside
                ? null
                : layout.access((int) (address.bits() - context().base()), width, write, signed, traits);
    }
}
