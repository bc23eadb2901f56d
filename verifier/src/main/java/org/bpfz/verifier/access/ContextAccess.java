package org.bpfz.verifier.access;

import org.bpfz.spec.Errno;
import org.bpfz.spec.program.ContextField;
import org.bpfz.spec.program.ContextLayout;
import org.bpfz.spec.program.ContextPointer;
import org.bpfz.verifier.Rejection;
import org.bpfz.verifier.btf.KernelTypes;
import org.bpfz.verifier.search.Search;
import org.bpfz.verifier.state.Kind;
import org.bpfz.verifier.state.Payload;
import org.bpfz.verifier.state.Register;
import org.bpfz.verifier.state.Type;
import org.bpfz.verifier.state.Value;
import org.jspecify.annotations.Nullable;

/** The context: each program type has a table of what may be loaded and stored, and what a load yields (check_ctx_access). */
final class ContextAccess {
    private final Search search;
    private final Bounds bounds;
    private final KernelTypes types;
    private final BtfArguments arguments;
    private final ContextLayout layout;

    ContextAccess(Search search, Bounds bounds, KernelTypes types) {
        this.search = search;
        this.bounds = bounds;
        this.types = types;
        arguments = new BtfArguments(search, types);
        layout = ContextLayout.of(search.programType());
    }

    void check(Access access, int off) {
        Value pointer = search.value(access.base());
        if (access.write() && access.hasValue() && search.isSecret(search.value(access.value()))) {
            throw search.reject(Errno.EACCES, "R" + access.value() + " leaks addr into ctx");
        }
        bounds.checkOffset(pointer, access.base(), false);
        ContextField field = layout.access(off, access.size(), access.write(), access.signed(), search.traits());
        Value loaded = field == null ? null : valueOf(field, off, access);
        if (loaded == null) {
            search.log().line("invalid bpf_context access off=" + off + " size=" + access.size());
            search.lines().print(search.slot(), "; ");
            throw new Rejection(Errno.EACCES);
        }
        if (access.loads()) {
            store(loaded, search.register(access.value()));
        }
    }

    private void store(Value loaded, Register target) {
        if (loaded.isScalar()) {
            target.set(loaded, !search.isBpfCapable());
        } else {
            target.set(loaded.type().mayBeNull() ? loaded.withId(search.nextId()) : loaded);
        }
    }

    /** What a load of the field yields, or null where it may not be loaded after all. */
    private @Nullable Value valueOf(ContextField field, int off, Access access) {
        ContextPointer pointer = field.pointer();
        return switch (pointer) {
            case NONE -> Value.ANY_NUMBER;
            case PACKET -> Value.pointer(Kind.PACKET);
            case PACKET_META -> Value.pointer(Kind.PACKET_META);
            case PACKET_END -> Value.pointer(Kind.PACKET_END);
            case SOCKET -> Value.pointer(Kind.SOCKET);
            case SOCKET_OR_NULL -> Value.pointer(Type.of(Kind.SOCKET, Type.MAYBE_NULL), Payload.None.NONE);
            case SOCK_COMMON_OR_NULL -> Value.pointer(Type.of(Kind.SOCK_COMMON, Type.MAYBE_NULL), Payload.None.NONE);
            case FLOW_KEYS -> Value.pointer(Kind.FLOW_KEYS);
            case TP_BUFFER -> Value.pointer(Kind.TP_BUFFER);
            case TRUSTED -> types.trusted(field.struct());
            case BY_BTF -> arguments.load(off, access.size());
        };
    }
}
