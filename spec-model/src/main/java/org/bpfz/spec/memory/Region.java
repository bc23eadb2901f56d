package org.bpfz.spec.memory;

/**
 * A piece of memory with one owner, in which every pointer derived from its address must stay.
 *
 * @param kind what it belongs to
 * @param name which one, for people: {@code frame 0}, {@code counts[3]}
 * @param base address of the first byte
 * @param size bytes
 */
public record Region(RegionKind kind, String name, long base, long size) {

    /** Whether the bytes at {@code address} up to {@code address + length} are all in the region; length is not negative. */
    public boolean contains(long address, long length) {
        long offset = address - base;
        return offset >= 0 && offset <= size && length <= size - offset;
    }

    @Override
    public String toString() {
        return name + " (" + size + " bytes at 0x" + Long.toHexString(base) + ")";
    }
}
