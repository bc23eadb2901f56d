package org.bpfz.verifier.call;

/** How a pointer that a kernel function gets is checked (enum kfunc_ptr_arg_type). */
enum KfuncArgumentKind {
    CONTEXT,
    NULL,
    ALLOCATED,
    REFCOUNTED,
    DYNPTR,
    ITERATOR,
    STRING,
    MAP,
    OBJECT,
    MEMORY,
    SIZED_MEMORY,
    /** Lists, trees, work queues and callbacks, which are not modelled. */
    UNMODELLED
}
