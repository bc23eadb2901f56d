package org.bpfz.spec.helper;

import java.util.Arrays;
import org.bpfz.spec.engine.HelperReading.PastEnd;
import org.bpfz.spec.engine.LzoSize;
import org.bpfz.spec.memory.ViolationException;

/** The two helpers that the assignment adds (clauses HELP-3 to HELP-5). */
final class CompressorHelpers {
    private CompressorHelpers() {
    }

    /**
     * {@code int bpf_copy_from_buffer(void *ctx, unsigned long offset, void *ptr, unsigned long size)}: copies from the written data and
     * returns 0. Offset and size are unsigned numbers of 64 bits.
     */
    static Outcome copyFromBuffer(HelperCall call) throws ViolationException, ArgumentException {
        call.requireContext(1);
        long offset = call.u64(2);
        int size = call.size(4, Long.SIZE);
        call.memory().requireWritable(call.word(3), size);
        byte[] data = call.machinery().invocation().data();
        if (data == null) {
            return Outcome.error(call.services().helpers().noData());
        }
        boolean startsInside = Long.compareUnsigned(offset, data.length) <= 0;
        int available = startsInside ? Math.min(size, data.length - (int) offset) : 0;
        if (available < size && call.services().helpers().pastEnd() == PastEnd.ERROR) {
            return Outcome.error(call.services().helpers().pastEndError());
        }
        if (available > 0) {
            call.write(3, Arrays.copyOfRange(data, (int) offset, (int) offset + available));
        }
        return Outcome.of(0);
    }

    /** {@code int bpf_lzo_compress(void *ctx)}: how many bytes lzo1x_1_compress makes of the written data, or a negative error number. */
    static Outcome lzoCompress(HelperCall call) throws ArgumentException {
        call.requireContext(1);
        byte[] data = call.machinery().invocation().data();
        if (data == null) {
            return Outcome.error(call.services().helpers().noData());
        }
        LzoSize lzo = call.services().lzo();
        if (lzo == null) {
            throw new ArgumentException(1, "the environment has no LZO codec");
        }
        return Outcome.of(lzo.compressedSize(data, 0, data.length));
    }
}
