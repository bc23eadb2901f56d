package org.bpfz.spec.program;

/** What a kernel function asks for and gives, beyond its prototype (KF_*, include/linux/btf.h). */
public enum KfuncFlag {
    /** It returns an object that has to be released. */
    ACQUIRE,
    /** It releases the object that it gets. */
    RELEASE,
    /** The pointer that it returns may be NULL. */
    RET_NULL,
    /** Its pointers must be trusted. */
    TRUSTED_ARGS,
    /** It may sleep. */
    SLEEPABLE,
    /** It may bring the machine down. */
    DESTRUCTIVE,
    /** Its pointers must be trusted, or protected by RCU. */
    RCU,
    /** It begins an iteration. */
    ITER_NEW,
    /** It takes a step of an iteration. */
    ITER_NEXT,
    /** It ends an iteration. */
    ITER_DESTROY,
    /** What it begins is protected by RCU. */
    RCU_PROTECTED
}
