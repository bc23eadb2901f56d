package org.bpfz.lzo;

import static java.util.Objects.checkFromIndexSize;

import java.lang.foreign.MemorySegment;

/** What stands between the public entry points and the two codecs: checks of arguments, and access to memory segments. */
enum Codec {
    LZO1X(16, false), LZO_RLE(8, true);

    static final int MAX_LENGTH = 0x7000_0000;

    /** How many input bytes it takes at least to grow the output by one byte. */
    private final int expansion;
    private final boolean rle;

    Codec(int expansion, boolean rle) {
        this.expansion = expansion;
        this.rle = rle;
    }

    int maxCompressedLength(int length) {
        checkLength(length);
        return length + length / expansion + 64 + 3 + 2;
    }

    int compress(byte[] src, int srcOffset, int length, byte[] dst, int dstOffset, WorkMemory work) {
        checkFromIndexSize(srcOffset, length, src.length);
        int bound = maxCompressedLength(length);
        if (dstOffset < 0 || dst.length - dstOffset < bound) {
            throw new IllegalArgumentException("room for " + bound + " bytes needed, offset " + dstOffset + " of "
                    + dst.length + " given");
        }
        return Compressor.compress(src, srcOffset, length, dst, dstOffset, work, rle);
    }

    int compressedSize(byte[] src, int offset, int length, WorkMemory work) {
        return compress(src, offset, length, work.scratch(maxCompressedLength(length)), 0, work);
    }

    int decompress(byte[] src, int srcOffset, int length, byte[] dst, int dstOffset, int dstCapacity)
            throws MalformedInputException {
        checkFromIndexSize(srcOffset, length, src.length);
        checkFromIndexSize(dstOffset, dstCapacity, dst.length);
        return Decompressor.decompress(src, srcOffset, length, dst, dstOffset, dstCapacity, rle);
    }

    int compress(MemorySegment src, MemorySegment dst, WorkMemory work) {
        byte[] in = bytes(src);
        byte[] out = work.scratch(maxCompressedLength(in.length));
        int written = compress(in, 0, in.length, out, 0, work);
        MemorySegment.copy(MemorySegment.ofArray(out), 0, dst, 0, written);
        return written;
    }

    int compressedSize(MemorySegment src, WorkMemory work) {
        byte[] in = bytes(src);
        return compressedSize(in, 0, in.length, work);
    }

    int decompress(MemorySegment src, MemorySegment dst, WorkMemory work) throws MalformedInputException {
        byte[] in = bytes(src);
        byte[] out = new byte[checkLength(dst.byteSize())];
        int written = decompress(in, 0, in.length, out, 0, out.length);
        MemorySegment.copy(MemorySegment.ofArray(out), 0, dst, 0, written);
        return written;
    }

    private static byte[] bytes(MemorySegment segment) {
        checkLength(segment.byteSize());
        return segment.toArray(java.lang.foreign.ValueLayout.JAVA_BYTE);
    }

    private static int checkLength(long length) {
        if (length < 0 || length > MAX_LENGTH) {
            throw new IllegalArgumentException("length " + length + " is not from 0 to " + MAX_LENGTH);
        }
        return (int) length;
    }
}
