package org.bpfz.spec.memory;

/**
 * Where everything lies in the 64-bit address space of programs: one fixed plan, shared by the specification and all engines, so that
 * equal programs see equal addresses.
 *
 * <p>Two parts. The <em>arena</em>, from {@link #BASE} on, holds all bytes that a program may load and store; an engine keeps it in one
 * array and checks an address by {@code address - BASE} alone. What is above the arena only has addresses: map handles, functions, the
 * written data, kernel objects. A load or store there is a fault on every engine.
 *
 * <pre>
 * BASE             stack, 8 frames of 512 bytes; frame k's R10 is STACK_TOP - 512 k
 * ITERATION_KEYS   the keys that bpf_for_each_map_elem makes up for arrays
 * CONTEXT          the context, or the memory of a raw run
 * PACKET           256 bytes of headroom, then the packet
 * MAPS             map elements in order of creation, see {@link MapArea}
 *
 * MAP_HANDLES      what LDDW of a map yields: one handle a map, by its id
 * FUNCTIONS        what LDDW of a function yields: FUNCTIONS + 8 * slot
 * WRITTEN_DATA     the data of the write under verification, for naming it only
 * TASK             the current task
 * </pre>
 *
 * <p>The bases are in the kernel's half of x86-64's addresses, as the pointers are that a kernel hands to programs: negative as a signed
 * number, refused to user space, and nowhere near what is left of a pointer that was cut to 32 bits.
 *
 * <p>An instance is the arena of one environment while maps are added to it; it is not safe for use by several threads.
 */
public final class Layout {
    /** Lowest address of the arena. */
    public static final long BASE = 0xffff_c900_0000_0000L;

    /** Bytes of stack that a frame has (MAX_BPF_STACK in include/linux/filter.h). */
    public static final int FRAME_SIZE = 512;

    /** How many frames a program may have at a time (MAX_CALL_FRAMES in include/linux/bpf_verifier.h). */
    public static final int MAX_FRAMES = 8;

    /** One above the highest byte of the stack: R10 of the outermost frame. */
    public static final long STACK_TOP = BASE + MAX_FRAMES * FRAME_SIZE;

    /** Address of the context. */
    public static final long CONTEXT = BASE + 0x2000;

    /** Bytes that a context may have: BPF_PROG_TEST_RUN takes up to U16_MAX (net/bpf/test_run.c, bpf_prog_test_run_syscall). */
    public static final int CONTEXT_LIMIT = 0x1_0000;

    /** Bytes that the memory of a raw run may have: a raw run has no packet. */
    public static final int RAW_LIMIT = 0x4_0000 - 0x2000;

    /** Bytes in front of a packet that belong to it (XDP_PACKET_HEADROOM in include/uapi/linux/bpf.h). */
    public static final int PACKET_HEADROOM = 256;

    /** Address of the packet's first byte, behind the headroom. */
    public static final long PACKET = BASE + 0x2_0000 + PACKET_HEADROOM;

    /** Bytes that a packet may have, headroom left out. */
    public static final int PACKET_LIMIT = 0x1_0000;

    /**
     * Where the 4-byte key lies that a callback of bpf_for_each_map_elem over an array gets: 64 bytes for each depth of frames, the one that
     * made the call. (In the kernel it is a variable of bpf_for_each_array_elem, kernel/bpf/arraymap.c.)
     */
    public static final long ITERATION_KEYS = BASE + 0x1800;

    /** Bytes from the iteration key of one depth to that of the next. */
    public static final int ITERATION_KEY_STRIDE = 64;

    /** Lowest address that {@link #place} gives out. */
    public static final long MAPS = BASE + 0x4_0000;

    /** Bytes that an arena may have: what a flat engine can hold in one array on a common heap. */
    public static final long ARENA_LIMIT = 1L << 30;

    /** What the handle of a map with id 0 would be; ids begin at 1. */
    public static final long MAP_HANDLES = 0xffff_d000_0000_0000L;

    /** Bytes from one map handle to the next. */
    public static final int MAP_HANDLE_STRIDE = 0x100;

    /** Address of the function that begins at slot 0. */
    public static final long FUNCTIONS = 0xffff_d100_0000_0000L;

    /** Where the written data has its name, although no program can load from it. */
    public static final long WRITTEN_DATA = 0xffff_d200_0000_0000L;

    /** What bpf_get_current_task returns. */
    public static final long TASK = 0xffff_d300_0000_0000L;

    /** What {@link #place} returns where there is no room. */
    public static final long FULL = 0;

    /** More than there are maps or slots. */
    private static final long MAX_OBJECTS = 1L << 31;

    /** What {@link #place} aligns to, and the least gap that it leaves between two areas. */
    private static final int ALIGNMENT = 64;

    private long end = MAPS;

    /** R10 of the frame with the given depth, 0 for the outermost. */
    public static long framePointer(int depth) {
        return STACK_TOP - (long) depth * FRAME_SIZE;
    }

    /** The handle of the map with this id. */
    public static long mapHandle(int id) {
        return MAP_HANDLES + (long) id * MAP_HANDLE_STRIDE;
    }

    /** The id of the map with this handle, or 0 where the address is no handle; the map need not exist. */
    public static int mapId(long handle) {
        long offset = handle - MAP_HANDLES;
        return offset > 0 && offset < MAX_OBJECTS * MAP_HANDLE_STRIDE && offset % MAP_HANDLE_STRIDE == 0
                ? (int) (offset / MAP_HANDLE_STRIDE)
                : 0;
    }

    /** The address of the function that begins at the slot. */
    public static long function(int slot) {
        return FUNCTIONS + 8L * slot;
    }

    /** The slot of the function with this address, or -1 where the address is no function's; the function need not exist. */
    public static int functionSlot(long address) {
        long offset = address - FUNCTIONS;
        return offset >= 0 && offset < MAX_OBJECTS * 8 && offset % 8 == 0 ? (int) (offset / 8) : -1;
    }

    /** Whether all bytes from {@code address} on are where an arena may reach; the size is not negative. */
    public static boolean inArena(long address, long size) {
        long offset = address - BASE;
        return offset >= 0 && offset <= ARENA_LIMIT && size <= ARENA_LIMIT - offset;
    }

    /**
     * Gives out the next area of the arena: aligned to 64 bytes, with at least 64 bytes between it and the one before.
     *
     * @param bytes at least 0
     * @return the area's address, or {@link #FULL} where the arena would exceed {@link #ARENA_LIMIT}
     */
    public long place(long bytes) {
        if (bytes > ARENA_LIMIT - (end - BASE) - ALIGNMENT) {
            return FULL;
        }
        long base = end;
        end = (base + bytes + 2 * ALIGNMENT - 1) & -ALIGNMENT;
        return base;
    }

    /** One above the highest address that {@link #place} has given out: how far a flat arena must reach. */
    public long end() {
        return end;
    }
}
