package org.bpfz.jit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.bpfz.jit.ConstantRemainder.Reciprocal;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A reciprocal divides as the division does, whatever is divided, and there is one for the divisors that matter. */
class ConstantRemainderProperties {
    private static final int[] EDGES = {0, 1, 2, Integer.MAX_VALUE, Integer.MIN_VALUE, -2, -1};

    @Property
    void divides(@ForAll int divisor, @ForAll int number) {
        check(divisor == 0 ? 1 : divisor, number);
    }

    @Property
    void dividesBySmallNumbers(@ForAll @IntRange(min = 1, max = 70_000) int divisor, @ForAll int number) {
        check(divisor, number);
        for (int edge : EDGES) {
            check(divisor, edge);
            check(divisor, edge * divisor);
            check(divisor, edge * divisor - 1);
        }
    }

    private static void check(int divisor, int number) {
        Reciprocal reciprocal = ConstantRemainder.reciprocal(divisor);
        assertTrue(reciprocal.multiplier() < 1L << Integer.SIZE);
        if (reciprocal.multiplier() != 0) {
            assertEquals(Integer.divideUnsigned(number, divisor),
                    (int) ((Integer.toUnsignedLong(number) * reciprocal.multiplier()) >>> reciprocal.shift()),
                    Integer.toUnsignedString(number) + " / " + Integer.toUnsignedString(divisor));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 5, 10, 16, 255, 256, 65_521, 65_536, 1 << 30, Integer.MIN_VALUE})
    void fitsThirtyTwoBits(int divisor) {
        assertNotEquals(0, ConstantRemainder.reciprocal(divisor).multiplier());
    }

    /** Whose reciprocal is exact takes a bit more than others; the shortest is taken. */
    @ParameterizedTest
    @CsvSource({"2, 2147483648, 32", "3, 2863311531, 33", "10, 3435973837, 35", "65536, 65536, 32"})
    void isTheShortest(int divisor, long multiplier, int shift) {
        assertEquals(new Reciprocal(multiplier, shift), ConstantRemainder.reciprocal(divisor));
    }

    /** Both take 33 bits. */
    @ParameterizedTest
    @ValueSource(ints = {1, 7})
    void isMissingWhereItDoesNotFit(int divisor) {
        assertEquals(0, ConstantRemainder.reciprocal(divisor).multiplier());
    }
}
