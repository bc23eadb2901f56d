package org.bpfz.oracle.selftest;

/**
 * What a run of a test program has to return (parse_retval in test_loader.c).
 *
 * @param any   a pointer, of which nobody knows where it points
 * @param value else all 32 bits
 */
record ExpectedReturn(boolean any, int value) {
    /** What the tests call TEST_DATA_LEN: the bytes of the packet that a run gets. */
    static final int DATA_LENGTH = 64;

    /** What a tag says; NumberFormatException where that is neither a name nor a number. */
    static ExpectedReturn of(String text) {
        return switch (text) {
            case "INT_MIN" -> new ExpectedReturn(false, Integer.MIN_VALUE);
            case "POINTER_VALUE" -> new ExpectedReturn(true, 0);
            case "TEST_DATA_LEN" -> new ExpectedReturn(false, DATA_LENGTH);
            default -> new ExpectedReturn(false, (int) (long) Long.decode(text));
        };
    }

    boolean accepts(long returned) {
        return any || (int) returned == value;
    }
}
