package org.bpfz.verifier.call;

import static org.bpfz.verifier.state.Kind.*;
import static org.bpfz.verifier.state.Type.*;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.bpfz.spec.program.ArgKind;
import org.bpfz.verifier.state.Kind;
import org.bpfz.verifier.state.Type;

/** Which register types will do for each kind of argument, in the order that the log lists them (compatible_reg_types). */
final class AcceptedTypes {
    private static final List<Type> MEMORY = List.of(STACK.plain(), PACKET.plain(), PACKET_META.plain(),
            MAP_KEY.plain(),
            MAP_VALUE.plain(), MEM.plain(), Type.of(MEM, RINGBUF), BUF.plain(), Type.of(BTF_ID, TRUSTED));
    private static final List<Type> SOCKETS = plain(SOCK_COMMON, SOCKET, TCP_SOCK, XDP_SOCK);
    private static final Map<ArgKind, List<Type>> TABLE = new EnumMap<>(ArgKind.class);

    static {
        put(MEMORY, ArgKind.PTR_TO_MAP_KEY, ArgKind.PTR_TO_MAP_VALUE, ArgKind.PTR_TO_MEM);
        put(plain(SCALAR), ArgKind.CONST_SIZE, ArgKind.CONST_SIZE_OR_ZERO, ArgKind.CONST_ALLOC_SIZE_OR_ZERO,
                ArgKind.SCALAR);
        put(plain(CONST_MAP), ArgKind.CONST_MAP_PTR);
        put(plain(CTX), ArgKind.PTR_TO_CTX);
        put(SOCKETS, ArgKind.PTR_TO_SOCK_COMMON);
        put(Stream.concat(SOCKETS.stream(), Stream.of(BTF_ID.plain(), Type.of(BTF_ID, TRUSTED))).toList(),
                ArgKind.PTR_TO_BTF_ID_SOCK_COMMON);
        put(plain(SOCKET), ArgKind.PTR_TO_SOCKET);
        put(List.of(BTF_ID.plain(), Type.of(BTF_ID, TRUSTED), Type.of(BTF_ID, RCU)), ArgKind.PTR_TO_BTF_ID);
        put(List.of(MAP_VALUE.plain(), Type.of(BTF_ID, ALLOC)), ArgKind.PTR_TO_SPIN_LOCK, ArgKind.KPTR_XCHG_DEST);
        put(List.of(Type.of(MEM, RINGBUF)), ArgKind.PTR_TO_RINGBUF_MEM);
        put(List.of(Type.of(BTF_ID, PERCPU), Type.of(BTF_ID, PERCPU | RCU), Type.of(BTF_ID, PERCPU | TRUSTED)),
                ArgKind.PTR_TO_PERCPU_BTF_ID);
        put(plain(FUNC), ArgKind.PTR_TO_FUNC);
        put(plain(STACK), ArgKind.PTR_TO_STACK);
        put(plain(MAP_VALUE), ArgKind.PTR_TO_CONST_STR, ArgKind.PTR_TO_TIMER);
        put(plain(STACK, DYNPTR), ArgKind.PTR_TO_DYNPTR);
    }

    private AcceptedTypes() {
    }

    private static List<Type> plain(Kind... kinds) {
        return Stream.of(kinds).map(Kind::plain).toList();
    }

    private static void put(List<Type> types, ArgKind... kinds) {
        for (ArgKind kind : kinds) {
            TABLE.put(kind, types);
        }
    }

    /** The types; none for kinds that are never looked up. */
    static List<Type> of(ArgKind kind) {
        return TABLE.getOrDefault(kind, List.of());
    }

    /** Whether the kind is of memory that helpers read or write. */
    static boolean isMemory(ArgKind kind) {
        return kind == ArgKind.PTR_TO_MAP_KEY || kind == ArgKind.PTR_TO_MAP_VALUE || kind == ArgKind.PTR_TO_MEM;
    }
}
