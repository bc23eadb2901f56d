package org.bpfz.verifier.btf;

import java.util.List;
import org.bpfz.spec.Errno;
import org.bpfz.spec.btf.Btf;
import org.bpfz.spec.btf.BtfType;
import org.bpfz.spec.btf.BtfType.Member;
import org.bpfz.spec.btf.MalformedBtf;
import org.bpfz.verifier.Rejection;
import org.bpfz.verifier.log.VerifierLog;
import org.bpfz.verifier.state.Type;
import org.jspecify.annotations.Nullable;

/** What lies at an offset of a structure: the walk from member to member that a typed pointer's loads make (btf_struct_walk). */
public final class StructWalk {
    /** What a step found. */
    public enum Result {
        /** A number, or part of one. */
        SCALAR,
        /** A pointer to a structure. */
        POINTER,
        /** A structure that begins here. */
        STRUCT,
        /** Nothing that may be accessed; the log says why. */
        REFUSED
    }

    /**
     * A step.
     *
     * @param typeId    of a pointer or structure: its type
     * @param flags     what else is known of a pointer
     * @param fieldName of a pointer: the member's name
     * @param errno     of a refusal
     */
    public record Step(Result result, int typeId, int flags, String fieldName, Errno errno) {
        static Step of(Result result, int typeId, int flags, String fieldName) {
            return new Step(result, typeId, flags, fieldName, Errno.EINVAL);
        }
    }

    private final Btf btf;
    private final VerifierLog log;
    private int flags;

    public StructWalk(Btf btf, VerifierLog log) {
        this.btf = btf;
        this.log = log;
    }

    /** All steps to the bytes: never a structure (btf_struct_access). */
    public Step access(int typeId, int off, int size, boolean flexibleArrays) {
        Step step = walk(typeId, off, size, flexibleArrays);
        while (step.result() == Result.STRUCT) {
            step = walk(step.typeId(), 0, size, flexibleArrays);
        }
        return step;
    }

    /** One step into a structure. */
    public Step walk(int typeId, int offset, int size, boolean flexibleArrays) {
        int id = typeId;
        int off = offset;
        while (true) {
            id = btf.skipModifiers(id);
            if (!(btf.type(id) instanceof BtfType.Composite composite)) {
                return refuse(Errno.EINVAL, "Type '" + btf.type(id).name() + "' is not a struct");
            }
            if (composite instanceof BtfType.Union && composite.members().size() != 1) {
                flags |= Type.UNTRUSTED;
            }
            if (off + size > composite.size()) {
                Inner element = flexibleArrays ? flexibleElement(composite, off) : null;
                if (element == null) {
                    return refuse(Errno.EACCES,
                            "access beyond struct " + composite.name() + " at off " + off + " size " + size);
                }
                if (element.isNumber()) {
                    return Step.of(Result.SCALAR, 0, flags, "");
                }
                id = element.typeId();
                off = element.off();
                continue;
            }
            Object found = member(composite, off, size);
            if (found instanceof Step step) {
                return step;
            }
            Inner inner = (Inner) found;
            if (inner.off() == 0) {
                return Step.of(Result.STRUCT, inner.typeId(), flags, "");
            }
            id = inner.typeId();
            off = inner.off();
        }
    }

    /** A structure inside of another and where in it the bytes are; type 0 stands for a number. */
    private record Inner(int typeId, int off) {
        boolean isNumber() {
            return typeId == 0;
        }
    }

    private @Nullable Inner flexibleElement(BtfType.Composite composite, int off) {
        List<Member> members = composite.members();
        if (members.isEmpty() || !(btf.resolved(members.getLast().type()) instanceof BtfType.Array array)
                || array.count() != 0 || off < members.getLast().byteOffset()) {
            return null;
        }
        int element = btf.skipModifiers(array.element());
        if (btf.type(element) instanceof BtfType.Int) {
            return new Inner(0, 0);
        }
        if (!(btf.type(element) instanceof BtfType.Composite inner) || inner.size() == 0) {
            return null;
        }
        return new Inner(element, (int) ((off - members.getLast().byteOffset()) % inner.size()));
    }

    /** The step that the bytes' member makes, or the structure that it is. */
    private Object member(BtfType.Composite composite, int off, int size) {
        for (Member member : composite.members()) {
            long begin = member.byteOffset();
            if (off + size <= begin) {
                break;
            }
            if (member.bitFieldSize() != 0) {
                long end = (member.bitOffset() + member.bitFieldSize() + 7) / 8;
                if (off <= begin && end <= off + size) {
                    return Step.of(Result.SCALAR, 0, flags, "");
                }
                continue;
            }
            if (off < begin) {
                break;
            }
            long length = sizeOf(member);
            if (off < begin + length) {
                return inside(composite, member, length, off, size);
            }
        }
        return refuse(Errno.EINVAL, "struct " + composite.name() + " doesn't have field at offset " + off);
    }

    private long sizeOf(Member member) {
        try {
            return btf.sizeOf(member.type());
        } catch (MalformedBtf _) {
            throw refusal(Errno.EFAULT, "field " + member.name() + " doesn't have size");
        }
    }

    private Object inside(BtfType.Composite composite, Member member, long memberSize, int off, int size) {
        int id = btf.skipModifiers(member.type());
        long begin = member.byteOffset();
        long length = memberSize;
        while (btf.type(id) instanceof BtfType.Array array) {
            id = btf.skipModifiers(array.element());
            length = btf.sizeOf(id);
        }
        if (length != memberSize && length != 0) {
            begin += (off - begin) / length * length;
        }
        if (btf.type(id) instanceof BtfType.Composite) {
            return new Inner(id, (int) (off - begin));
        }
        if (btf.type(id) instanceof BtfType.Ptr pointer) {
            if (length != size || off != begin) {
                return refuse(Errno.EACCES, "cannot access ptr member " + member.name() + " with moff " + begin
                        + " in struct " + composite.name() + " with off " + off + " size " + size);
            }
            int target = btf.skipModifiers(pointer.target());
            if (btf.type(target) instanceof BtfType.Composite) {
                return Step.of(Result.POINTER, target, flags | tagFlags(pointer.target()), member.name());
            }
        }
        long end = member.byteOffset() + memberSize;
        if (off + size > end && (flags & Type.UNTRUSTED) == 0) {
            return refuse(Errno.EACCES, "access beyond the end of member " + member.name() + " (mend:" + end
                    + ") in struct " + composite.name() + " with off " + off + " size " + size);
        }
        return Step.of(Result.SCALAR, 0, flags, "");
    }

    private int tagFlags(int target) {
        if (!(btf.type(target) instanceof BtfType.TypeTag tag)) {
            return 0;
        }
        return switch (tag.name()) {
            case "user" -> Type.USER;
            case "percpu" -> Type.PERCPU;
            case "rcu" -> Type.RCU;
            default -> 0;
        };
    }

    private Step refuse(Errno errno, String reason) {
        log.line(reason);
        return new Step(Result.REFUSED, 0, 0, "", errno);
    }

    private Rejection refusal(Errno errno, String reason) {
        return log.reject(errno, reason);
    }
}
