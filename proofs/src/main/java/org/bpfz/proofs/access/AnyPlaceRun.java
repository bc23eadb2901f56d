package org.bpfz.proofs.access;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.UnaryOperator;
import org.bpfz.interpreter.memory.ContextRules;
import org.bpfz.interpreter.memory.FaultSignal;
import org.bpfz.interpreter.memory.FlatMemory;
import org.bpfz.spec.engine.Invocation;
import org.bpfz.spec.memory.Layout;

/** Compiled code's accesses to a raw run's memory, at its ends and in its midst: what each yields or leaves there. */
public final class AnyPlaceRun implements UnaryOperator<String> {
    private static final int RAW = 24;

    @Override
    public String apply(String what) {
        try {
            Method home = Class.forName("org.bpfz.jit.JitRun", true, getClass().getClassLoader())
                    .getDeclaredMethod("homeOf", Invocation.class);
            home.setAccessible(true);
            long reach = ((Number) home.invoke(null, Invocation.raw(new byte[RAW]).build())).longValue();
            Class<?> anyPlace = Class.forName("org.bpfz.jit.AnyPlace", true, getClass().getClassLoader());
            Method[] methods = anyPlace.getDeclaredMethods();
            Arrays.sort(methods, Comparator.comparing(Method::getName));
            List<String> seen = new ArrayList<>();
            for (Method method : methods) {
                if (method.getParameterTypes()[0] == FlatMemory.class) {
                    method.setAccessible(true);
                    seen.add(method.getName() + all(method, reach));
                }
            }
            return seen.toString();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("compiled code's accesses can't be made", e);
        }
    }

    private static List<String> all(Method method, long home) throws ReflectiveOperationException {
        List<String> seen = new ArrayList<>();
        for (int offset : new int[]{-8, -1, 0, 1, 8, 16, 17, 20, 22, 23, 24, 32}) {
            seen.add(offset + "=" + one(method, home, Layout.CONTEXT + offset));
        }
        return seen;
    }

    private static String one(Method method, long home, long address) throws ReflectiveOperationException {
        FlatMemory memory = new FlatMemory();
        memory.begin(ContextRules.PLAIN);
        memory.defineContext(RAW, ContextRules.PLAIN);
        for (int i = 0; i < memory.bytes().length; i++) {
            memory.bytes()[i] = (byte) (i * 37);
        }
        try {
            Object result = method.getParameterCount() == 6
                    ? method.invoke(null, memory, memory.bytes(), home, Layout.CONTEXT, address, -2L)
                    : method.invoke(null, memory, memory.bytes(), home, Layout.CONTEXT, address);
            return result == null ? "#" + Arrays.hashCode(memory.bytes()) : result.toString();
        } catch (InvocationTargetException e) {
            return e.getCause() instanceof FaultSignal ? "fault" : String.valueOf(e.getCause());
        }
    }
}
