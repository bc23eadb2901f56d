package org.bpfz.spec.kernel;

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
     * The fields of struct stat that the model knows.
     *
     * @param mode  st_mode
     * @param links st_nlink
     * @param size  st_size in bytes
     */
    record Attributes(long inode, int mode, int links, int uid, int gid, long size) implements Output {}
}
