package org.bpfz.proofs.mutate;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import org.bpfz.proofs.lift.LiftException;
import org.jspecify.annotations.Nullable;

/** Values as text and as objects, so that those of two class loaders, and of terms, can be compared. */
public final class Flat {
    static final String THROWS = "an exception";
    /** What any text is: the lifter does not look into texts. */
    static final String TEXT = "a text";

    private Flat() {
    }

    static String record(Class<?> type, List<String> parts) {
        return type.getSimpleName() + "(" + String.join(", ", parts) + ")";
    }

    static String list(List<String> elements) {
        return "[" + String.join(", ", elements) + "]";
    }

    static String of(@Nullable Object value) {
        if (value instanceof String) {
            return TEXT;
        }
        if (value instanceof List<?> list) {
            return list(list.stream().map(Flat::of).toList());
        }
        if (value instanceof Enum<?> constant) {
            return constant.name();
        }
        if (value instanceof Long number) {
            return "0x" + Long.toHexString(number);
        }
        if (!(value instanceof Record)) {
            return String.valueOf(value);
        }
        List<String> parts = new ArrayList<>();
        for (RecordComponent component : value.getClass().getRecordComponents()) {
            parts.add(of(component(value, component)));
        }
        return record(value.getClass(), parts);
    }

    private static @Nullable Object component(Object value, RecordComponent component) {
        try {
            Method accessor = component.getAccessor();
            accessor.setAccessible(true);
            return accessor.invoke(value);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new LiftException("can't read " + component, e);
        }
    }

    static String number(long bits, Class<?> type) {
        return of(boxed(bits, type));
    }

    static Object boxed(long bits, Class<?> type) {
        return switch (type.getName()) {
            case "long" -> bits;
            case "int" -> (int) bits;
            case "boolean" -> (bits & 1) != 0;
            case "byte" -> (byte) bits;
            case "short" -> (short) bits;
            case "char" -> (char) bits;
            default -> throw new LiftException("a number of type " + type);
        };
    }

    /** A constant as the loader's classes have it. */
    public static Object in(ClassLoader loader, Object constant) {
        try {
            if (constant instanceof Enum<?> one) {
                Class<?> type = loader.loadClass(one.getDeclaringClass().getName());
                return type.getEnumConstants()[one.ordinal()];
            }
            if (!(constant instanceof Record)) {
                return constant;
            }
            Class<?> type = loader.loadClass(constant.getClass().getName());
            List<Class<?>> types = new ArrayList<>();
            List<@Nullable Object> parts = new ArrayList<>();
            for (RecordComponent component : constant.getClass().getRecordComponents()) {
                Object part = component(constant, component);
                parts.add(part == null ? null : in(loader, part));
            }
            for (RecordComponent component : type.getRecordComponents()) {
                types.add(component.getType());
            }
            Constructor<?> constructor = type.getDeclaredConstructor(types.toArray(Class<?>[]::new));
            constructor.setAccessible(true);
            return constructor.newInstance(parts.toArray());
        } catch (ReflectiveOperationException e) {
            throw new LiftException("can't copy " + constant, e);
        }
    }
}
