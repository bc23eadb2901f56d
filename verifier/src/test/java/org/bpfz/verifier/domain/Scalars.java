package org.bpfz.verifier.domain;

import java.util.SplittableRandom;
import org.bpfz.spec.isa.Condition;
import org.bpfz.spec.isa.Width;

/** Random knowledge for tests: what a verifier meets, and a number that belongs to it. */
public final class Scalars {
    /** What is known, and one number of which it is true. */
    public record Known(Scalar scalar, long member) {}

    private static final long[] EDGES = {0, 1, 2, 7, 8, 31, 32, 63, 64, 127, 128, 255, 256, 0x7fff, 0x8000, 0xffff,
        0x10000, Integer.MAX_VALUE,
        0x8000_0000L, 0xffff_ffffL, 0x1_0000_0000L, Long.MAX_VALUE, Long.MIN_VALUE, -1, -2, -128, -129, -32768,
        Integer.MIN_VALUE,
        Integer.MIN_VALUE - 1L};

    private Scalars() {
    }

    /** A number with a leaning to the edges of types. */
    public static long number(SplittableRandom random) {
        return switch (random.nextInt(5)) {
            case 0 -> EDGES[random.nextInt(EDGES.length)];
            case 1 -> EDGES[random.nextInt(EDGES.length)] + random.nextInt(-3, 4);
            case 2 -> random.nextLong() >>> random.nextInt(64);
            case 3 -> random.nextLong() >> random.nextInt(64);
            default -> random.nextLong();
        };
    }

    /** A constant, nothing, or what is left after some comparisons and masks that the member passes; synced as in the verifier. */
    public static Known known(SplittableRandom random) {
        long member = number(random);
        if (random.nextInt(6) == 0) {
            return new Known(Scalar.constant(member), member);
        }
        long mask = random.nextBoolean() ? -1 : random.nextLong();
        Scalar scalar = new Scalar(new Tnum(member & ~mask, mask), Range64.FULL, Range32.FULL).sync();
        for (int i = random.nextInt(5); i > 0; i--) {
            scalar = compared(random, scalar, member);
        }
        return new Known(scalar, member);
    }

    private static Scalar compared(SplittableRandom random, Scalar scalar, long member) {
        Width width = random.nextBoolean() ? Width.W64 : Width.W32;
        Condition condition = Condition.values()[random.nextInt(Condition.values().length)];
        long other = random.nextBoolean() ? number(random) : member + random.nextInt(-9, 10);
        boolean taken = holds(width, condition, member, other);
        return Branch.refine(width, condition, taken, scalar, Scalar.constant(other)).left();
    }

    /** Any ten words: knowledge that contradicts itself, as on paths that can't be taken. */
    public static Scalar contradictory(SplittableRandom random) {
        long mask = number(random);
        return new Scalar(new Tnum(number(random) & ~mask, mask),
                new Range64(number(random), number(random), number(random), number(random)),
                new Range32((int) number(random), (int) number(random), (int) number(random), (int) number(random)));
    }

    /** What a comparison of two concrete numbers says. */
    public static boolean holds(Width width, Condition condition, long a, long b) {
        long ua = width == Width.W64 ? a : a & 0xffff_ffffL;
        long ub = width == Width.W64 ? b : b & 0xffff_ffffL;
        long sa = width == Width.W64 ? a : (int) a;
        long sb = width == Width.W64 ? b : (int) b;
        return switch (condition) {
            case EQ -> ua == ub;
            case NE -> ua != ub;
            case SET -> (ua & ub) != 0;
            case GT -> Long.compareUnsigned(ua, ub) > 0;
            case GE -> Long.compareUnsigned(ua, ub) >= 0;
            case LT -> Long.compareUnsigned(ua, ub) < 0;
            case LE -> Long.compareUnsigned(ua, ub) <= 0;
            case SGT -> sa > sb;
            case SGE -> sa >= sb;
            case SLT -> sa < sb;
            case SLE -> sa <= sb;
        };
    }
}
