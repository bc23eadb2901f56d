package org.bpfz.verifier.call;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bpfz.spec.program.ArgKind;
import org.bpfz.spec.program.ArgType;
import org.bpfz.spec.program.HelperPrototype;
import org.bpfz.spec.program.TypeFlag;
import org.jspecify.annotations.Nullable;

/**
 * What a helper demands of an argument, its flags as bits: those of {@link org.bpfz.verifier.state.Type} and the ones below, which only
 * arguments have.
 *
 * @param size   bytes of memory of a fixed size, else 0
 * @param struct the kernel structure's name where the prototype says which, else null
 */
record ArgumentRule(ArgKind kind, int flags, int size, @Nullable String struct) {
    /** The object is released. */
    static final int RELEASE = 1 << TypeFlag.OBJ_RELEASE.ordinal();
    /** The memory need not be initialised. */
    static final int UNINIT = 1 << TypeFlag.MEM_UNINIT.ordinal();
    /** The size is the rule's. */
    static final int FIXED_SIZE = 1 << TypeFlag.MEM_FIXED_SIZE.ordinal();
    /** The memory must be aligned to its size. */
    static final int ALIGNED = 1 << TypeFlag.MEM_ALIGNED.ordinal();
    /** The memory is written. */
    static final int WRITE = 1 << TypeFlag.MEM_WRITE.ordinal();

    /** The rules of prototypes that were used already. */
    static final class Cache {
        private final Map<HelperPrototype, List<ArgumentRule>> rules = new HashMap<>();

        List<ArgumentRule> of(HelperPrototype prototype) {
            return rules.computeIfAbsent(prototype, ArgumentRule::of);
        }
    }

    private static List<ArgumentRule> of(HelperPrototype prototype) {
        List<ArgumentRule> rules = new ArrayList<>();
        for (ArgType argument : prototype.arguments()) {
            int flags = 0;
            for (TypeFlag flag : argument.flags()) {
                flags |= 1 << flag.ordinal();
            }
            rules.add(new ArgumentRule(argument.kind(), flags, argument.size(), argument.struct()));
        }
        return List.copyOf(rules);
    }

    boolean has(int anyOf) {
        return (flags & anyOf) != 0;
    }

    ArgumentRule withKind(ArgKind newKind) {
        return new ArgumentRule(newKind, flags, size, struct);
    }
}
