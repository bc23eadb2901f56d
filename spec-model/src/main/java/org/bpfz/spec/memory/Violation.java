package org.bpfz.spec.memory;

/** Why the specification's memory refuses an access. */
public sealed interface Violation {

    /** What happened, in a sentence without full stop, naming region and offset. */
    String explain();

    /** Whether a byte of it lies outside of the arena, so that an engine with flat memory refuses it too. */
    boolean isFlat();

    /** A pointer into a region was used outside of it; {@code offset} counts from the region's base and may be negative. */
    record OutOfBounds(Access access, Region region, long offset, long size) implements Violation {
        @Override
        public String explain() {
            return verb(access) + " " + size + " bytes at offset " + offset + " of " + region;
        }

        @Override
        public boolean isFlat() {
            return !Layout.inArena(region.base() + offset, size);
        }
    }

    /** No region is there. */
    record Unmapped(Access access, long address, long size) implements Violation {
        @Override
        public String explain() {
            return verb(access) + " " + size + " bytes at 0x" + Long.toHexString(address) + ", where nothing is";
        }

        @Override
        public boolean isFlat() {
            return !Layout.inArena(address, size);
        }
    }

    /** A number was used as an address; only the strict rules refuse that. */
    record ForgedPointer(Access access, long address, long size) implements Violation {
        @Override
        public String explain() {
            return verb(access) + " " + size + " bytes at 0x" + Long.toHexString(address)
                    + " through a number that was made from no pointer";
        }

        @Override
        public boolean isFlat() {
            return !Layout.inArena(address, size);
        }
    }

    /** The region is there, but programs may not do that to it. */
    record Forbidden(Access access, Region region, long offset, long size) implements Violation {
        @Override
        public String explain() {
            return verb(access) + " " + size + " bytes at offset " + offset + " of " + region + ", which is not "
                    + (access == Access.READ ? "readable" : "writable");
        }

        @Override
        public boolean isFlat() {
            return !Layout.inArena(region.base() + offset, size);
        }
    }

    /** The byte at {@code offset} was read and nothing has been written to it. */
    record Uninitialised(Region region, long offset) implements Violation {
        @Override
        public String explain() {
            return "reads the uninitialised byte at offset " + offset + " of " + region;
        }

        @Override
        public boolean isFlat() {
            return false;
        }
    }

    private static String verb(Access access) {
        return access == Access.READ ? "reads" : "writes";
    }
}
