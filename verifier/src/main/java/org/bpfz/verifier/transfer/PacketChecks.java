package org.bpfz.verifier.transfer;

import org.bpfz.spec.isa.Condition;
import org.bpfz.verifier.domain.Branch.Decision;
import org.bpfz.verifier.state.Kind;
import org.bpfz.verifier.state.Payload;
import org.bpfz.verifier.state.Payload.PacketRange;
import org.bpfz.verifier.state.Register;
import org.bpfz.verifier.state.State;
import org.bpfz.verifier.state.Value;

/**
 * Comparisons of a packet pointer with the packet's end, or of a metadata pointer with the packet's begin: on the way where the pointer is
 * not behind the end, all bytes before it are there (try_match_pkt_pointers, find_good_pkt_pointers).
 */
final class PacketChecks {
    private static final long MAX_OFFSET = 0xffff;

    static boolean isPacketOrEnd(Value value) {
        return value.type().flags() == 0 && (value.kind().isPacketData() || value.kind() == Kind.PACKET_END);
    }

    /** What is known from a comparison before (is_pkt_ptr_branch_taken). */
    static Decision decide(Condition condition, Value left, Value right) {
        Value packet;
        Condition oriented;
        if (right.is(Kind.PACKET_END)) {
            packet = left;
            oriented = condition;
        } else if (left.is(Kind.PACKET_END)) {
            packet = right;
            oriented = flipped(condition);
        } else {
            return Decision.EITHER;
        }
        int range = packet.packetRange();
        boolean beyond = range == PacketRange.BEYOND_END;
        boolean atOrBeyond = beyond || range == PacketRange.AT_END;
        return switch (oriented) {
            case GT -> beyond ? Decision.ALWAYS : Decision.EITHER;
            case LE -> beyond ? Decision.NEVER : Decision.EITHER;
            case GE -> atOrBeyond ? Decision.ALWAYS : Decision.EITHER;
            case LT -> atOrBeyond ? Decision.NEVER : Decision.EITHER;
            default -> Decision.EITHER;
        };
    }

    private static Condition flipped(Condition condition) {
        return switch (condition) {
            case GT -> Condition.LT;
            case LT -> Condition.GT;
            case GE -> Condition.LE;
            case LE -> Condition.GE;
            default -> condition;
        };
    }

    /** Whether the comparison is one of packet pointers; then both ways have learnt from it. */
    boolean compare(Condition condition, int left, int right, State stay, State jump) {
        Value l = stay.register(left).value();
        Value r = stay.register(right).value();
        if (isBeforeEnd(l, r)) {
            return compare(condition, left, stay, jump);
        }
        if (isBeforeEnd(r, l)) {
            return compare(flipped(condition), right, stay, jump);
        }
        return false;
    }

    /** A pointer and what bounds it. */
    private static boolean isBeforeEnd(Value pointer, Value end) {
        return (pointer.is(Kind.PACKET) && end.is(Kind.PACKET_END))
                || (pointer.is(Kind.PACKET_META) && isPacketBegin(end));
    }

    private static boolean isPacketBegin(Value value) {
        return value.is(Kind.PACKET) && value.id() == 0 && value.off() == 0 && value.number().isConstant(0);
    }

    /** {@code pointer condition end}: which way is which, and whether the pointer may equal the end there. */
    private static boolean compare(Condition condition, int pointer, State stay, State jump) {
        switch (condition) {
            case GT -> learn(pointer, stay, false, jump);
            case GE -> learn(pointer, stay, true, jump);
            case LT -> learn(pointer, jump, true, stay);
            case LE -> learn(pointer, jump, false, stay);
            default -> {
                return false;
            }
        }
        return true;
    }

    /**
     * @param inside where the pointer is not behind the end
     * @param before whether it is even before the end there: then one more byte is known
     */
    private static void learn(int register, State inside, boolean before, State behind) {
        Value pointer = inside.register(register).value();
        extendRanges(inside, pointer, before);
        Register beyond = behind.register(register);
        if (beyond.value().is(Kind.PACKET)) {
            beyond.set(
                    beyond.value().withPayload(PacketRange.of(before ? PacketRange.AT_END : PacketRange.BEYOND_END)));
        }
    }

    private static void extendRanges(State state, Value pointer, boolean before) {
        int off = pointer.off();
        long max = pointer.number().wide().umax();
        if (off < 0 || (off == 0 && before) || Long.compareUnsigned(max, MAX_OFFSET) > 0
                || Long.compareUnsigned(max + off, MAX_OFFSET) > 0) {
            return;
        }
        int range = before ? off + 1 : off;
        state.forEachRegister(register -> {
            Value value = register.value();
            if (value.type().equals(pointer.type()) && value.id() == pointer.id() && value.packetRange() < range) {
                Payload payload = PacketRange.of(range);
                register.set(value.withPayload(payload));
            }
        });
    }
}
