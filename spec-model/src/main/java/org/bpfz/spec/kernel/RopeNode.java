package org.bpfz.spec.kernel;

/**
 * The tree under a {@link Rope}: a binary tree whose branches differ in height by at most one, joined and cut as AVL trees
 * are (Blelloch, Ferizovic, Sun: "Just Join for Parallel Ordered Sets", 2016), in O(difference of heights) and O(height).
 */
sealed interface RopeNode {
    /** Adjacent leaves in memory that together are no longer than this are copied into one. */
    int MERGE_LIMIT = 1024;

    long length();

    int height();

    boolean isKnown();

    /** The bytes from {@code from} to {@code to}, a window that is not empty. */
    RopeNode slice(long from, long to);

    /** Shows the visitor each leaf that overlaps the window, from left to right; returns false once the visitor did. */
    boolean visit(long from, long to, LeafVisitor visitor);

    /** Sees the leaves one after the other. */
    @FunctionalInterface
    interface LeafVisitor {
        /** Returns whether to go on; {@code offset} is relative to the chunk. */
        boolean leaf(Chunk chunk, long offset, long count);
    }

    /** A window of a chunk; never empty. */
    record Leaf(Chunk chunk, long offset, long length) implements RopeNode {
        @Override
        public int height() {
            return 0;
        }

        @Override
        public boolean isKnown() {
            return chunk.isKnown();
        }

        @Override
        public RopeNode slice(long from, long to) {
            return from == 0 && to == length ? this : new Leaf(chunk, offset + from, to - from);
        }

        @Override
        public boolean visit(long from, long to, LeafVisitor visitor) {
            return visitor.leaf(chunk, offset + from, to - from);
        }
    }

    /** Two neighbours. */
    record Branch(RopeNode left, RopeNode right, long length, int height, boolean isKnown) implements RopeNode {
        static Branch of(RopeNode left, RopeNode right) {
            return new Branch(left, right, Math.addExact(left.length(), right.length()),
                    Math.max(left.height(), right.height()) + 1, left.isKnown() && right.isKnown());
        }

        @Override
        public RopeNode slice(long from, long to) {
            long middle = left.length();
            if (from == 0 && to == length) {
                return this;
            }
            if (to <= middle) {
                return left.slice(from, to);
            }
            if (from >= middle) {
                return right.slice(from - middle, to - middle);
            }
            return join(left.slice(from, middle), right.slice(0, to - middle));
        }

        @Override
        public boolean visit(long from, long to, LeafVisitor visitor) {
            long middle = left.length();
            return (from >= middle || left.visit(from, Math.min(to, middle), visitor))
                    && (to <= middle || right.visit(Math.max(from - middle, 0), to - middle, visitor));
        }
    }

    /** The two one after the other, in balance. */
    static RopeNode join(RopeNode left, RopeNode right) {
        if (left instanceof Leaf before && right instanceof Leaf after) {
            return joinLeaves(before, after);
        }
        // A small leaf goes to the edge of its neighbour even where heights would allow a branch here: it may merge there.
        if (left instanceof Branch tree && (left.height() > right.height() + 1 || right instanceof Leaf)) {
            return balance(tree.left, join(tree.right, right));
        }
        if (right instanceof Branch tree && (right.height() > left.height() + 1 || left instanceof Leaf)) {
            return balance(join(left, tree.left), tree.right);
        }
        return Branch.of(left, right);
    }

    private static RopeNode joinLeaves(Leaf left, Leaf right) {
        long length = Math.addExact(left.length, right.length);
        boolean endless = left.chunk instanceof Chunk.Fill || left.chunk instanceof Chunk.Unknown;
        if (endless && left.chunk.equals(right.chunk)) {
            return new Leaf(left.chunk, 0, length);
        }
        if (left.chunk.surelyEqual(0, right.chunk, 0) && left.offset + left.length == right.offset) {
            return new Leaf(left.chunk, left.offset, length);
        }
        if (length <= MERGE_LIMIT && left.chunk instanceof Chunk.Bytes && right.chunk instanceof Chunk.Bytes) {
            byte[] merged = new byte[(int) length];
            left.chunk.read(left.offset, merged, 0, (int) left.length);
            right.chunk.read(right.offset, merged, (int) left.length, (int) right.length);
            return new Leaf(new Chunk.Bytes(merged), 0, length);
        }
        return Branch.of(left, right);
    }

    /** A branch of two trees whose heights differ by at most two. */
    private static RopeNode balance(RopeNode left, RopeNode right) {
        if (left instanceof Branch(RopeNode outer, RopeNode inner, _, _, _) && left.height() > right.height() + 1) {
            if (inner instanceof Branch(RopeNode a, RopeNode b, _, _, _) && inner.height() > outer.height()) {
                return Branch.of(Branch.of(outer, a), Branch.of(b, right));
            }
            return Branch.of(outer, Branch.of(inner, right));
        }
        if (right instanceof Branch(RopeNode inner, RopeNode outer, _, _, _) && right.height() > left.height() + 1) {
            if (inner instanceof Branch(RopeNode a, RopeNode b, _, _, _) && inner.height() > outer.height()) {
                return Branch.of(Branch.of(left, a), Branch.of(b, outer));
            }
            return Branch.of(Branch.of(left, inner), outer);
        }
        return Branch.of(left, right);
    }
}
