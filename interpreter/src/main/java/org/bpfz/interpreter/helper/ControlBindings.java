package org.bpfz.interpreter.helper;

import org.bpfz.interpreter.map.FlatReferences;
import org.bpfz.spec.Errno;
import org.bpfz.spec.program.MapType;

/** The helpers that run other code: bpf_loop (kernel/bpf/bpf_iter.c) and bpf_tail_call (kernel/bpf/core.c). */
public final class ControlBindings {
    /** BPF_MAX_LOOPS in include/linux/bpf.h. */
    private static final int MAX_LOOPS = 8 << 20;

    /** MAX_TAIL_CALL_CNT in include/linux/bpf.h. */
    private static final int MAX_TAIL_CALLS = 33;

    private ControlBindings() {
    }

    /** All 64 bits of the number count, and -E2BIG has 32, as where the verifier inlines the loop (inline_bpf_loop). */
    static long loop(Run run, long rounds, long callback, long context, long flags, long r5) {
        int slot = run.function("bpf_loop", 2, callback);
        if (flags != 0) {
            return Errno.EINVAL.negative();
        }
        if (Long.compareUnsigned(rounds, MAX_LOOPS) > 0) {
            return Integer.toUnsignedLong(Errno.E2BIG.negative());
        }
        for (int i = 0; i < rounds; i++) {
            if (run.callBack(slot, i, context, 0, 0) != 0) {
                return i + 1L;
            }
        }
        return rounds;
    }

    /** The id of the program that a tail call goes to, or 0 where the caller goes on. */
    public static int tailCallTarget(Run run, long context, long handle, long at) {
        run.requireContext("bpf_tail_call", context);
        FlatReferences array = run.map("bpf_tail_call", 2, handle, FlatReferences.class);
        if (array.spec().type() != MapType.PROG_ARRAY) {
            throw Run.wrongKind("bpf_tail_call", 2, array);
        }
        int index = (int) at;
        boolean inside = Integer.compareUnsigned(index, array.spec().maxEntries()) < 0;
        return inside && run.tailCalls() < MAX_TAIL_CALLS ? array.get(index) : 0;
    }
}
