package org.bpfz.verifier.btf;

/**
 * What BTF says of an argument of a function of the program (struct bpf_subprog_arg_info).
 *
 * @param nullable whether NULL may be passed
 * @param size     of memory: in bytes
 * @param typeId   of a kernel object: its type in the kernel's BTF
 */
public record Argument(Kind kind, boolean nullable, int size, int typeId) {
    /** The kinds of arguments. */
    public enum Kind {
        /** A number. */
        ANYTHING,
        /** The context. */
        CTX,
        /** Memory of a fixed size. */
        MEM,
        /** A dynptr that is only read. */
        DYNPTR,
        /** A kernel object that the kernel vouches for. */
        TRUSTED,
        /** A pointer into an arena. */
        ARENA
    }

    static Argument of(Kind kind) {
        return new Argument(kind, false, 0, 0);
    }
}
