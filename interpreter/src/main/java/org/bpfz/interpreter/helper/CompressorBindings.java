package org.bpfz.interpreter.helper;

import org.bpfz.interpreter.memory.FaultSignal;
import org.bpfz.interpreter.memory.FlatMemory;
import org.bpfz.spec.engine.HelperReading;
import org.bpfz.spec.engine.LzoSize;

/** The two helpers of compressor programs (clauses HELP-3 to HELP-5). */
final class CompressorBindings {
    private CompressorBindings() {
    }

    static long copyFromBuffer(Run run, long context, long offset, long target, long length, long r5) {
        run.requireContext("bpf_copy_from_buffer", context);
        int size = run.size("bpf_copy_from_buffer", 4, length);
        run.memory().requireWritable(target, size);
        HelperReading reading = run.services().helpers();
        byte[] data = run.invocation().data();
        if (data == null) {
            return reading.noData().negative();
        }
        int available = offset >= 0 && offset <= data.length ? Math.min(size, data.length - (int) offset) : 0;
        if (available < size && reading.pastEnd() == HelperReading.PastEnd.ERROR) {
            return reading.pastEndError().negative();
        }
        if (available > 0) {
            System.arraycopy(data, (int) offset, run.memory().bytes(), FlatMemory.offset(target), available);
        }
        return 0;
    }

    static long lzoCompress(Run run, long context, long r2, long r3, long r4, long r5) {
        run.requireContext("bpf_lzo_compress", context);
        byte[] data = run.invocation().data();
        if (data == null) {
            return run.services().helpers().noData().negative();
        }
        LzoSize lzo = run.services().lzo();
        if (lzo == null) {
            throw FaultSignal.badArgument("bpf_lzo_compress", 1, "the environment has no LZO codec");
        }
        return lzo.compressedSize(data, 0, data.length);
    }
}
