package org.bpfz.spec.helper;

import java.util.List;
import org.bpfz.spec.Errno;
import org.bpfz.spec.map.ReferenceArray;
import org.bpfz.spec.memory.Word;
import org.bpfz.spec.program.MapType;

/** The helpers that run other code: bpf_loop (kernel/bpf/bpf_iter.c) and bpf_tail_call (kernel/bpf/core.c, JMP_TAIL_CALL). */
final class ControlHelpers {
    /** BPF_MAX_LOOPS in include/linux/bpf.h. */
    private static final int MAX_LOOPS = 8 << 20;

    /** MAX_TAIL_CALL_CNT in include/linux/bpf.h. */
    private static final int MAX_TAIL_CALLS = 33;

    private ControlHelpers() {
    }

    /**
     * {@code long bpf_loop(u32 nr_loops, callback, void *ctx, u64 flags)}: calls {@code callback(index, ctx)} until it returns other than 0 and
     * returns how many calls there were.
     *
     * <p>All 64 bits of the number count, although the parameter is u32: where the callback and the flags are constants, as they are in
     * practice, the verifier puts the loop in the call's place, and that compares 64 bits and moves -E2BIG into 32 (inline_bpf_loop in
     * kernel/bpf/verifier.c).
     */
    static Outcome loop(HelperCall call) throws ArgumentException {
        long count = call.u64(1);
        int callback = call.function(2);
        Word context = call.word(3);
        if (call.u64(4) != 0) {
            return Outcome.error(Errno.EINVAL);
        }
        if (Long.compareUnsigned(count, MAX_LOOPS) > 0) {
            return Outcome.of(Integer.toUnsignedLong(Errno.E2BIG.negative()));
        }
        return iterate(0, (int) count, callback, context);
    }

    private static Outcome iterate(int index, int count, int callback, Word context) {
        if (index == count) {
            return Outcome.of(count);
        }
        return new Outcome.Callback(callback, List.of(Word.number(index), context),
                r0 -> r0 != 0 ? Outcome.of(index + 1) : iterate(index + 1, count, callback, context));
    }

    /**
     * {@code void bpf_tail_call(void *ctx, prog array, u32 index)}: where there is no program, or 33 tail calls have been made, the caller goes
     * on.
     */
    static Outcome tailCall(HelperCall call) throws ArgumentException {
        call.requireContext(1);
        ReferenceArray array = call.map(2, ReferenceArray.class);
        if (array.spec().type() != MapType.PROG_ARRAY) {
            throw new ArgumentException(2, "a map of type " + array.spec().type().toolName());
        }
        int index = call.u32(3);
        if (Integer.compareUnsigned(index, array.spec().maxEntries()) >= 0
                || call.machinery().tailCalls() >= MAX_TAIL_CALLS) {
            return Outcome.of(0);
        }
        int program = array.get(index);
        return program == 0 ? Outcome.of(0) : new Outcome.TailCall(program);
    }
}
