package org.bpfz.lzo;

import java.lang.foreign.MemorySegment;

/**
 * LZO1X-1, the compression that Linux calls {@code lzo}: its compressor to the byte, and a decompressor that trusts
 * nothing.
 *
 * <p>Every compressor call takes a {@link WorkMemory}; a call for arrays allocates nothing, except that
 * learning a size lets the work memory grow once to hold the stream; the overloads for memory segments copy. Source and destination must
 * not overlap. Offsets and lengths are in bytes.
 *
 * @see <a href="https://www.kernel.org/doc/html/v6.12/staging/lzo.html">LZO stream format</a>
 */
public final class Lzo1x {
    /** The longest input, in bytes; below 2<sup>31</sup> because the size of a stream is an {@code int}. */
    public static final int MAX_LENGTH = Codec.MAX_LENGTH;

    private Lzo1x() {
    }

    /**
     * The largest number of bytes that {@code length} bytes can be compressed to.
     *
     * @param length from 0 to {@link #MAX_LENGTH}
     * @throws IllegalArgumentException if {@code length} is out of range
     */
    public static int maxCompressedLength(int length) {
        return Codec.LZO1X.maxCompressedLength(length);
    }

    /**
     * Compresses {@code length} bytes to what {@code lzo1x_1_compress} of Linux 6.12 makes of them, byte for byte.
     *
     * @param dst where the stream goes, with room for {@link #maxCompressedLength} bytes from {@code dstOffset} on, all
     *     of which may be overwritten
     * @return the length of the stream
     * @throws IndexOutOfBoundsException if the source range is not inside {@code src}
     * @throws IllegalArgumentException if {@code dst} has less room than that, or {@code length} is more than
     *     {@link #MAX_LENGTH}, or the two ranges overlap
     */
    public static int compress(byte[] src, int srcOffset, int length, byte[] dst, int dstOffset, WorkMemory work) {
        return Codec.LZO1X.compress(src, srcOffset, length, dst, dstOffset, work);
    }

    /** As {@link #compress(byte[], int, int, byte[], int, WorkMemory)}, from the whole of one segment into another. */
    public static int compress(MemorySegment src, MemorySegment dst, WorkMemory work) {
        return Codec.LZO1X.compress(src, dst, work);
    }

    /**
     * The length of the stream that {@link #compress} would make of the same bytes, without making it.
     *
     * @throws IndexOutOfBoundsException if the range is not inside {@code src}
     * @throws IllegalArgumentException if {@code length} is more than {@link #MAX_LENGTH}
     */
    public static int compressedSize(byte[] src, int offset, int length, WorkMemory work) {
        return Codec.LZO1X.compressedSize(src, offset, length, work);
    }

    /** As {@link #compressedSize(byte[], int, int, WorkMemory)}, of a whole segment. */
    public static int compressedSize(MemorySegment src, WorkMemory work) {
        return Codec.LZO1X.compressedSize(src, work);
    }

    /**
     * Decompresses one stream, which must fill its range to the last byte. Streams of any LZO1X compressor are read, LZO-RLE is not.
     *
     * @param dstCapacity how many bytes from {@code dstOffset} on may be written; those behind the output may be
     *     overwritten
     * @return the length of the output
     * @throws MalformedInputException if the range does not hold one stream whose output fits into {@code dstCapacity}
     * @throws IndexOutOfBoundsException if a range is not inside its array
     */
    public static int decompress(byte[] src, int srcOffset, int length, byte[] dst, int dstOffset, int dstCapacity)
            throws MalformedInputException {
        return Codec.LZO1X.decompress(src, srcOffset, length, dst, dstOffset, dstCapacity);
    }

    /** As {@link #decompress(byte[], int, int, byte[], int, int)}, from the whole of one segment into another. */
    public static int decompress(MemorySegment src, MemorySegment dst, WorkMemory work) throws MalformedInputException {
        return Codec.LZO1X.decompress(src, dst, work);
    }
}
