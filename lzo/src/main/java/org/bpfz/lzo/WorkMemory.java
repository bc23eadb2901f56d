package org.bpfz.lzo;

/**
 * What a compressor needs beside its input and output, held by the caller so that a call allocates nothing, except to grow once for a longer
 * stream that nobody keeps. One work
 * memory serves any number of calls, of both formats, one after the other; nothing of a call shows in the next. It is
 * not safe for use by several threads at a time.
 */
public final class WorkMemory {
    /** For each hash of four bytes, the position in the current block where they were last seen. */
    final char[] dictionary = new char[Matches.DICTIONARY_SIZE];

    /** Where the compressor stands between two blocks; see {@link Compressor}. */
    int literals;
    int written;
    int countByte;

    private byte[] scratch = {};

    /** Room for a stream that nobody keeps; what is in it is left from another call. */
    byte[] scratch(int length) {
        if (scratch.length < length) {
            scratch = new byte[length];
        }
        return scratch;
    }
}
