package org.bpfz.spec.kernel;

/**
 * The two sums that verification keeps: 64-bit, wrapping as the kernel's size_t does (clause WR-5).
 *
 * @param written bytes written
 * @param after   bytes after compression
 */
public record Sums(long written, long after) {
    /** Nothing counted. */
    public static final Sums ZERO = new Sums(0, 0);

    /** These and one more completed write. */
    public Sums plus(long moreWritten, long moreAfter) {
        return new Sums(written + moreWritten, after + moreAfter);
    }
}
