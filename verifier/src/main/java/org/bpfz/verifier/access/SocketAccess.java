package org.bpfz.verifier.access;

import org.bpfz.spec.Errno;
import org.bpfz.verifier.search.Search;
import org.bpfz.verifier.state.Kind;
import org.bpfz.verifier.state.Value;

/** The views of sockets that programs get: which fields they may load (check_sock_access; net/core/filter.c). */
final class SocketAccess {
    private static final int SOCK_SIZE = 80;
    private static final int TCP_SOCK_SIZE = 112;
    private static final int XDP_SOCK_SIZE = 4;

    private final Search search;

    SocketAccess(Search search) {
        this.search = search;
    }

    void check(Access access, int off) {
        Value pointer = search.value(access.base());
        if (access.write()) {
            throw search.reject(Errno.EACCES, "R" + access.base() + " cannot write into " + pointer.type());
        }
        if (pointer.number().wide().smin() < 0) {
            throw search.reject(Errno.EACCES, Bounds.negativeMinimum(access.base()));
        }
        if (!mayLoad(pointer.kind(), off, access.size())) {
            throw search.reject(Errno.EACCES, "R" + access.base() + " invalid " + pointer.type() + " access off=" + off
                    + " size=" + access.size());
        }
        if (access.hasValue()) {
            search.forget(search.register(access.value()));
        }
    }

    private static boolean mayLoad(Kind view, int off, int size) {
        if (off < 0 || off % size != 0) {
            return false;
        }
        return switch (view) {
            // bpf_sock_common_is_valid_access: type, protocol, mark and priority are a full socket's.
            case SOCK_COMMON -> (off < 8 || off >= 24) && mayLoadSock(off, size);
            case SOCKET -> mayLoadSock(off, size);
            // bpf_tcp_sock_is_valid_access: bytes_received and bytes_acked are the two 64-bit fields.
            case TCP_SOCK -> off < TCP_SOCK_SIZE && size == (off == 80 || off == 88 ? 8 : 4);
            // bpf_xdp_sock_is_valid_access.
            case XDP_SOCK -> off < XDP_SOCK_SIZE && size == 4;
            default -> false;
        };
    }

    /** bpf_sock_is_valid_access: some fields may be loaded in part; dst_port has 2 bytes and 2 of padding. */
    private static boolean mayLoadSock(int off, int size) {
        if (off >= SOCK_SIZE) {
            return false;
        }
        boolean partly = off == 4 || off == 8 || off == 12 || (off >= 24 && off < 44) || off == 44
                || (off >= 52 && off < 72) || off == 72 || off == 76;
        if (partly) {
            return size <= 4;
        }
        if (off == 48 || off == 49) {
            return size <= 4 && (size == 4 || off - 48 + size <= 2);
        }
        return off != 50 && off != 51 && size == 4;
    }
}
