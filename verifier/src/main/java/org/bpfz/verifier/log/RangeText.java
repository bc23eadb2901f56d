package org.bpfz.verifier.log;

import org.bpfz.verifier.domain.Scalar;

/**
 * The eight bounds of a number as the log shows them (print_scalar_ranges): a bound that says nothing is left out, and bounds of one
 * direction (minimum or maximum) with the same value share it: {@code smin=umin=5}.
 */
final class RangeText {
    private static final String[] NAMES = {"smin", "smax", "umin", "umax", "smin32", "smax32", "umin32", "umax32"};

    private RangeText() {
    }

    static void addTo(StatePrinter.Details details, Scalar number) {
        long[] bounds = {number.wide().smin(), number.wide().smax(), number.wide().umin(), number.wide().umax(),
            signed32(number.low().smin()), signed32(number.low().smax()),
            Integer.toUnsignedLong(number.low().umin()), Integer.toUnsignedLong(number.low().umax())};
        boolean[] omitted = {bounds[0] == Long.MIN_VALUE, bounds[1] == Long.MAX_VALUE, bounds[2] == 0, bounds[3] == -1,
            number.low().smin() == Integer.MIN_VALUE, number.low().smax() == Integer.MAX_VALUE,
            number.low().umin() == 0, number.low().umax() == -1};
        for (int i = 0; i < NAMES.length; i++) {
            if (omitted[i]) {
                continue;
            }
            StringBuilder names = new StringBuilder(NAMES[i]).append('=');
            for (int j = i + 2; j < NAMES.length; j += 2) {
                if (!omitted[j] && bounds[j] == bounds[i] && isNegative(j, bounds) == isNegative(i, bounds)) {
                    omitted[j] = true;
                    names.append(NAMES[j]).append('=');
                }
            }
            details.add(names + (isSigned(i) ? Numbers.signed(bounds[i]) : Numbers.unsigned(bounds[i])));
        }
    }

    /** Short negative numbers keep their sign; others show their 32 bits. */
    private static long signed32(int bound) {
        return Numbers.isShortSigned(bound) ? bound : Integer.toUnsignedLong(bound);
    }

    private static boolean isSigned(int index) {
        return NAMES[index].charAt(0) == 's';
    }

    private static boolean isNegative(int index, long[] bounds) {
        return isSigned(index) && bounds[index] < 0;
    }
}
