package org.bpfz.verifier.access;

import org.bpfz.spec.Errno;
import org.bpfz.verifier.Rejection;
import org.bpfz.verifier.btf.KernelTypes;
import org.bpfz.verifier.domain.Scalar;
import org.bpfz.verifier.log.Numbers;
import org.bpfz.verifier.search.Search;
import org.bpfz.verifier.state.Kind;
import org.bpfz.verifier.state.Register;
import org.bpfz.verifier.state.Type;
import org.bpfz.verifier.state.Value;
import org.jspecify.annotations.Nullable;

/**
 * Any load or store: which rule applies is the pointer's kind's (check_mem_access for instructions, check_helper_mem_access for helpers).
 */
public final class MemoryAccess {
    private static final int FLOW_KEYS_SIZE = 64;

    private final Search search;
    private final Alignment alignment;
    private final Bounds bounds;
    private final StackObjects objects;
    private final StackBounds stackBounds;
    private final StackAccess stack;
    private final KptrAccess kptrs;
    private final MapAccess maps;
    private final PacketAccess packets;
    private final SocketAccess sockets;
    private final ContextAccess context;
    private final BtfAccess typed;

    public MemoryAccess(Search search, KernelTypes types) {
        this.search = search;
        alignment = new Alignment(search);
        bounds = new Bounds(search);
        objects = new StackObjects(search);
        stackBounds = new StackBounds(search, objects);
        stack = new StackAccess(search, objects, stackBounds, search.fastcall());
        kptrs = new KptrAccess(search, bounds, types);
        maps = new MapAccess(search, bounds, kptrs);
        packets = new PacketAccess(search, bounds);
        sockets = new SocketAccess(search);
        context = new ContextAccess(search, bounds, types);
        typed = new BtfAccess(search, types);
    }

    public Alignment alignment() {
        return alignment;
    }

    public Bounds bounds() {
        return bounds;
    }

    public StackObjects objects() {
        return objects;
    }

    public MapAccess maps() {
        return maps;
    }

    public PacketAccess packets() {
        return packets;
    }

    public KptrAccess kptrs() {
        return kptrs;
    }

    /** Refuses the access or carries it out. */
    public void check(Access access) {
        Value pointer = search.value(access.base());
        alignment.check(pointer, access.off(), access.size(), access.strict());
        int off = access.off() + pointer.off();
        Type type = pointer.type();
        switch (type.kind()) {
            case MEM -> checkRegion(access, pointer, off);
            case BTF_ID -> {
                refuseNull(access, type);
                typed.check(access, off);
            }
            case BUF -> {
                refuseNull(access, type);
                checkBuffer(access, pointer, off);
            }
            default -> {
                if (type.flags() != 0) {
                    throw invalid(access, type);
                }
                checkPlain(access, type, off);
            }
        }
        narrow(access);
    }

    private void checkPlain(Access access, Type type, int off) {
        switch (type.kind()) {
            case MAP_KEY -> checkKey(access, off);
            case MAP_VALUE -> maps.check(access, off);
            case CTX -> context.check(access, off);
            case STACK -> stack.check(access, off);
            case PACKET, PACKET_META -> packets.check(access, off);
            case FLOW_KEYS -> checkFlowKeys(access, off);
            case SOCKET, SOCK_COMMON, TCP_SOCK, XDP_SOCK -> sockets.check(access, off);
            case TP_BUFFER -> {
                checkBufferOffset(access, "tracepoint", off);
                forgetLoaded(access);
            }
            case CONST_MAP -> typed.checkMap(access, off);
            case ARENA -> forgetLoaded(access);
            default -> throw invalid(access, type);
        }
    }

    private void refuseNull(Access access, Type type) {
        if (type.mayBeNull()) {
            throw invalid(access, type);
        }
    }

    private RuntimeException invalid(Access access, Type type) {
        return search.reject(Errno.EACCES, "R" + access.base() + " invalid mem access '" + type + "'");
    }

    /** A load of fewer than 8 bytes yields a number of that size. */
    private void narrow(Access access) {
        if (access.size() == Long.BYTES || !access.loads()) {
            return;
        }
        Register target = search.register(access.value());
        Value value = target.value();
        if (value.isScalar()) {
            Scalar number = value.number();
            target.set(value.withNumber(
                    access.signed() ? number.signExtended(access.size()) : number.truncated(access.size())));
        }
    }

    private void forgetLoaded(Access access) {
        if (access.loads()) {
            search.forget(search.register(access.value()));
        }
    }

    private void checkKey(Access access, int off) {
        if (access.write()) {
            throw search.reject(Errno.EACCES, "write to change key R" + access.base() + " not allowed");
        }
        bounds.checkRegion(access.base(), off, access.size(), search.value(access.base()).map().keySize(), false);
        forgetLoaded(access);
    }

    private void checkRegion(Access access, Value pointer, int off) {
        Type type = pointer.type();
        refuseNull(access, type);
        if (access.write() && type.has(Type.RDONLY)) {
            throw search.reject(Errno.EACCES, "R" + access.base() + " cannot write into " + type);
        }
        if (access.write() && access.hasValue() && search.isSecret(search.value(access.value()))) {
            throw search.reject(Errno.EACCES, "R" + access.value() + " leaks addr into mem");
        }
        bounds.checkRegion(access.base(), off, access.size(), pointer.regionSize(), false);
        forgetLoaded(access);
    }

