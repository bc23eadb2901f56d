package org.bpfz.spec.isa;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Code between bytes and {@link RawInstruction}s, in either byte order (RFC 9669, section 3.1): big-endian code has
 * offset and imm the other way round, and the two register numbers as well.
 */
public final class Slots {
    /** How many bytes a slot takes. */
    public static final int BYTES = 8;

    private Slots() {
    }

    /**
     * The slots of the code.
     *
     * @throws MalformedInstruction if the bytes end inside of a slot
     */
    public static List<RawInstruction> ofBytes(byte[] code, ByteOrder order) {
        int rest = code.length % BYTES;
        if (rest != 0) {
            throw new MalformedInstruction(code.length / BYTES, "ends after " + rest + " of " + BYTES + " bytes");
        }
        ByteBuffer buffer = ByteBuffer.wrap(code).order(order);
        List<RawInstruction> slots = new ArrayList<>(code.length / BYTES);
        while (buffer.hasRemaining()) {
            int opcode = buffer.get() & 0xff;
            int registers = buffer.get() & 0xff;
            int low = registers & 0xf;
            int high = registers >>> 4;
            boolean little = order == ByteOrder.LITTLE_ENDIAN;
            slots.add(new RawInstruction(opcode, little ? low : high, little ? high : low, buffer.getShort(),
                    buffer.getInt()));
        }
        return slots;
    }

    /** The code that the slots are. */
    public static byte[] toBytes(List<RawInstruction> slots, ByteOrder order) {
        ByteBuffer buffer = ByteBuffer.allocate(slots.size() * BYTES).order(order);
        for (RawInstruction slot : slots) {
            int registers = order == ByteOrder.LITTLE_ENDIAN
                    ? slot.src() << 4 | slot.dst()
                    : slot.dst() << 4 | slot.src();
            buffer.put((byte) slot.opcode()).put((byte) registers).putShort(slot.offset()).putInt(slot.imm());
        }
        return buffer.array();
    }
}
