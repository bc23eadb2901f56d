package org.bpfz.proofs.lift;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Array;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.bpfz.proofs.term.Op;
import org.bpfz.proofs.term.Term;
import org.bpfz.proofs.term.Terms;

/** The methods of {@link ObjectCode}, by what they take, lifted and ready to be run. */
final class ObjectSamples {
    /** How long an array of any length is when the code is run. */
    private static final int ELEMENTS = 11;

    private ObjectSamples() {
    }

    private static Stream<Method> all() {
        return Arrays.stream(ObjectCode.class.getDeclaredMethods())
                .filter(method -> !method.isSynthetic() && !Modifier.isPrivate(method.getModifiers())
                        && method.getReturnType().isPrimitive());
    }

    /** Of numbers only. */
    static Stream<Method> ofNumbers() {
        return all().filter(method -> !method.getParameterTypes()[0].isArray());
    }

    /** Of an array of any length, an index and a number. */
    static Stream<Method> ofArrays() {
        return all().filter(method -> method.getParameterTypes()[0].isArray() && !isAtOnePlace(method));
    }

    /** Of bytes that are touched at one index, the index and a number. */
    static Stream<Method> atOnePlace() {
        return all().filter(ObjectSamples::isAtOnePlace);
    }

    private static boolean isAtOnePlace(Method method) {
        return method.getName().endsWith("AtOnePlace");
    }

    static Value[] words(List<Term> terms) {
        return terms.stream().map(Value.Word::new).toArray(Value[]::new);
    }

    /** Applied to an array whose elements are made of the first of the variables, to an index made of the second, and to the third. */
    static JavaLifter.Lifted liftOpen(JavaLifter lifter, Method method, List<Term> variables) {
        Terms t = lifter.terms();
        Heap heap = lifter.newHeap();
        Class<?> type = method.getParameterTypes()[0];
        int width = switch (type.getComponentType().getName()) {
            case "byte" -> 8;
            case "short", "char" -> 16;
            case "int" -> 32;
            default -> 64;
        };
        Value array = OpenArray.make(lifter, type, t.bv(32, ELEMENTS), index -> {
            Term wide = t.zeroExtend(index, 64);
            Term odd = t.add(t.add(wide, wide), t.bv(64, 1));
            return t.extract(t.add(t.binary(Op.MUL, variables.getFirst(), odd), wide), 0, width);
        }, heap);
        Term word = variables.get(1);
        Term index = t.ite(t.eq(t.extract(word, 4, 1), t.bv(1, 0)), word, t.bvAnd(word, t.bv(32, 15)));
        return lifter.liftStatic(ObjectCode.class, method.getName(), heap, array, new Value.Word(index),
                new Value.Word(variables.get(2)));
    }

    private static Object array(Class<?> type, long seed) {
        Object array = Array.newInstance(type.getComponentType(), ELEMENTS);
        for (int i = 0; i < ELEMENTS; i++) {
            long element = seed * (2 * i + 1) + i;
            switch (array) {
                case byte[] bytes -> bytes[i] = (byte) element;
                case short[] shorts -> shorts[i] = (short) element;
                case char[] chars -> chars[i] = (char) element;
                case int[] ints -> ints[i] = (int) element;
                default -> ((long[]) array)[i] = element;
            }
        }
        return array;
    }

    private static MethodHandle generic(Method method) throws IllegalAccessException {
        MethodHandle real = MethodHandles.lookup().unreflect(method);
        return real.asType(real.type().generic());
    }

    private static long bits(Object result) {
        return result instanceof Long wide ? wide : ((Number) result).intValue() & 0xffff_ffffL;
    }

    /** What {@link #liftOpen} is about, run. Most indices are outside of the array; of half of them only the low bits are taken. */
    static Differential.Code overArray(Method method) throws IllegalAccessException {
        MethodHandle real = generic(method);
        return words -> bits(real.invoke(array(method.getParameterTypes()[0], words[0]),
                (words[1] & 16) == 0 ? (int) words[1] : (int) words[1] & 15, (int) words[2]));
    }

    /** Applied to bytes of which eight, at an index, are the variable "memory"; to the variables "index" and "v". */
    static JavaLifter.Lifted liftAtOnePlace(JavaLifter lifter, Method method) {
        Terms t = lifter.terms();
        Heap heap = lifter.newHeap();
        Value bytes = Bytes.make(lifter, byte[].class, heap);
        return lifter.liftStatic(ObjectCode.class, method.getName(), heap, bytes,
                new Value.Word(t.variable("index", 32)), new Value.Word(t.variable("v", 32)));
    }

    /** What {@link #liftAtOnePlace} is about, run where the eight bytes are in the array or, if the fourth word is odd, are outside of it. */
    static Differential.Code overBytes(Method method) throws IllegalAccessException {
        MethodHandle real = generic(method);
        return words -> {
            int index = (int) words[1] & 31;
            byte[] bytes = new byte[(words[3] & 1) == 0 ? index + Long.BYTES : index];
            if (bytes.length > index) {
                ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(index, words[0]);
            }
            return bits(real.invoke(bytes, index, (int) words[2]));
        };
    }
}
