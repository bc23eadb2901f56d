package org.bpfz.proofs.lift;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/** Code over objects as javac compiles it: each method of numbers is lifted and run by {@link LifterDifferentialTest}. */
final class ObjectCode {
    private static final int[] INTS = {3, -1, 4, Integer.MIN_VALUE, 5};
    private static final long[] LONGS = {1L << 40, -2, 7};
    private static final byte[] BYTES = {1, -128, 127};
    private static final short[] SHORTS = {-1, 300, Short.MIN_VALUE};
    private static final char[] CHARS = {'a', 0xffff, 0x8000};
    private static final boolean[] FLAGS = {true, false, true};
    private static final Colour[] IN_ORDER = {Colour.RED, Colour.GREEN, Colour.BLUE};
    private static final Colour[] OUT_OF_ORDER = {Colour.BLUE, Colour.RED, Colour.GREEN};
    private static final Pair CONSTANT = new Pair(-7, 1L << 33);
    private static final List<Integer> NUMBERS = List.of(3, 5, -9);
    private static final Map<String, Pair> NAMED = Map.of("one", CONSTANT, "two", new Pair(5, 6));
    private static final VarHandle SHORT_VIEW = view(short[].class);
    private static final VarHandle INT_VIEW = view(int[].class);
    private static final VarHandle LONG_VIEW = view(long[].class);

    private ObjectCode() {
    }

    private static VarHandle view(Class<?> type) {
        return MethodHandles.byteArrayViewVarHandle(type, ByteOrder.LITTLE_ENDIAN);
    }

    enum Colour {
        RED, GREEN, BLUE;

        public int weight() {
            return ordinal() * 10 + 1;
        }

        public boolean isWarm() {
            return this == RED;
        }
    }

    record Pair(int left, long right) {
        Pair {
            if (left == 13) {
                throw new IllegalArgumentException("unlucky " + right);
            }
        }

        Pair moved(int by) {
            return new Pair(left + by, right - by);
        }
    }

    record Nested(Pair first, Colour colour, Pair second) {}

    sealed interface Shape permits Square, Oblong {
        long area();

        default long twice() {
            return 2 * area();
        }
    }

    record Square(int side) implements Shape {
        @Override
        public long area() {
            return (long) side * side;
        }
    }

    record Oblong(int width, long height) implements Shape {
        @Override
        public long area() {
            return width * height;
        }

        @Override
        public long twice() {
            return -area();
        }
    }

    static class Base {
        private final long x;

        Base(long x) {
            this.x = x;
        }

        long value() {
            return x + 1;
        }

        int nothing(int a) {
            return a;
        }

        static int three() {
            return 3;
        }
    }

    static final class Derived extends Base {
        private final int y;

        Derived(long x, int y) {
            super(x ^ y);
            this.y = y;
        }

        @Override
        long value() {
            return super.value() * y;
        }
    }

    static final class Counter {
        private int count;
        private long sum;

        Counter(int count) {
            this.count = count;
            sum = -1;
        }

        void add(long more) {
            count++;
            sum += more;
        }

        int take() {
            return count++ + ++count;
        }
    }

    static long fields(int a, long b) {
        Pair pair = new Pair(a, b).moved(a);
        return pair.left + pair.right() + CONSTANT.left() + CONSTANT.right;
    }

    static long joined(int a, long b) {
        Pair pair = a < b ? new Pair(a, b) : new Pair((int) b, a);
        return pair.left() * 31L + pair.right();
    }

    static int equality(int a, int b) {
        Nested one = new Nested(new Pair(a, b), Colour.RED, new Pair(b, 1));
        Nested other = new Nested(new Pair(b, a), a < b ? Colour.RED : Colour.BLUE, new Pair(a, 1));
        return one.equals(other) ? 1 : one.first().equals(other.first()) ? 2 : 3;
    }

    static long writes(int a, long b) {
        Counter counter = new Counter(a);
        if (a > 0) {
            counter.add(b);
        }
        counter.add(a);
        return counter.sum * 100 + counter.take() * 10L + counter.count;
    }

    static long inheritance(int a, long b) {
        Base base = new Base(b);
        Base derived = new Derived(b, a);
        return base.value() ^ derived.value() + Base.three();
    }

    static long interfaces(int a, long b) {
        Shape square = new Square(a);
        Shape oblong = new Oblong(a, b);
        return square.area() + square.twice() + oblong.area() * 3 + oblong.twice() * 7;
    }

    private static long switched(@Nullable Shape shape) {
        return switch (shape) {
            case null -> -1;
            case Square square -> square.side();
            case Oblong(int width, long height) -> width ^ height;
        };
    }

    static long typeSwitch(int a, long b) {
        return switched(new Square(a)) + 3 * switched(new Oblong(a, b)) + switched(null);
    }

    private static long checked(@Nullable Object object) {
        if (object instanceof Pair pair) {
            return pair.right();
        }
        return object instanceof Square square ? square.side() : 17;
    }

    static long typeChecks(int a, long b) {
        return checked(new Pair(a, b)) + 5 * checked(new Square(a)) + checked(new Oblong(a, b)) + checked(null);
    }

    static int enums(int a, int b) {
        Colour colour = a < b ? Colour.RED : a == b ? Colour.GREEN : Colour.BLUE;
        int number = switch (colour) {
            case RED -> 5;
            case GREEN -> 6;
            case BLUE -> 7;
        };
        return number + colour.weight() * (colour.isWarm() ? 2 : 3) + (colour == Colour.BLUE ? 100 : 0)
                + (colour != Colour.GREEN ? 1000 : 0) + colour.ordinal();
    }

