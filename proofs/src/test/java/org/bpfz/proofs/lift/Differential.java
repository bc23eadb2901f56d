package org.bpfz.proofs.lift;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.bpfz.proofs.term.Compiled;
import org.bpfz.proofs.term.Term;
import org.bpfz.proofs.term.Terms;

/** What code really does beside what its term says, on 100,000 random and edge inputs. */
final class Differential {
    static final int CASES = 100_000;

    private Differential() {
    }

    /** A number as mistakes like it: small, a power of two, around the bounds of int, or any. */
    private static long number(SplittableRandom random) {
        return switch (random.nextInt(5)) {
            case 0 -> random.nextInt(-3, 4);
            case 1 -> (1L << random.nextInt(64)) - random.nextInt(2);
            case 2 -> Integer.MAX_VALUE + (long) random.nextInt(-2, 4);
            case 3 -> random.nextInt();
            default -> random.nextLong();
        };
    }

    /** Variables of these types, by descriptor: J, I or S. */
    static List<Term> variables(Terms t, List<String> types) {
        List<Term> variables = new ArrayList<>();
        for (String type : types) {
            int width = switch (type) {
                case "J" -> 64;
                case "S" -> 16;
                default -> 32;
            };
            variables.add(t.variable("v" + variables.size(), width));
        }
        return variables;
    }

    /** What code makes of one input. */
    interface Code {
        /** Its result, zero-extended. */
        long apply(long[] words) throws Throwable;
    }

    /** Runs both sides on many inputs; code that throws must be said to. */
    static void compare(MethodHandle real, Term value, Term throwsWhen, List<Term> variables, List<String> types)
            throws Throwable {
        MethodHandle spread = real.asType(real.type().generic()).asSpreader(Object[].class, types.size());
        Object[] args = new Object[types.size()];
        compare(words -> {
            for (int i = 0; i < words.length; i++) {
                args[i] = switch (types.get(i)) {
                    case "J" -> (Object) words[i];
                    case "S" -> (short) words[i];
                    default -> (int) words[i];
                };
            }
            Object result = spread.invoke(args);
            return result instanceof Long wide ? wide : ((Number) result).intValue() & 0xffff_ffffL;
        }, value, throwsWhen, variables);
    }

    /** As {@link #compare(MethodHandle, Term, Term, List, List)}, of any code. */
    static void compare(Code real, Term value, Term throwsWhen, List<Term> variables) throws Throwable {
        SplittableRandom random = new SplittableRandom(25);
        Compiled lifted = new Compiled(value, variables);
        Compiled liftedThrows = new Compiled(throwsWhen, variables);
        long[] words = new long[variables.size()];
        long previous = 0;
        for (int n = 0; n < CASES; n++) {
            for (int i = 0; i < words.length; i++) {
                words[i] = i > 0 && random.nextInt(8) == 0 ? previous : number(random);
                previous = words[i];
            }
            boolean saidToThrow = liftedThrows.apply(words) == 1;
            try {
                long result = real.apply(words);
                if (saidToThrow) {
                    throw new AssertionError(Arrays.toString(words) + " does not throw");
                }
                long said = lifted.apply(words);
                if (result != said) {
                    assertEquals(Long.toHexString(result), Long.toHexString(said), Arrays.toString(words));
                }
            } catch (RuntimeException e) {
                if (!saidToThrow) {
                    throw new AssertionError(Arrays.toString(words) + " throws", e);
                }
            }
        }
    }
}
