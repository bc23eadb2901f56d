package org.bpfz.spec.helper;

/**
 * The flags and the width of one conversion (lib/vsprintf.c, struct printf_spec).
 *
 * @param left  the text is at the left of its field
 * @param plus  a number that is not negative has a plus sign
 * @param space a number that is not negative has a space before it
 * @param zero  zeroes fill the field
 * @param width of the field, or {@link #NO_WIDTH}; anything negative pads nothing
 * @param end   where in the format the conversion's letters begin
 */
record Conversion(boolean left, boolean plus, boolean space, boolean zero, int width, int end) {
    /** No width is given. */
    static final int NO_WIDTH = -1;

    /** No flags and no width. */
    static final Conversion PLAIN = new Conversion(false, false, false, false, NO_WIDTH, 0);

    /** Bits of the kernel's field for the width, which is cut to them. */
    private static final int WIDTH_BITS = 24;

    /** The same in a field of this width, which zeroes fill unless the text is at the left (pointer_string). */
    Conversion ofPointer(int newWidth) {
        return new Conversion(left, plus, space, !left, newWidth, end);
    }

    /** What follows a percent sign. */
    static Conversion parse(byte[] format, int from) {
        boolean left = false;
        boolean plus = false;
        boolean space = false;
        boolean zero = false;
        int at = from;
        for (;; at++) {
            switch (format[at]) {
                case '-' -> left = true;
                case '+' -> plus = true;
                case ' ' -> space = true;
                case '0' -> zero = true;
                default -> {
                    return withWidth(format, at, new Conversion(left, plus, space, zero && !left, NO_WIDTH, at));
                }
            }
        }
    }

    private static Conversion withWidth(byte[] format, int from, Conversion spec) {
        int width = 0;
        int at = from;
        for (; format[at] >= '0' && format[at] <= '9'; at++) {
            width = width * 10 + format[at] - '0';
        }
        if (at == from) {
            return spec;
        }
        int cut = width << (Integer.SIZE - WIDTH_BITS) >> (Integer.SIZE - WIDTH_BITS);
        return new Conversion(spec.left, spec.plus, spec.space, spec.zero, cut, at);
    }
}
