package org.bpfz.spec.program;

/** The flags of BPF_MAP_CREATE in Linux 6.12 (include/uapi/linux/bpf.h). */
public enum MapFlag {
    /** Elements of a hash are allocated when they are added. */
    NO_PREALLOC(0),
    /** An LRU list for each CPU. */
    NO_COMMON_LRU(1),
    /** The map's memory is taken from a given NUMA node. */
    NUMA_NODE(2),
    /** User space may only read. */
    RDONLY(3),
    /** User space may only write. */
    WRONLY(4),
    /** Stack traces hold build ids and offsets in place of addresses. */
    STACK_BUILD_ID(5),
    /** Hash with seed 0. */
    ZERO_SEED(6),
    /** Programs may only read. */
    RDONLY_PROG(7),
    /** Programs may only write. */
    WRONLY_PROG(8),
    /** A socket's storage is copied to the sockets that it accepts. */
    CLONE(9),
    /** User space may map the memory. */
    MMAPABLE(10),
    /** Events stay when the descriptor that stored them is closed. */
    PRESERVE_ELEMS(11),
    /** Inner arrays may differ in the number of entries. */
    INNER_MAP(12),
    /** Create the map with a link. */
    LINK(13),
    /** A path's descriptor is given. */
    PATH_FD(14),
    /** The value type is in a kernel module's BTF. */
    VTYPE_BTF_OBJ_FD(15),
    /** A BPF token's descriptor is given. */
    TOKEN_FD(16),
    /** User space gets SIGSEGV where an arena has no page. */
    SEGV_ON_FAULT(17),
    /** Pointers of an arena are not converted for user space. */
    NO_USER_CONV(18);

    private final int mask;

    MapFlag(int bit) {
        mask = 1 << bit;
    }

    /** The flag as one bit of map_flags. */
    public int mask() {
        return mask;
    }

    /** The macro of include/uapi/linux/bpf.h: {@code BPF_F_NO_PREALLOC}. */
    public String kernelName() {
        return "BPF_F_" + name();
    }
}
