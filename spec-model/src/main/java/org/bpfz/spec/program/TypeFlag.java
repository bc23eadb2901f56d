package org.bpfz.spec.program;

/** What qualifies the kind of an argument, of a result or of a register (enum bpf_type_flag in include/linux/bpf.h). */
public enum TypeFlag {
    /** The pointer may be null; of an argument: null is accepted. */
    PTR_MAYBE_NULL,
    /** The memory is only read; of an argument: read-only memory is accepted too. */
    MEM_RDONLY,
    /** The memory is a record reserved in a ring buffer. */
    MEM_RINGBUF,
    /** The memory is user space's. */
    MEM_USER,
    /** The memory is one CPU's, to be reached through bpf_per_cpu_ptr or bpf_this_cpu_ptr. */
    MEM_PERCPU,
    /** The argument is given up with the call. */
    OBJ_RELEASE,
    /** The pointer may be read through but not passed on. */
    PTR_UNTRUSTED,
    /** The memory need not be initialised. */
    MEM_UNINIT,
    /** The dynptr is over the program's own memory. */
    DYNPTR_TYPE_LOCAL,
    /** The dynptr is over a ring buffer's record. */
    DYNPTR_TYPE_RINGBUF,
    /** The size is known to the prototype. */
    MEM_FIXED_SIZE,
    /** The memory is an object that the program allocated. */
    MEM_ALLOC,
    /** The kernel vouches for the pointer. */
    PTR_TRUSTED,
    /** The memory is protected by RCU. */
    MEM_RCU,
    /** The pointer is to an object of a list or tree which the program does not own. */
    NON_OWN_REF,
    /** The dynptr is over an sk_buff. */
    DYNPTR_TYPE_SKB,
    /** The dynptr is over an xdp_buff. */
    DYNPTR_TYPE_XDP,
    /** The memory must be aligned to its size. */
    MEM_ALIGNED,
    /** The memory is written by the call. */
    MEM_WRITE
}
