package org.bpfz.spec.memory;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A region with its bytes, and what is known of them: which have been written, and which eight are a pointer.
 *
 * <p>Only a stack frame can have unwritten bytes and keep pointers. All other memory begins as zeroes or as given, and a pointer that is
 * stored there comes back as a number, as it does for the kernel's verifier.
 */
public final class Block implements Area {

    /** What programs may do with a block. */
    public enum Protection {
        READ_WRITE, READ_ONLY, WRITE_ONLY;

        boolean permits(Access access) {
            return this == READ_WRITE || (this == READ_ONLY) == (access == Access.READ);
        }
    }

    private final Region region;
    private final Protection protection;
    private final byte[] bytes;
    private final boolean @Nullable [] written;
    private final @Nullable Region @Nullable [] pointers;

    private Block(Region region, Protection protection, byte[] bytes, boolean @Nullable [] written,
            @Nullable Region @Nullable [] pointers) {
        if (bytes.length < region.size()) {
            throw new IllegalArgumentException(region + " has only " + bytes.length + " bytes");
        }
        this.region = region;
        this.protection = protection;
        this.bytes = bytes;
        this.written = written;
        this.pointers = pointers;
    }

    /** A block over the given bytes, which it keeps and of which it may leave some at the end to others. */
    public static Block of(Region region, Protection protection, byte[] bytes) {
        return new Block(region, protection, bytes, null, null);
    }

    /** A stack frame: zeroes of which none has been written. */
    static Block frame(Region region) {
        int size = (int) region.size();
        return new Block(region, Protection.READ_WRITE, new byte[size], new boolean[size],
                new @Nullable Region[size / 8]);
    }

    /** Whose memory it is. */
    public Region region() {
        return region;
    }

    /** What programs may do with it. */
    public Protection protection() {
        return protection;
    }

    /** The bytes themselves; those behind the region's end are not a program's. */
    public byte[] bytes() {
        return bytes;
    }

    @Override
    public long base() {
        return region.base();
    }

    @Override
    public long size() {
        return region.size();
    }

    @Override
    public Block at(long address) {
        return this;
    }

    @Override
    public byte peek(long address) {
        return bytes[(int) (address - region.base())];
    }

    /** Forgets what has been written and which slots are pointers; the bytes stay. */
    void forget() {
        if (written != null && pointers != null) {
            Arrays.fill(written, false);
            Arrays.fill(pointers, null);
        }
    }

    /** The offset of the first byte of the range that nothing has been written to, or -1. */
    int firstUnwritten(int offset, int size) {
        if (written != null) {
            for (int i = offset; i < offset + size; i++) {
                if (!written[i]) {
                    return i;
                }
            }
        }
        return -1;
    }

    /** The region that the eight bytes at the offset point into; null where they are no pointer that was stored whole. */
    @Nullable
    Region pointerAt(int offset, int size) {
        return pointers != null && size == 8 && offset % 8 == 0 ? pointers[offset / 8] : null;
    }

    /** Notes that the range has been written, with the word that went there if it is one. */
    void wrote(int offset, int size, @Nullable Region pointer) {
        if (written == null || pointers == null || size == 0) {
            return;
        }
        Arrays.fill(written, offset, offset + size, true);
        Arrays.fill(pointers, offset / 8, (offset + size - 1) / 8 + 1, null);
        if (pointer != null && size == 8 && offset % 8 == 0) {
            pointers[offset / 8] = pointer;
        }
    }
}
