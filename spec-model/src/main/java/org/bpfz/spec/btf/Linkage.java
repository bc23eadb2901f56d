package org.bpfz.spec.btf;

/** Who can see a function or a variable (BTF_FUNC_* and BTF_VAR_*, in the order of their numbers). */
public enum Linkage {
    /** Only its own file. */
    STATIC,
    /** Everyone; it is defined here. */
    GLOBAL,
    /** It is only declared here: a kernel symbol or a configuration value. */
    EXTERN
}