    static int enumsInOrder(int a) {
        return IN_ORDER[a].weight();
    }

    static int enumsOutOfOrder(int a) {
        return OUT_OF_ORDER[a].weight();
    }

    static int tables(int a) {
        return INTS[a];
    }

    static long wideTables(int a) {
        return LONGS[a & 3];
    }

    static int narrowTables(int a) {
        int i = a & 1;
        return BYTES[i + 1] + 3 * SHORTS[2 - i] + 7 * CHARS[i] + (FLAGS[i] ? 1 << 20 : 0) + BYTES[0] + CHARS.length;
    }

    static int arraysOfInts(int a, int b, int i) {
        int[] array = {1, a, b};
        array[i] = a ^ b;
        array[1] += 2;
        array[i]++;
        return array[0] * 3 + array[1] * 5 + array[2] * 7 + array.length;
    }

    static int arraysOfBytes(int a, int i) {
        byte[] array = new byte[3];
        array[i & 1] = (byte) a;
        array[2]--;
        return array[0] + array[1] * 1000 + array[2];
    }

    static int arraysOfShorts(int a, int i) {
        short[] array = new short[2];
        array[i] = (short) a;
        return array[0] + array[1] * 1000;
    }

    static int arraysOfChars(int a, int i) {
        char[] array = new char[2];
        array[i] = (char) a;
        return array[0] + array[1] * 1000;
    }

    static int arraysOfBooleans(int a, int i) {
        boolean[] array = new boolean[2];
        array[i] = a > 3;
        return (array[0] ? 1 : 0) + (array[1] ? 10 : 0);
    }

    static long arraysOfObjects(int a, long b) {
        Pair[] array = {new Pair(a, b), new Pair(a + 1, b + 1), CONSTANT};
        array[0] = array[1];
        return array[0].right() + array[2].left() + array.length;
    }

    private static @Nullable Pair none() {
        return null;
    }

    static int nulls(int a) {
        Pair none = none();
        if (none == null) {
            return a;
        }
        return none.left();
    }

    static int notNull(int a) {
        Pair some = new Pair(a, a);
        return some != null ? Objects.requireNonNull(some).left() : 0;
    }

    static int ofNull(int a) {
        return a > 5 ? a : none().left();
    }

    static int ofNullWithoutItsFields(int a) {
        return a > 5 ? a : noBase().nothing(a);
    }

    private static @Nullable Base noBase() {
        return null;
    }

    static int lambdas(int a, int b) {
        IntUnaryOperator times = x -> x * a + b;
        IntUnaryOperator named = ObjectCode::half;
        return times.applyAsInt(b) + named.applyAsInt(a);
    }

    private static int half(int a) {
        return a / 2;
    }

    static int anyMatch(int a) {
        return NUMBERS.stream().anyMatch(number -> number == a) ? 1 : 0;
    }

    static int knownCollections(int a) {
        return NAMED.get("two").left() * a + NUMBERS.size();
    }

    static long boxes(int a, long b) {
        Integer narrow = a;
        Long wide = b;
        return narrow + wide;
    }

    static List<Integer> listOf(int a, int b) {
        return List.of(a + b, b, a);
    }

    static int texts(int a) {
        if (a < 0) {
            Throwable cause = new Error("x" + a);
            throw new IllegalStateException(String.format("%d", a) + String.valueOf(a) + cause.toString());
        }
        return a;
    }

    static int loops(int a, int b) {
        int sum = 0;
        for (int i = 0; i < 5; i++) {
            sum = sum * 3 + b;
            if (sum == a) {
                continue;
            }
            sum ^= i;
        }
        return sum;
    }

    static int division(int a, int b) {
        if (b == 7) {
            throw new IllegalArgumentException("seven");
        }
        return 1 / (a - b) + a % b;
    }

    // What follows is lifted over an array of any length.

    static int openBytes(byte[] array, int i, int v) {
        array[i] = (byte) v;
        return array[3] + array[i] + array.length;
    }

    static int openShorts(short[] array, int i, int v) {
        array[i] = (short) v;
        return array[3] + array[i] + array.length;
    }

    static int openChars(char[] array, int i, int v) {
        array[i] = (char) v;
        return array[3] + array[i] + array.length;
    }

    static int openInts(int[] array, int i, int v) {
        array[i] = v;
        return array[3] + array[i] + array.length;
    }

    static long openLongs(long[] array, int i, int v) {
        array[i] = v;
        return array[3] + array[i] + array.length;
    }

    static int shortView(byte[] array, int i, int v) {
        SHORT_VIEW.set(array, i, (short) v);
        return (short) SHORT_VIEW.get(array, i) + (short) SHORT_VIEW.get(array, 2);
    }

    static int intView(byte[] array, int i, int v) {
        INT_VIEW.set(array, i, v);
        return (int) INT_VIEW.get(array, 1) + (int) INT_VIEW.get(array, i);
    }

    static long longView(byte[] array, int i, int v) {
        long before = (long) LONG_VIEW.get(array, i);
        LONG_VIEW.set(array, i, (long) v << 7);
        return before ^ (long) LONG_VIEW.get(array, 0);
    }

    // And this over bytes at one place.

    static long narrowAtOnePlace(byte[] array, int i, int v) {
        array[i] = (byte) v;
        return array[i] + (long) LONG_VIEW.get(array, i);
    }

    static long viewsAtOnePlace(byte[] array, int i, int v) {
        INT_VIEW.set(array, i, (int) INT_VIEW.get(array, i) + v);
        SHORT_VIEW.set(array, i, (short) ((short) SHORT_VIEW.get(array, i) ^ v));
        return (long) LONG_VIEW.get(array, i);
    }
}
