package org.bpfz.spec.memory;

import java.util.Arrays;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.bpfz.spec.isa.MemSize;
import org.jspecify.annotations.Nullable;

/**
 * All that a program can load and store, by address: the specification's memory, in which every access is held to the region that its
 * pointer was made from.
 *
 * <p>A pointer with an origin must stay in that region, even where its address is another region's. A number that is used as an address goes
 * to whatever region is there, or is refused: {@link Rules} says which. Reads see only bytes that have been written, unless the rules are
 * lenient.
 */
public final class Memory {

    /**
     * What is refused beyond accesses that leave their region.
     *
     * @param unwrittenRegisters whether reading a register that holds nothing is a fault; otherwise it holds 0
     * @param unwrittenStack     whether reading stack that the program has not written is a violation; otherwise it reads what earlier frames
     *                           of the run have left there, and zero before them
     * @param forgedPointers     whether using a number as an address is a violation; otherwise it goes to the region that is there
     */
    public record Rules(boolean unwrittenRegisters, boolean unwrittenStack, boolean forgedPointers) {
        /** All that no program does which a sound verifier has accepted without privilege. */
        public static final Rules STRICT = new Rules(true, true, true);

        /** All that no program does which a sound verifier has accepted from root, who may read unwritten stack. */
        public static final Rules PRIVILEGED = new Rules(true, false, true);

        /** What raw programs need: they may make addresses as they like, but what was never written has no value. */
        public static final Rules DEFAULT = new Rules(true, true, false);

        /** What an engine with flat memory lets pass, as far as regions allow. */
        public static final Rules LENIENT = new Rules(false, false, false);
    }

    private final Rules rules;
    private final NavigableMap<Long, Area> areas = new TreeMap<>(Long::compareUnsigned);

    public Memory(Rules rules) {
        this.rules = rules;
    }

    /** Adds an area, which overlaps no other; an empty one is left out. */
    public void add(Area area) {
        if (area.size() > 0) {
            areas.put(area.base(), area);
        }
    }

    /** Takes out the area that begins at the address, if there is one. */
    public void remove(long base) {
        areas.remove(base);
    }

    /** Loads a little-endian number of up to 8 bytes, zero-extended; 8 bytes that were stored as a pointer are that pointer. */
    public Word load(Word address, MemSize size) throws ViolationException {
        Block block = require(Access.READ, address, size.bytes());
        int offset = (int) (address.bits() - block.base());
        return new Word(LittleEndian.get(block.bytes(), offset, size.bytes()), block.pointerAt(offset, size.bytes()));
    }

    /** Stores the low bytes of a word, little-endian. */
    public void store(Word address, MemSize size, Word value) throws ViolationException {
        Block block = require(Access.WRITE, address, size.bytes());
        int offset = (int) (address.bits() - block.base());
        LittleEndian.put(block.bytes(), offset, size.bytes(), value.bits());
        block.wrote(offset, size.bytes(), value.origin());
    }

    /** Reads bytes on behalf of a helper. No access happens where the size is 0. */
    public byte[] read(Word address, int size) throws ViolationException {
        if (size == 0) {
            return new byte[0];
        }
        Block block = require(Access.READ, address, size);
        int offset = (int) (address.bits() - block.base());
        return Arrays.copyOfRange(block.bytes(), offset, offset + size);
    }

    /** Writes bytes on behalf of a helper. No access happens where there are none. */
    public void write(Word address, byte[] bytes) throws ViolationException {
        if (bytes.length == 0) {
            return;
        }
        Block block = require(Access.WRITE, address, bytes.length);
        int offset = (int) (address.bits() - block.base());
        System.arraycopy(bytes, 0, block.bytes(), offset, bytes.length);
        block.wrote(offset, bytes.length, null);
    }

    /** Requires that a later write of the size succeeds. */
    public void requireWritable(Word address, int size) throws ViolationException {
        if (size != 0) {
            require(Access.WRITE, address, size);
        }
    }

    /**
     * Reads without ever refusing: bytes of one area, whatever region, protection and history they have.
     *
     * @return how many bytes from the address on are in one area, at most {@code target.length}; as many have been copied
     */
    public int peek(long address, byte[] target) {
        Map.Entry<Long, Area> entry = areas.floorEntry(address);
        if (entry == null) {
            return 0;
        }
        Area area = entry.getValue();
        long available = area.base() + area.size() - address;
        int size = (int) Math.clamp(available, 0L, (long) target.length);
        for (int i = 0; i < size; i++) {
            target[i] = area.peek(address + i);
        }
        return size;
    }

    /** The block that an access goes to, if nothing speaks against the access. */
    private Block require(Access access, Word address, long size) throws ViolationException {
        Region origin = address.origin();
        if (origin != null && (origin.kind().isOpaque() || !origin.contains(address.bits(), size))) {
            throw new ViolationException(outside(access, origin, address.bits() - origin.base(), size));
        }
        if (origin == null && rules.forgedPointers()) {
            throw new ViolationException(new Violation.ForgedPointer(access, address.bits(), size));
        }
        Block block = blockAt(address.bits());
        if (block == null) {
            throw new ViolationException(new Violation.Unmapped(access, address.bits(), size));
        }
        long offset = address.bits() - block.base();
        if (!block.region().contains(address.bits(), size)) {
            throw new ViolationException(new Violation.OutOfBounds(access, block.region(), offset, size));
        }
        if (!block.protection().permits(access)) {
            throw new ViolationException(new Violation.Forbidden(access, block.region(), offset, size));
        }
        if (access == Access.READ && rules.unwrittenStack()) {
            int unwritten = block.firstUnwritten((int) offset, (int) size);
            if (unwritten >= 0) {
                throw new ViolationException(new Violation.Uninitialised(block.region(), unwritten));
            }
        }
        return block;
    }

    private static Violation outside(Access access, Region origin, long offset, long size) {
        return origin.kind().isOpaque()
                ? new Violation.Forbidden(access, origin, offset, size)
                : new Violation.OutOfBounds(access, origin, offset, size);
    }

    private @Nullable Block blockAt(long address) {
        Map.Entry<Long, Area> entry = areas.floorEntry(address);
        if (entry == null || address - entry.getKey() >= entry.getValue().size()) {
            return null;
        }
        return entry.getValue().at(address);
    }
}
