package org.bpfz.lzo;

import java.io.IOException;
import java.io.Serial;

/**
 * Says that a compressed stream cannot be decompressed, and at which of its bytes that was noticed. It is the only way
 * in which a decompressor refuses its input, whatever is wrong with it.
 */
public final class MalformedInputException extends IOException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final int offset;

    MalformedInputException(int offset, String reason) {
        super("malformed LZO stream at offset " + offset + ": " + reason);
        this.offset = offset;
    }

    /**
     * The offset, in bytes from the start of the compressed stream, of the instruction that cannot be executed, or the
     * length of the stream if it ends too early.
     */
    public int offset() {
        return offset;
    }
}
