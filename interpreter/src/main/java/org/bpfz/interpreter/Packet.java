package org.bpfz.interpreter;

import org.bpfz.interpreter.memory.FlatMemory;
import org.bpfz.spec.engine.Invocation;
import org.bpfz.spec.memory.Layout;

/** The legacy loads from a run's packet (RFC 9669, section 5.5). */
final class Packet {
    private final FlatMemory memory;
    private final int size;

    Packet(FlatMemory memory, Invocation invocation) {
        this.memory = memory;
        byte[] bytes = invocation.packet();
        size = bytes == null ? 0 : bytes.length;
    }

    /**
     * Loads 1, 2 or 4 bytes in network order into R0.
     *
     * @return whether they are in the packet; otherwise R0 is 0 and the function is to end (net/core/filter.c, gen_ld_abs)
     */
    boolean load(long[] r, int bytes, int offset) {
        if (offset < 0 || offset > size - bytes) {
            r[0] = 0;
            return false;
        }
        long address = Layout.PACKET + offset;
        r[0] = switch (bytes) {
            case 1 -> memory.load8(address);
            case 2 -> Short.reverseBytes((short) memory.load16(address)) & 0xffffL;
            default -> Integer.reverseBytes((int) memory.load32(address)) & 0xffff_ffffL;
        };
        return true;
    }
}
