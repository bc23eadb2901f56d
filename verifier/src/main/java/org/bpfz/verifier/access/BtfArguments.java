package org.bpfz.verifier.access;

import java.util.List;
import org.bpfz.spec.btf.Btf;
import org.bpfz.spec.btf.BtfType;
import org.bpfz.spec.btf.BtfType.Param;
import org.bpfz.spec.program.AttachType;
import org.bpfz.spec.program.LsmHook;
import org.bpfz.spec.program.ProgramType;
import org.bpfz.spec.program.TargetType;
import org.bpfz.verifier.btf.KernelTypes;
import org.bpfz.verifier.search.Search;
import org.bpfz.verifier.state.Kind;
import org.bpfz.verifier.state.Payload;
import org.bpfz.verifier.state.Type;
import org.bpfz.verifier.state.Value;
import org.jspecify.annotations.Nullable;

/** The context of programs that attach to a kernel function by BTF: its arguments, eight bytes each, and its result (btf_ctx_access). */
final class BtfArguments {
    private final Search search;
    private final KernelTypes types;

    BtfArguments(Search search, KernelTypes types) {
        this.search = search;
        this.types = types;
    }

    /** What a load yields, or null with a line in the log where it is refused. */
    @Nullable
    Value load(int off, int size) {
        BtfType.FuncProto proto = target();
        Btf kernel = types.kernel();
        if (off % Long.BYTES != 0) {
            search.log().line("func '" + name() + "' offset " + off + " is not multiple of 8");
            return null;
        }
        if (proto == null || kernel == null) {
            search.log().line("bpf_ctx: the types of attach target '" + name() + "' are not known");
            return null;
        }
        boolean rawTracepoint = isRawTracepoint();
        List<Param> params = rawTracepoint ? proto.params().subList(1, proto.params().size()) : proto.params();
        int index = off / Long.BYTES;
        if (index > params.size() || (index == params.size() && !hasResult())) {
            search.log().line("func '" + name() + "' doesn't have " + (index + 1) + "-th argument");
            return null;
        }
        int typeId = index == params.size() ? proto.returned() : params.get(index).type();
        return valueOf(kernel, kernel.skipModifiers(typeId), index, size, rawTracepoint);
    }

    private @Nullable Value valueOf(Btf kernel, int typeId, int index, int size, boolean trusted) {
        BtfType type = kernel.type(typeId);
        if (type instanceof BtfType.Int || type instanceof BtfType.Enumeration) {
            return Value.ANY_NUMBER;
        }
        if (!(type instanceof BtfType.Ptr pointer)) {
            search.log().line("func '" + name() + "' arg" + index + " '" + type.name() + "' has type "
                    + kernel.describe(typeId) + ". Only pointer access is allowed");
            return null;
        }
        if (size != Long.BYTES) {
            search.log().line("func '" + name() + "' size " + size + " must be 8");
            return null;
        }
        int target = kernel.skipModifiers(pointer.target());
        if (!(kernel.type(target) instanceof BtfType.Composite composite)) {
            if (target == 0 || kernel.type(target) instanceof BtfType.Int) {
                return Value.ANY_NUMBER;
            }
            search.log().line(
                    "func '" + name() + "' arg" + index + " type " + kernel.describe(target) + " is not a struct");
            return null;
        }
        if (isIterator() && index > 0) {
            // What the iterator stands at, NULL at the end.
            return Value.pointer(Type.of(Kind.BTF_ID, Type.TRUSTED | Type.MAYBE_NULL),
                    new Payload.OfBtf(kernel, target));
        }
        search.log().line("func '" + name() + "' arg" + index + " has btf_id " + target + " type "
                + (composite instanceof BtfType.Union ? "UNION" : "STRUCT") + " '" + composite.name() + "'");
        boolean vouched = trusted || isIterator() || isTrustedHook();
        return Value.pointer(Type.of(Kind.BTF_ID, vouched ? Type.TRUSTED : 0), new Payload.OfBtf(kernel, target));
    }

    private boolean hasResult() {
        AttachType attach = search.image().attachType();
        return attach == AttachType.TRACE_FEXIT || attach == AttachType.MODIFY_RETURN || attach == AttachType.LSM_MAC;
    }

    private boolean isTrustedHook() {
        LsmHook hook = search.programType() == ProgramType.LSM ? LsmHook.of(search.image().attachTarget()) : null;
        return hook != null && hook.trusted();
    }

    private boolean isIterator() {
        return search.image().attachType() == AttachType.TRACE_ITER;
    }

    private boolean isRawTracepoint() {
        return search.image().attachType() == AttachType.TRACE_RAW_TP;
    }

    private String name() {
        String target = search.image().attachTarget();
        if (target == null) {
            return "";
        }
        return isRawTracepoint() ? target : targetType().nameOf(target);
    }

    /** The prototype of the function that the program attaches to, or null. */
    private BtfType.@Nullable FuncProto target() {
        Btf kernel = types.kernel();
        if (kernel == null) {
            return null;
        }
        String target = search.image().attachTarget();
        int found = target == null ? 0 : targetType().idIn(kernel, target);
        int id = switch (kernel.type(found)) {
            case BtfType.Typedef _ -> kernel.pointee(found).orElse(0);
            case BtfType.Func function -> function.proto();
            default -> 0;
        };
        return kernel.type(id) instanceof BtfType.FuncProto proto ? proto : null;
    }

    private TargetType targetType() {
        return TargetType.of(search.programType(), search.image().attachType());
    }
}
