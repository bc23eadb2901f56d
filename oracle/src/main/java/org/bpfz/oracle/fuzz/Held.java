package org.bpfz.oracle.fuzz;

/**
 * What the generator believes of a register or of a spilled one: enough to write a next instruction that makes sense.
 *
 * @param map    the index of the map that a map or value pointer is of
 * @param offset of a pointer from the start of its region (of the stack: from R10)
 * @param limit  of a number: the largest that it can be if it is known not to be negative and to be small, else -1
 */
record Held(Kind kind, int map, int offset, long limit) {
    /** Kinds of content. */
    enum Kind {
        NOTHING, NUMBER, CONTEXT, STACK, MAP, VALUE, MAYBE_VALUE, PACKET, PACKET_END, OTHER
    }

    static final Held NOTHING = new Held(Kind.NOTHING, 0, 0, -1);
    static final Held NUMBER = new Held(Kind.NUMBER, 0, 0, -1);
    static final Held CONTEXT = new Held(Kind.CONTEXT, 0, 0, -1);
    static final Held PACKET_END = new Held(Kind.PACKET_END, 0, 0, -1);
    /** A pointer that the generator does not follow. */
    static final Held OTHER = new Held(Kind.OTHER, 0, 0, -1);

    static Held numberUpTo(long limit) {
        return new Held(Kind.NUMBER, 0, 0, limit);
    }

    static Held stack(int offset) {
        return new Held(Kind.STACK, 0, offset, -1);
    }

    static Held map(int index) {
        return new Held(Kind.MAP, index, 0, -1);
    }

    static Held value(int index, int offset) {
        return new Held(Kind.VALUE, index, offset, -1);
    }

    static Held maybeValue(int index) {
        return new Held(Kind.MAYBE_VALUE, index, 0, -1);
    }

    static Held packet(int offset) {
        return new Held(Kind.PACKET, 0, offset, -1);
    }

    boolean is(Kind other) {
        return kind == other;
    }

    /** What is known where two paths meet. */
    Held meet(Held other) {
        if (equals(other)) {
            return this;
        }
        return kind == Kind.NUMBER && other.kind == Kind.NUMBER ? NUMBER : kind == Kind.NOTHING ? this : NOTHING;
    }
}
