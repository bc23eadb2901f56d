package org.bpfz.spec.bpf;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.bpfz.spec.Errno;
import org.bpfz.spec.memory.LittleEndian;

/** One of two kernels that are asked the same: the descriptors that it has given out, in their order. */
final class Side {
    /** Where no buffer is. */
    static final long BAD_ADDRESS = 16;
    /** A descriptor that is not open. */
    static final int CLOSED = 1000;

    private final BpfSystemCall door;
    private final List<Integer> descriptors = new ArrayList<>();

    Side(BpfSystemCall door) {
        this.door = door;
    }

    /** A buffer that an attribute points to: what is in it before, and how many bytes of it count afterwards. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Buffer(int offset, byte[] bytes, int compared) {
        Buffer(int offset, byte[] bytes, boolean compared) {
            this(offset, bytes, compared ? bytes.length : 0);
        }
    }

    /** A descriptor at an offset of the attributes, by its place among those that were given out; one beyond is not open. */
    record Descriptor(int offset, int index) {}

    /**
     * A call.
     *
     * @param attr      all but pointers and descriptors
     * @param length    how much of it the kernel is given
     * @param pointers  an empty buffer stands for an address where nothing is
     * @param fds       where descriptors go in; at offset -1, into the last buffer
     * @param opens     whether a result is a descriptor
     * @param outputs   offsets of the attributes, four bytes each, that count afterwards
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Call(int command, byte[] attr, int length, List<Buffer> pointers, List<Descriptor> fds, boolean opens,
            List<Integer> outputs) {}

    int count() {
        return descriptors.size();
    }

    int fd(int index) {
        return index >= 0 && index < descriptors.size() ? descriptors.get(index) : CLOSED;
    }

    void close(int index) {
        door.close(fd(index));
        descriptors.set(index, CLOSED);
    }

    /** Makes the call; returns what came of it as text that is equal on both sides. */
    String make(Call call) {
        byte[] attr = call.attr().clone();
        List<Long> addresses = new ArrayList<>();
        for (Buffer buffer : call.pointers()) {
            long address = buffer.bytes().length == 0 ? BAD_ADDRESS : door.memory().put(buffer.bytes());
            addresses.add(address);
            LittleEndian.put(attr, buffer.offset(), Long.BYTES, address);
        }
        for (Descriptor fd : call.fds()) {
            if (fd.offset() < 0) {
                door.memory().write(addresses.getLast(), LittleEndian.bytes(fd(fd.index()), Integer.BYTES));
            } else {
                LittleEndian.put(attr, fd.offset(), Integer.BYTES, fd(fd.index()));
            }
        }
        byte[] given = Arrays.copyOf(attr, call.length());
        int result = door.bpf(call.command(), given);
        StringBuilder text = new StringBuilder(result < 0
                ? String.valueOf(Errno.of(-result))
                : call.opens() ? "fd" : String.valueOf(result));
        if (result >= 0 && call.opens()) {
            descriptors.add(result);
        }
        for (int i = 0; i < addresses.size(); i++) {
            Buffer buffer = call.pointers().get(i);
            if (buffer.compared() > 0 && buffer.bytes().length > 0) {
                text.append(' ')
                        .append(HexFormat.of().formatHex(door.memory().read(addresses.get(i), buffer.compared())));
            }
        }
        for (int offset : call.outputs()) {
            text.append(' ').append(Long.toHexString(LittleEndian.get(given, offset, Integer.BYTES)));
        }
        return text.toString();
    }
}
