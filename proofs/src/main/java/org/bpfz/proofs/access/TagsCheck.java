package org.bpfz.proofs.access;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Tags of a small arena in which regions are made and taken away, compared with a list of what each byte is of. */
public final class TagsCheck implements Supplier<@Nullable String> {
    private static final int BYTES = 32;
    private static final int NOTHING = -1;
    private static final int RIGHTS = FlatArena.NO_READ | FlatArena.NO_WRITE | FlatArena.CONTEXT;
    static final String BOUND = "all pairs of regions in an arena of " + BYTES
            + " bytes, with all rights, one of them taken away or none, and all ranges of bytes";

    private final Constructor<?> constructor;
    private final Method reserve;
    private final Method define;
    private final Method clear;
    private final Method permit;
    private final Method access;

    /** Which region each byte is of, and with what rights. */
    private final int[] regions = new int[BYTES];
    private final int[] rights = new int[BYTES];

    /** Of the class beside the memory. */
    public TagsCheck() throws ReflectiveOperationException {
        Class<?> tags = Class.forName("org.bpfz.interpreter.memory.Tags", true, TagsCheck.class.getClassLoader());
        constructor = tags.getDeclaredConstructor();
        constructor.setAccessible(true);
        reserve = method(tags, "reserve", int.class);
        define = method(tags, "define", int.class, int.class, int.class);
        clear = method(tags, "clear", int.class, int.class);
        permit = method(tags, "permit", int.class, int.class, int.class);
        access = method(tags, "access");
    }

    private static Method method(Class<?> owner, String name, Class<?>... parameters) throws NoSuchMethodException {
        Method method = owner.getDeclaredMethod(name, parameters);
        method.setAccessible(true);
        return method;
    }

    @Override
    public @Nullable String get() {
        for (int begin = 0; begin < BYTES; begin += 8) {
            for (int end = begin + 1; end <= BYTES; end++) {
                for (int second = (end + 7) & -8; second < BYTES; second += 8) {
                    for (int secondEnd = second + 1; secondEnd <= BYTES; secondEnd++) {
                        String wrong = tried(begin, end, second, secondEnd);
                        if (wrong != null) {
                            return wrong;
                        }
                    }
                }
            }
        }
        return null;
    }

    private @Nullable String tried(int begin, int end, int second, int secondEnd) {
        for (int one = 0; one <= RIGHTS; one += FlatArena.NO_READ) {
            if ((one & RIGHTS) == one) {
                for (int cleared = 0; cleared < 3; cleared++) {
                    String wrong = compared(begin, end, one, second, secondEnd, cleared);
                    if (wrong != null) {
                        return "regions " + begin + "-" + end + " (" + one + "), " + second + "-" + secondEnd
                                + ", taken away " + cleared + ": " + wrong;
                    }
                }
            }
        }
        return null;
    }

    private @Nullable String compared(int begin, int end, int one, int second, int secondEnd, int cleared) {
        try {
            Object tags = constructor.newInstance();
            reserve.invoke(tags, BYTES);
            Arrays.fill(regions, NOTHING);
            define.invoke(tags, begin, end - begin, one);
            note(begin, end, 1, one);
            define.invoke(tags, second, secondEnd - second, 0);
            note(second, secondEnd, 2, 0);
            if (cleared == 1) {
                clear.invoke(tags, begin, end - begin);
                note(begin, end, NOTHING, 0);
            } else if (cleared == 2) {
                clear.invoke(tags, second, secondEnd - second);
                note(second, secondEnd, NOTHING, 0);
            }
            return compared(tags);
        } catch (InvocationTargetException e) {
            return String.valueOf(e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("tags can't be asked", e);
        }
    }

    private void note(int begin, int end, int region, int itsRights) {
        Arrays.fill(regions, begin, end, region);
        Arrays.fill(rights, begin, end, itsRights);
    }

    private @Nullable String compared(Object tags) throws ReflectiveOperationException {
        byte[] shortForms = (byte[]) access.invoke(tags);
        for (int offset = 0; offset < BYTES; offset++) {
            for (int denied : new int[]{FlatArena.NO_READ, FlatArena.NO_WRITE | FlatArena.CONTEXT}) {
                int reach = reach(offset, denied);
                for (int size = 1; size <= BYTES - offset; size++) {
                    if ((boolean) permit.invoke(tags, offset, size, denied) != size <= reach) {
                        return size + " bytes at " + offset + " without " + denied + ": " + (size > reach);
                    }
                }
            }
            int form = shortForms[offset / 8];
            int within = offset % 8;
            if (within < (form & 15) != (reach(offset, FlatArena.NO_READ | FlatArena.CONTEXT) > 0)
                    || within < (form >>> 4 & 15) != (reach(offset, FlatArena.NO_WRITE | FlatArena.CONTEXT) > 0)) {
                return "the short form of the granule of byte " + offset + ": " + form;
            }
        }
        return null;
    }

    /** How many bytes from this one on are of its region and not denied. */
    private int reach(int offset, int denied) {
        int end = offset;
        while (end < BYTES && regions[end] != NOTHING && regions[end] == regions[offset]
                && (rights[end] & denied) == 0) {
            end++;
        }
        return end - offset;
    }
}
