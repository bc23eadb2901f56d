package org.bpfz.verifier.call;

import java.util.Set;
import org.bpfz.spec.Errno;
import org.bpfz.spec.btf.Btf;
import org.bpfz.spec.btf.BtfType;
import org.bpfz.spec.btf.BtfType.Member;
import org.bpfz.verifier.access.Trust;
import org.bpfz.verifier.btf.FunctionArguments;
import org.bpfz.verifier.btf.TypeNames;
import org.bpfz.verifier.call.KernelFunction.Suffix;
import org.bpfz.verifier.search.Search;
import org.bpfz.verifier.state.Kind;
import org.bpfz.verifier.state.Value;

/**
 * Which kind of pointer a kernel function expects: by the ending of the argument's name, by the structure it points to, and in the end by what
 * the register holds (get_kfunc_ptr_arg_type).
 */
final class KfuncArgumentKinds {
    private static final Set<String> UNMODELLED = Set.of("bpf_list_head", "bpf_list_node", "bpf_rb_root",
            "bpf_rb_node", "bpf_wq");
    private static final int MAX_NESTING = 3;

    private final Search search;
    private final FunctionArguments contexts;

    KfuncArgumentKinds(Search search, FunctionArguments contexts) {
        this.search = search;
        this.contexts = contexts;
    }

    KfuncArgumentKind of(KernelFunction function, int number, BtfType.Ptr pointer) {
        Value value = search.value(number + 1);
        Btf btf = function.btf();
        BtfType target = btf.resolved(pointer.target());
        String structure = target instanceof BtfType.Struct ? target.name() : "";
        if (function.name().equals(KfuncCalls.CAST_TO_KERN_CTX) || contexts.isContext(btf, pointer.target())) {
            return KfuncArgumentKind.CONTEXT;
        }
        if (function.isNamed(number, Suffix.NULLABLE) && value.isNull()) {
            return KfuncArgumentKind.NULL;
        }
        if (function.isNamed(number, Suffix.ALLOCATED)) {
            return KfuncArgumentKind.ALLOCATED;
        }
        if (function.isNamed(number, Suffix.REFCOUNTED)) {
            return KfuncArgumentKind.REFCOUNTED;
        }
        if (structure.equals("bpf_dynptr")) {
            return KfuncArgumentKind.DYNPTR;
        }
        if (function.isIterator() ? number == 0 : function.isNamed(number, Suffix.ITERATOR)) {
            return KfuncArgumentKind.ITERATOR;
        }
        if (UNMODELLED.contains(structure)) {
            return KfuncArgumentKind.UNMODELLED;
        }
        if (function.isNamed(number, Suffix.STRING)) {
            return KfuncArgumentKind.STRING;
        }
        if (function.isNamed(number, Suffix.MAP)) {
            return KfuncArgumentKind.MAP;
        }
        if (value.kind() == Kind.BTF_ID || Trust.hasKernelType(value.kind())) {
            if (!(target instanceof BtfType.Composite)) {
                throw search.reject(Errno.EINVAL, "kernel function " + function.name() + " args#" + number
                        + " pointer type " + TypeNames.kind(target) + " " + target.name() + " is not supported");
            }
            return KfuncArgumentKind.OBJECT;
        }
        if (target instanceof BtfType.FuncProto) {
            return KfuncArgumentKind.UNMODELLED;
        }
        return memory(function, number, target);
    }

    private KfuncArgumentKind memory(KernelFunction function, int number, BtfType target) {
        boolean sized = isSize(function, number + 1);
        boolean fine = isNumber(target) || isOfNumbers(function.btf(), target, 0)
                || (sized && target instanceof BtfType.VoidType);
        if (!fine) {
            throw search.reject(Errno.EINVAL, "arg#" + number + " pointer type " + TypeNames.kind(target) + " "
                    + target.name() + " must point to " + (sized ? "void, " : "") + "scalar, or struct with scalar");
        }
        return sized ? KfuncArgumentKind.SIZED_MEMORY : KfuncArgumentKind.MEMORY;
    }

    /** Whether the argument is the size of the one before. */
    private boolean isSize(KernelFunction function, int number) {
        return number < function.arguments() && isNumber(function.typeOf(number))
                && search.value(number + 1).isScalar()
                && (function.isNamed(number, Suffix.SIZE) || function.isNamed(number, Suffix.CONSTANT_SIZE));
    }

    static boolean isNumber(BtfType type) {
        return type instanceof BtfType.Int || type instanceof BtfType.Enumeration;
    }

    /** Whether a structure has nothing but numbers, however deep (__btf_type_is_scalar_struct). */
    private boolean isOfNumbers(Btf btf, BtfType type, int depth) {
        if (!(type instanceof BtfType.Composite struct)) {
            return false;
        }
        for (Member member : struct.members()) {
            BtfType each = btf.resolved(member.type());
            if (each instanceof BtfType.Composite) {
                if (depth >= MAX_NESTING) {
                    search.log().line("max struct nesting depth exceeded");
                    return false;
                }
                if (!isOfNumbers(btf, each, depth + 1)) {
                    return false;
                }
            } else if (each instanceof BtfType.Array array) {
                if (array.count() == 0 || !isNumber(btf.resolved(array.element()))) {
                    return false;
                }
            } else if (!isNumber(each)) {
                return false;
            }
        }
        return true;
    }
}
