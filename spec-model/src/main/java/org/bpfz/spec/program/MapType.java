package org.bpfz.spec.program;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What kind of map this is: all of Linux 6.12 (enum bpf_map_type), under the newer of two names where it has two.
 */
public enum MapType {
    UNSPEC(0),
    HASH(1),
    ARRAY(2),
    PROG_ARRAY(3),
    PERF_EVENT_ARRAY(4),
    PERCPU_HASH(5),
    PERCPU_ARRAY(6),
    STACK_TRACE(7),
    CGROUP_ARRAY(8),
    LRU_HASH(9),
    LRU_PERCPU_HASH(10),
    LPM_TRIE(11),
    ARRAY_OF_MAPS(12),
    HASH_OF_MAPS(13),
    DEVMAP(14),
    SOCKMAP(15),
    CPUMAP(16),
    XSKMAP(17),
    SOCKHASH(18),
    CGROUP_STORAGE(19),
    REUSEPORT_SOCKARRAY(20),
    PERCPU_CGROUP_STORAGE(21),
    QUEUE(22),
    STACK(23),
    SK_STORAGE(24),
    DEVMAP_HASH(25),
    STRUCT_OPS(26),
    RINGBUF(27),
    INODE_STORAGE(28),
    TASK_STORAGE(29),
    BLOOM_FILTER(30),
    USER_RINGBUF(31),
    CGRP_STORAGE(32),
    ARENA(33);

    private static final MapType[] BY_NUMBER = values();

    private final int number;

    MapType(int number) {
        this.number = number;
    }

    /** The number in the attributes of bpf(2). */
    public int number() {
        return number;
    }

    /** The enumerator of include/uapi/linux/bpf.h: {@code BPF_MAP_TYPE_LRU_HASH}. */
    public String kernelName() {
        return "BPF_MAP_TYPE_" + name();
    }

    /** As bpftool and libbpf print it: {@code lru_hash}. */
    public String toolName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The type with the number, or null where there is none. */
    public static @Nullable MapType of(int number) {
        return number >= 0 && number < BY_NUMBER.length ? BY_NUMBER[number] : null;
    }

    /** The type with that {@link #toolName}, or null where there is none. */
    public static @Nullable MapType ofToolName(String name) {
        for (MapType type : BY_NUMBER) {
            if (type.toolName().equals(name)) {
                return type;
            }
        }
        return null;
    }
}
