package org.bpfz.spec.memory;

import org.jspecify.annotations.Nullable;

/** The eight frames of a run, of which the first few are active. */
public final class Stack implements Area {
    private final Block[] frames = new Block[Layout.MAX_FRAMES];
    private int depth;

    /** A stack of zeroes with no active frame. */
    public Stack() {
        for (int k = 0; k < frames.length; k++) {
            frames[k] = Block.frame(new Region(RegionKind.STACK, "frame " + k,
                    Layout.framePointer(k) - Layout.FRAME_SIZE, Layout.FRAME_SIZE));
        }
    }

    /** How many frames are active. */
    public int depth() {
        return depth;
    }

    /**
     * Makes one more frame active, with nothing written and the bytes that the last frame at this depth has left.
     *
     * @return its frame pointer: R10
     * @throws IllegalStateException where all are active
     */
    public Word push() {
        if (depth == frames.length) {
            throw new IllegalStateException("all " + depth + " frames are active");
        }
        Block frame = frames[depth++];
        frame.forget();
        return Word.pointer(frame.region()).plus(Layout.FRAME_SIZE);
    }

    /** Ends the innermost frame. */
    public void pop() {
        depth--;
    }

    @Override
    public long base() {
        return Layout.BASE;
    }

    @Override
    public long size() {
        return Layout.STACK_TOP - Layout.BASE;
    }

    @Override
    public @Nullable Block at(long address) {
        int k = depthOf(address);
        return k < depth ? frames[k] : null;
    }

    @Override
    public byte peek(long address) {
        return frames[depthOf(address)].peek(address);
    }

    private static int depthOf(long address) {
        return (int) ((Layout.STACK_TOP - 1 - address) / Layout.FRAME_SIZE);
    }
}
