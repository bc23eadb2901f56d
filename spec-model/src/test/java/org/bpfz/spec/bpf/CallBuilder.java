package org.bpfz.spec.bpf;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bpfz.spec.bpf.Side.Buffer;
import org.bpfz.spec.bpf.Side.Call;
import org.bpfz.spec.bpf.Side.Descriptor;
import org.bpfz.spec.memory.LittleEndian;

/** Writes down a call field by field. */
final class CallBuilder {
    private final int command;
    private byte[] attr = new byte[Attr.BYTES];
    private final List<Buffer> buffers = new ArrayList<>();
    private final List<Descriptor> fds = new ArrayList<>();
    private final List<Integer> outputs = new ArrayList<>();
    private boolean opens;

    private CallBuilder(int command) {
        this.command = command;
    }

    static CallBuilder of(int command) {
        return new CallBuilder(command);
    }

    static CallBuilder of(Command command) {
        return new CallBuilder(command.number());
    }

    CallBuilder length(int length) {
        attr = Arrays.copyOf(attr, length);
        return this;
    }

    CallBuilder number(int offset, int value) {
        LittleEndian.put(attr, offset, 4, value);
        return this;
    }

    CallBuilder octet(int offset, int value) {
        attr[offset] = (byte) value;
        return this;
    }

    CallBuilder fd(int offset, int index) {
        fds.add(new Descriptor(offset, index));
        return this;
    }

    /** A pointer to bytes; to none, a pointer to where nothing is. */
    CallBuilder pointer(int offset, int... bytes) {
        byte[] buffer = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            buffer[i] = (byte) bytes[i];
        }
        buffers.add(new Buffer(offset, buffer, false));
        return this;
    }

    CallBuilder bytes(int offset, byte[] bytes, int compared) {
        buffers.add(new Buffer(offset, bytes, compared));
        return this;
    }

    /** A descriptor in the last buffer. */
    CallBuilder valueFd(int index) {
        return fd(-1, index);
    }

    CallBuilder text(int offset, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        buffers.add(new Buffer(offset, Arrays.copyOf(bytes, bytes.length + 1), false));
        return this;
    }

    CallBuilder output(int offset) {
        outputs.add(offset);
        return this;
    }

    CallBuilder opens() {
        opens = true;
        return this;
    }

    Call build() {
        return new Call(command, attr, attr.length, buffers, fds, opens, outputs);
    }
}
