package org.bpfz.verifier.call;

import org.bpfz.spec.btf.Btf;
import org.bpfz.spec.btf.BtfType;
import org.bpfz.spec.btf.BtfType.Param;
import org.bpfz.spec.program.Kfunc;
import org.bpfz.spec.program.KfuncFlag;
import org.jspecify.annotations.Nullable;

/**
 * A kernel function that the program calls (struct bpf_kfunc_desc).
 *
 * @param id  its number in the kernel's types
 * @param row what is registered of it, or null where the program may not call it
 */
record KernelFunction(Btf btf, int id, String name, BtfType.FuncProto prototype, @Nullable Kfunc row) {
    boolean has(KfuncFlag flag) {
        return row != null && row.has(flag);
    }

    boolean releases() {
        return has(KfuncFlag.RELEASE);
    }

    /** Whether pointers must be trusted: releasing functions ask for that too (is_kfunc_trusted_args). */
    boolean wantsTrusted() {
        return has(KfuncFlag.TRUSTED_ARGS) || releases();
    }

    boolean wantsRcu() {
        return has(KfuncFlag.RCU);
    }

    boolean isIterator() {
        return has(KfuncFlag.ITER_NEW) || has(KfuncFlag.ITER_NEXT) || has(KfuncFlag.ITER_DESTROY);
    }

    int arguments() {
        return prototype.params().size();
    }

    Param argument(int number) {
        return prototype.params().get(number);
    }

    /** The type of an argument without its modifiers. */
    BtfType typeOf(int number) {
        return btf.resolved(argument(number).type());
    }

    /** Whether the argument's name ends so: what it is beyond its type (btf_param_match_suffix). */
    boolean isNamed(int number, Suffix suffix) {
        return argument(number).name().endsWith(suffix.text);
    }

    /** The call as the log names it. */
    String label() {
        return name + "#" + id;
    }

    /** The endings of argument names and what they say. */
    enum Suffix {
        /** The size of the memory that the argument before points to. */
        SIZE("__sz"),
        /** The same, and it must be a constant. */
        CONSTANT_SIZE("__szk"),
        /** A number that must be a constant. */
        CONSTANT("__k"),
        /** NULL will do for memory. */
        OPTIONAL("__opt"),
        /** Not looked at: the kernel fills it. */
        IGNORED("__ign"),
        /** A map. */
        MAP("__map"),
        /** An object of the program's own. */
        ALLOCATED("__alloc"),
        /** A place for something new. */
        UNINITIALISED("__uninit"),
        /** An object of the program's own with a reference count. */
        REFCOUNTED("__refcounted_kptr"),
        /** NULL will do. */
        NULLABLE("__nullable"),
        /** A string that can't change. */
        STRING("__str"),
        /** An iterator. */
        ITERATOR("__iter");

        private final String text;

        Suffix(String text) {
            this.text = text;
        }
    }
}
