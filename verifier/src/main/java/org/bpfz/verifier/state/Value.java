package org.bpfz.verifier.state;

import org.bpfz.spec.btf.Btf;
import org.bpfz.verifier.domain.Scalar;

/**
 * What a register holds: the part of struct bpf_reg_state that is not changed behind its back.
 *
 * @param off     of a pointer: its fixed offset. Of a number whose id has {@link #ADD_CONST}: its distance from the numbers it is linked with
 * @param payload what the pointer carries; a number that was a pointer once may still have one
 * @param number  of a number: what is known of it. Of a pointer: of its variable offset
 * @param id      0, or what values share that are equal, that are NULL together, or that know their packet range together
 * @param refId   0, or the acquired object that has to be released
 * @param frame   of a stack pointer: the frame it points into
 */
public record Value(Type type, int off, Payload payload, Scalar number, int id, int refId, int frame) {
    /** In an id: the number is the others' plus {@link #off} (BPF_ADD_CONST). */
    public static final int ADD_CONST = 1 << 31;

    /** Nothing was written. */
    public static final Value NOTHING = new Value(Kind.NOT_INIT.plain(), 0, Payload.None.NONE, Scalar.UNKNOWN, 0, 0, 0);

    /** Any number. */
    public static final Value ANY_NUMBER = new Value(Kind.SCALAR.plain(), 0, Payload.None.NONE, Scalar.UNKNOWN, 0, 0,
            0);

    /** This number. */
    public static Value constant(long number) {
        return scalar(Scalar.constant(number));
    }

    /** A number, linked with none. */
    public static Value scalar(Scalar number) {
        return new Value(Kind.SCALAR.plain(), 0, Payload.None.NONE, number, 0, 0, 0);
    }

    /** A pointer to the begin of something. */
    public static Value pointer(Type type, Payload payload) {
        return new Value(type, 0, payload, Scalar.ZERO, 0, 0, 0);
    }

    /** A pointer to the begin of something, without payload. */
    public static Value pointer(Kind kind) {
        return pointer(kind.plain(), Payload.None.NONE);
    }

    /** A pointer to the end of a frame. */
    public static Value stackPointer(int frame) {
        return new Value(Kind.STACK.plain(), 0, Payload.None.NONE, Scalar.ZERO, 0, 0, frame);
    }

    public Kind kind() {
        return type.kind();
    }

    /** Whether it is a number. */
    public boolean isScalar() {
        return type.kind() == Kind.SCALAR;
    }

    /** Whether it is the number 0 (register_is_null). */
    public boolean isNull() {
        return isScalar() && number.isConstant(0);
    }

    /** Whether it is a known number (is_reg_const with 64 bits). */
    public boolean isKnownScalar() {
        return isScalar() && number.isConstant();
    }

    /** Whether it is of the kind, without modifiers. */
    public boolean is(Kind kind) {
        return type.is(kind);
    }

    /** A pointer's fixed and known variable offset as one; meaningful where the variable one is known. */
    public long constantOffset() {
        return off + number.bits().value();
    }

    public Value withType(Type newType) {
        return new Value(newType, off, payload, number, id, refId, frame);
    }

    public Value withOff(int newOff) {
        return new Value(type, newOff, payload, number, id, refId, frame);
    }

    public Value withPayload(Payload newPayload) {
        return new Value(type, off, newPayload, number, id, refId, frame);
    }

    public Value withNumber(Scalar newNumber) {
        return new Value(type, off, payload, newNumber, id, refId, frame);
    }

    public Value withId(int newId) {
        return newId == id ? this : new Value(type, off, payload, number, newId, refId, frame);
    }

    public Value withRefId(int newRefId) {
        return newRefId == refId ? this : new Value(type, off, payload, number, id, newRefId, frame);
    }

    /** Linked with no other number any more (clear_scalar_id). */
    public Value unlinked() {
        return id == 0 && off == 0 ? this : new Value(type, 0, payload, number, 0, refId, frame);
    }

    /** The id without its {@link #ADD_CONST} mark. */
    public int link() {
        return id & ~ADD_CONST;
    }

    /** Whether it is linked by a distance. */
    public boolean isLinkedByDistance() {
        return (id & ADD_CONST) != 0;
    }

    /** The map of a map pointer; any other value is a mistake of the caller's. */
    public MapObject map() {
        return ((Payload.OfMap) payload).map();
    }

    /** What tells inner maps apart; 0 without a map. */
    public int mapUid() {
        return payload instanceof Payload.OfMap of ? of.uid() : 0;
    }

    /** The BTF of a typed pointer. */
    public Btf btf() {
        return ((Payload.OfBtf) payload).btf();
    }

    /** The type of a typed pointer, in its BTF. */
    public int typeId() {
        return payload instanceof Payload.OfBtf of ? of.typeId() : 0;
    }

    /** The size of a memory region in bytes; 0 without one. */
    public int regionSize() {
        return payload instanceof Payload.Region region ? region.size() : 0;
    }

    /** The dynptr that a memory region is a slice of; 0 without one. */
    public int regionDynptr() {
        return payload instanceof Payload.Region region ? region.dynptrId() : 0;
    }

    /** How many bytes behind a packet pointer are there, or a constant of {@link Payload.PacketRange}. */
    public int packetRange() {
        return payload instanceof Payload.PacketRange range ? range.bytes() : 0;
    }

    /** Whether all that the kernel compares up to the id is equal: type, offset, payload, number. */
    public boolean sameContent(Value other) {
        return sameShape(other) && number.equals(other.number);
    }

    /** Whether type, offset and payload are equal. */
    public boolean sameShape(Value other) {
        return type.equals(other.type) && off == other.off && payload.equals(other.payload);
    }
}
