package org.bpfz.verifier.access;

import org.bpfz.spec.Errno;
import org.bpfz.verifier.Options;
import org.bpfz.verifier.domain.Tnum;
import org.bpfz.verifier.log.Numbers;
import org.bpfz.verifier.search.Search;
import org.bpfz.verifier.state.Kind;
import org.bpfz.verifier.state.Value;

/**
 * Accesses are aligned to their size: on the stack and by atomic operations always, elsewhere where the loader asks for it, since x86 does
 * without (check_ptr_alignment).
 */
public final class Alignment {
    /** NET_IP_ALIGN: how far the kernel moves packets so that their IP header is aligned. */
    private static final int PACKET_START = 2;

    private final Search search;

    public Alignment(Search search) {
        this.search = search;
    }

    /** Refuses an access through the pointer that may be misaligned. */
    public void check(Value pointer, int off, int size, boolean strictOnce) {
        boolean strict = strictOnce || (search.options().has(Options.STRICT_ALIGNMENT)
                && !search.options().has(Options.ANY_ALIGNMENT));
        if (size == 1 || pointer.is(Kind.ARENA) || (!strict && !pointer.is(Kind.STACK))) {
            return;
        }
        Tnum variable = pointer.number().bits();
        if (pointer.is(Kind.PACKET) || pointer.is(Kind.PACKET_META)) {
            if (!isAligned(variable, PACKET_START + pointer.off() + off, size)) {
                throw search.reject(Errno.EACCES, "misaligned packet access off " + PACKET_START + "+"
                        + Numbers.tnum(variable) + "+" + pointer.off() + "+" + off + " size " + size);
            }
        } else if (!isAligned(variable, pointer.off() + off, size)) {
            throw search.reject(Errno.EACCES, "misaligned " + describe(pointer) + "access off "
                    + Numbers.tnum(variable) + "+" + pointer.off() + "+" + off + " size " + size);
        }
    }

    private static boolean isAligned(Tnum variable, int fixed, int size) {
        return Tnum.add(variable, Tnum.constant(fixed)).isAligned(size);
    }

    private static String describe(Value pointer) {
        if (pointer.type().flags() != 0) {
            return "";
        }
        return switch (pointer.kind()) {
            case FLOW_KEYS -> "flow keys ";
            case MAP_KEY -> "key ";
            case MAP_VALUE -> "value ";
            case CTX -> "context ";
            case STACK -> "stack ";
            case SOCKET -> "sock ";
            case SOCK_COMMON -> "sock_common ";
            case TCP_SOCK -> "tcp_sock ";
            case XDP_SOCK -> "xdp_sock ";
            default -> "";
        };
    }
}
