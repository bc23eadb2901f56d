package org.bpfz.verifier.domain;

import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.bpfz.spec.isa.AluOp;
import org.bpfz.spec.isa.Condition;
import org.bpfz.spec.isa.Width;
import org.bpfz.verifier.domain.Scalars.Known;

/** A number that belongs to what is known before an operation belongs to what is known after it. */
class SoundnessProperties {
    private static void assertMember(Scalar scalar, long member, Object why) {
        assertTrue(scalar.contains(member), () -> Long.toHexString(member) + " not in " + scalar + " after " + why);
    }

    @Property(tries = 20_000)
    void synchronisationKeepsMembers(@ForAll long seed) {
        Known known = Scalars.known(new SplittableRandom(seed));
        assertMember(known.scalar().sync(), known.member(), "sync of " + known.scalar());
        assertMember(known.scalar(), known.member(), "generation");
    }

    @Property(tries = 50_000)
    void arithmeticKeepsMembers(@ForAll long seed, @ForAll Width width, @ForAll AluOp op) {
        SplittableRandom random = new SplittableRandom(seed);
        Known a = Scalars.known(random);
        long distance = random.nextInt(0, width.bits());
        Known b = switch (op) {
            case LSH, RSH, ARSH -> new Known(Scalar.constant(distance), distance);
            default -> Scalars.known(random);
        };
        assertMember(ScalarAlu.apply(width, op, a.scalar(), b.scalar()), concrete(width, op, a.member(), b.member()),
                width + " " + a + " " + op + " " + b);
    }

    private static long concrete(Width width, AluOp op, long a, long b) {
        boolean w64 = width == Width.W64;
        long result = switch (op) {
            case ADD -> a + b;
            case SUB -> a - b;
            case MUL -> a * b;
            case OR -> a | b;
            case AND -> a & b;
            case XOR -> a ^ b;
            case LSH -> a << b;
            case RSH -> w64 ? a >>> b : (a & 0xffff_ffffL) >>> b;
            case ARSH -> w64 ? a >> b : a << 32 >> 32 >> b;
            case DIV, SDIV, MOD, SMOD -> 0; // nothing is known of the result, so any number will do
        };
        return w64 ? result : result & 0xffff_ffffL;
    }

    @Property(tries = 50_000)
    void branchesKeepMembers(@ForAll long seed, @ForAll Width width, @ForAll Condition condition) {
        SplittableRandom random = new SplittableRandom(seed);
        Known a = Scalars.known(random);
        Known b = Scalars.known(random);
        boolean taken = Scalars.holds(width, condition, a.member(), b.member());
        String why = width + " " + a + " " + condition + " " + b;
        assertNotEquals(taken ? Branch.Decision.NEVER : Branch.Decision.ALWAYS,
                Branch.decide(width, condition, a.scalar(), b.scalar()), why);
        Branch.Refined refined = Branch.refine(width, condition, taken, a.scalar(), b.scalar());
        assertMember(refined.left(), a.member(), why);
        assertMember(refined.right(), b.member(), why);
    }

    @Property(tries = 20_000)
    void extensionKeepsMembers(@ForAll long seed) {
        Known a = Scalars.known(new SplittableRandom(seed));
        assertMember(a.scalar().zeroExtended().sync(), a.member() & 0xffff_ffffL, a);
        assertMember(a.scalar().truncated(1), a.member() & 0xff, a);
        assertMember(a.scalar().truncated(2), a.member() & 0xffff, a);
        assertMember(a.scalar().truncated(4), a.member() & 0xffff_ffffL, a);
        assertMember(a.scalar().signExtended(1), (byte) a.member(), a);
        assertMember(a.scalar().signExtended(2), (short) a.member(), a);
        assertMember(a.scalar().signExtended(4), a.member() << 32 >> 32, a);
        assertMember(a.scalar().signExtendedLow(1).zeroExtended().sync(), (byte) a.member() & 0xffff_ffffL, a);
        assertMember(a.scalar().signExtendedLow(2).zeroExtended().sync(), (short) a.member() & 0xffff_ffffL, a);
    }
}