    private void checkFlowKeys(Access access, int off) {
        if (access.write() && access.hasValue() && search.isSecret(search.value(access.value()))) {
            throw search.reject(Errno.EACCES, "R" + access.value() + " leaks addr into flow keys");
        }
        if (off < 0 || off + access.size() > FLOW_KEYS_SIZE) {
            throw search.reject(Errno.EACCES,
                    "invalid access to flow keys off=" + off + " size=" + access.size());
        }
        forgetLoaded(access);
    }

    private void checkBuffer(Access access, Value pointer, int off) {
        boolean readOnly = pointer.type().has(Type.RDONLY);
        if (readOnly && access.write()) {
            throw search.reject(Errno.EACCES, "R" + access.base() + " cannot write into " + pointer.type());
        }
        checkBufferOffset(access, readOnly ? "rdonly" : "rdwr", off);
        forgetLoaded(access);
    }

    /** Buffers have no size here: it is compared with the attach target's when the program is attached (__check_buffer_access). */
    private void checkBufferOffset(Access access, String name, int off) {
        Value pointer = search.value(access.base());
        if (off < 0) {
            throw search.reject(Errno.EACCES, "R" + access.base() + " invalid " + name + " buffer access: off=" + off
                    + ", size=" + access.size());
        }
        if (!pointer.number().isConstant(0)) {
            throw search.reject(Errno.EACCES, "R" + access.base() + " invalid variable buffer offset: off=" + off
                    + ", var_off=" + Numbers.tnum(pointer.number().bits()));
        }
    }

    /**
     * Refuses a helper's access to {@code size} bytes behind the pointer, or carries it out (check_helper_mem_access).
     *
     * @param raw how to treat memory that a helper only writes, or null
     */
    public void checkHelper(int register, int size, boolean write, boolean zeroSizeAllowed, @Nullable RawMemory raw) {
        Value pointer = search.value(register);
        Type type = pointer.type();
        switch (type.kind()) {
            case PACKET, PACKET_META -> packets.checkRange(register, pointer.off(), size, zeroSizeAllowed);
            case MAP_KEY -> {
                refuseWrite(register, type, write);
                bounds.checkRegion(register, pointer.off(), size, pointer.map().keySize(), false);
            }
            case MAP_VALUE -> {
                maps.checkDirection(register, pointer.off(), size, write);
                maps.checkRange(register, pointer.off(), size, zeroSizeAllowed, true);
            }
            case MEM -> {
                refuseWrite(register, type, write && type.has(Type.RDONLY));
                bounds.checkRegion(register, pointer.off(), size, pointer.regionSize(), zeroSizeAllowed);
            }
            case BUF -> {
                refuseWrite(register, type, write && type.has(Type.RDONLY));
                Access access = new Access(register, 0, size, write, Access.NO_REGISTER, false, false);
                checkBufferOffset(access, type.has(Type.RDONLY) ? "rdonly" : "rdwr", pointer.off());
            }
            case STACK -> stackBounds.checkInitialised(register, pointer.off(), size, zeroSizeAllowed, true, raw);
            case BTF_ID ->
                typed.check(new Access(register, 0, size, false, Access.NO_REGISTER, false, false), pointer.off());
            case CTX -> checkHelperContext(register, size, write, zeroSizeAllowed);
            default -> refuseUnlessNull(register, size, zeroSizeAllowed);
        }
    }

    private void refuseWrite(int register, Type type, boolean refused) {
        if (refused) {
            throw search.reject(Errno.EACCES, "R" + register + " cannot write into " + type);
        }
    }

    /** A context that the kernel need not translate is memory: its last byte must be accessible. */
    private void checkHelperContext(int register, int size, boolean write, boolean zeroSizeAllowed) {
        if (!isPlainContext()) {
            refuseUnlessNull(register, size, zeroSizeAllowed);
        } else if (size != 0) {
            check(new Access(register, size - 1, 1, write, Access.NO_REGISTER, false, false));
        } else if (!zeroSizeAllowed) {
            throw new Rejection(Errno.EACCES);
        }
    }

    /** Whether the program type's operations have no convert_ctx_access. */
    private boolean isPlainContext() {
        return switch (search.programType()) {
            case KPROBE, TRACEPOINT, RAW_TRACEPOINT, RAW_TRACEPOINT_WRITABLE, TRACING, LSM, SYSCALL, NETFILTER,
                    STRUCT_OPS,
                    LIRC_MODE2, CGROUP_DEVICE, EXT, COMPRESSOR ->
                true;
            default -> false;
        };
    }

    private void refuseUnlessNull(int register, int size, boolean zeroSizeAllowed) {
        Value value = search.value(register);
        if (!(zeroSizeAllowed && size == 0 && value.isNull())) {
            throw search.reject(Errno.EACCES,
                    "R" + register + " type=" + value.type() + " expected=" + Kind.STACK.logName());
        }
    }
}
