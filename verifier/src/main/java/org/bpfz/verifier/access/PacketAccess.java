package org.bpfz.verifier.access;

import org.bpfz.spec.Errno;
import org.bpfz.verifier.search.Search;
import org.bpfz.verifier.state.Value;

/** The packet: as many bytes as a comparison with its end has shown to be there (check_packet_access). */
public final class PacketAccess {
    private final Search search;
    private final Bounds bounds;

    public PacketAccess(Search search, Bounds bounds) {
        this.search = search;
        this.bounds = bounds;
    }

    /** A load or store through a packet pointer; {@code off} is all but its variable offset. */
    void check(Access access, int off) {
        if (access.write() && !mayAccess(true)) {
            throw search.reject(Errno.EACCES, "cannot write into packet");
        }
        if (access.write() && access.hasValue() && search.isSecret(search.value(access.value()))) {
            throw search.reject(Errno.EACCES, "R" + access.value() + " leaks addr into packet");
        }
        checkRange(access.base(), off, access.size(), false);
        if (access.loads()) {
            search.forget(search.register(access.value()));
        }
    }

    /** Refuses an access behind the bytes that are known to be there. */
    public void checkRange(int register, int off, int size, boolean zeroSizeAllowed) {
        Value pointer = search.value(register);
        if (pointer.number().wide().smin() < 0) {
            throw search.reject(Errno.EACCES, Bounds.negativeMinimum(register));
        }
        int range = pointer.packetRange();
        if (range >= 0 && Bounds.isInside(off, size, range, zeroSizeAllowed)) {
            return;
        }
        if (range >= 0) {
            search.log().line(bounds.outside(register, off, size, range));
        }
        throw search.reject(range < 0 ? Errno.EINVAL : Errno.EACCES,
                "R" + register + " offset is outside of the packet");
    }

    /** Whether programs of the type may load from, or store to, the packet (may_access_direct_pkt_data). */
    public boolean mayAccess(boolean write) {
        return switch (search.programType()) {
            case LWT_IN, LWT_OUT, LWT_SEG6LOCAL, SK_REUSEPORT, FLOW_DISSECTOR, CGROUP_SKB -> !write;
            case SCHED_CLS, SCHED_ACT, XDP, LWT_XMIT, SK_SKB, SK_MSG, CGROUP_SOCKOPT -> true;
            default -> false;
        };
    }

    /** Whether a helper may be given a packet pointer. */
    public boolean mayPass(boolean helperTakesPackets) {
        return switch (search.programType()) {
            case CGROUP_SOCKOPT -> true;
            default -> mayAccess(false) && helperTakesPackets;
        };
    }
}
