package org.bpfz.spec.kernel;

import org.jspecify.annotations.Nullable;
import org.pcollections.PVector;

/** What a call stored in the caller's memory. */
public sealed interface Output {
    /** Nothing, or nothing that the model speaks about. */
    Output NONE = new None();

    /** Nothing was stored; as an observation: nothing was recorded, which agrees with everything. */
    record None() implements Output {}

    /** The bytes of a read. */
    record Data(Rope bytes) implements Output {}

    /** The two sums of get_compression_stats. */
    record Stats(Sums sums) implements Output {}

    /** The descriptors of pipe2 or socketpair: reading end first. */
    record Pair(int first, int second) implements Output {}

    /**
     * Offset arguments that a transfer has moved.
     *
     * @param in  the input's; null if it was not given
     * @param out the output's; null if it was not given
     */
    record Offsets(@Nullable Long in, @Nullable Long out) implements Output {}

    /**
     * What recvmsg delivered.
     *
     * @param descriptors new descriptors of the open files that came along (SCM_RIGHTS)
     */
    record Message(Rope bytes, PVector<Integer> descriptors) implements Output {}

    /**
     * The fields of struct stat that the model knows.
     *
     * @param mode  st_mode
     * @param links st_nlink
     * @param size  st_size in bytes; 0 for a directory, of which it is not said
     */
    record Attributes(int mode, int links, int uid, int gid, long size) implements Output {}
}
