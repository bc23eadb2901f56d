package org.bpfz.verifier.access;

import org.bpfz.spec.Errno;
import org.bpfz.verifier.log.Numbers;
import org.bpfz.verifier.search.Search;
import org.bpfz.verifier.state.Value;

/** Accesses stay in memory whose size is known: at the least and at the greatest offset (check_mem_region_access). */
public final class Bounds {
    private final Search search;

    public Bounds(Search search) {
        this.search = search;
    }

    /**
     * Refuses an access that may leave the region.
     *
     * @param register   which holds the pointer
     * @param off        all that is added to it but its variable offset
     * @param regionSize unsigned
     */
    public void checkRegion(int register, int off, int size, int regionSize, boolean zeroSizeAllowed) {
        Value pointer = search.value(register);
        long min = pointer.number().wide().smin();
        long max = pointer.number().wide().umax();
        if (min < 0 && (min == Long.MIN_VALUE || off + min != (int) (off + min) || off + min < 0)) {
            throw search.reject(Errno.EACCES, negativeMinimum(register));
        }
        checkOrExplain(register, (int) (off + min), size, regionSize, zeroSizeAllowed, "min");
        if (Long.compareUnsigned(max, Limits.MAX_OFFSET) >= 0) {
            throw search.reject(Errno.EACCES, "R" + register
                    + " unbounded memory access, make sure to bounds check any such access");
        }
        checkOrExplain(register, (int) (off + max), size, regionSize, zeroSizeAllowed, "max");
    }

    private void checkOrExplain(int register, int off, int size, int regionSize, boolean zeroSizeAllowed, String end) {
        if (!isInside(off, size, regionSize, zeroSizeAllowed)) {
            search.log().line(outside(register, off, size, regionSize));
            throw search.reject(Errno.EACCES,
                    "R" + register + " " + end + " value is outside of the allowed memory range");
        }
    }

    static String negativeMinimum(int register) {
        return "R" + register
                + " min value is negative, either use unsigned index or do a if (index >=0) check.";
    }

    /** Whether the bytes lie in the region (__check_mem_access). */
    static boolean isInside(int off, int size, int regionSize, boolean zeroSizeAllowed) {
        boolean sizeFits = size > 0 || (size == 0 && zeroSizeAllowed);
        return off >= 0 && sizeFits && (long) off + size <= Integer.toUnsignedLong(regionSize);
    }

    /** What the log says of bytes outside of the region. */
    String outside(int register, int off, int size, int regionSize) {
        Value pointer = search.value(register);
        String place = " off=" + off + " size=" + size;
        String memory = "invalid access to memory, mem_size=" + Integer.toUnsignedString(regionSize) + place;
        if (pointer.type().flags() != 0) {
            return memory;
        }
        return switch (pointer.kind()) {
            case MAP_KEY -> "invalid access to map key, key_size=" + regionSize + place;
            case MAP_VALUE -> "invalid access to map value, value_size=" + regionSize + place;
            case PACKET, PACKET_META, PACKET_END -> "invalid access to packet," + place + ", R"
                    + register + "(id=" + pointer.id() + ",off=" + off + ",r=" + regionSize + ")";
            default -> memory;
        };
    }

    /**
     * The pointer must not have been moved, or not by an unknown amount (__check_ptr_off_reg).
     *
     * @param fixedAllowed whether a positive fixed offset is fine
     */
    public void checkOffset(Value pointer, int register, boolean fixedAllowed) {
        if (pointer.off() < 0) {
            throw search.reject(Errno.EACCES, "negative offset " + pointer.type() + " ptr R" + register + " off="
                    + pointer.off() + " disallowed");
        }
        if (!fixedAllowed && pointer.off() != 0) {
            throw search.reject(Errno.EACCES, "dereference of modified " + pointer.type() + " ptr R" + register
                    + " off=" + pointer.off() + " disallowed");
        }
        if (!pointer.number().isConstant(0)) {
            throw search.reject(Errno.EACCES, "variable " + pointer.type() + " access var_off="
                    + Numbers.tnum(pointer.number().bits()) + " disallowed");
        }
    }
}
