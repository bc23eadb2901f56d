package org.bpfz.interpreter.helper;

import org.bpfz.interpreter.memory.FaultSignal;
import org.bpfz.interpreter.memory.FlatMemory;
import org.bpfz.spec.engine.LzoSize;

/** The two helpers of compressor programs (clauses HELP-3 to HELP-5). */
final class CompressorBindings {
    private CompressorBindings() {
    }

    static long copyFromBuffer(Run run, long context, long offset, long target, long length, long r5) {
        run.requireContext("bpf_copy_from_buffer", context);
        int size = run.size("bpf_copy_from_buffer", 4, length);
        run.memory().requireWritable(target, size);
        return WrittenData.copy(run.services().helpers(), run.invocation().data(), offset, run.memory().bytes(),
                FlatMemory.offset(target), size);
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
