package org.bpfz.verifier.btf;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.bpfz.spec.Errno;
import org.bpfz.spec.btf.Btf;
import org.bpfz.spec.btf.BtfType;
import org.bpfz.spec.btf.BtfType.DeclTag;
import org.bpfz.spec.btf.BtfType.Param;
import org.bpfz.spec.btf.MalformedBtf;
import org.bpfz.spec.program.ContextLayout;
import org.bpfz.spec.program.ProgramImage;
import org.bpfz.verifier.Rejection;
import org.bpfz.verifier.btf.Argument.Kind;
import org.bpfz.verifier.log.VerifierLog;
import org.bpfz.verifier.structure.Subprogram;
import org.jspecify.annotations.Nullable;

/** What a function of the program expects, by its prototype and the tags on its arguments (btf_prepare_func_args). */
public final class FunctionArguments {
    private static final int MAX_ARGUMENTS = 5;

    private enum Tag {
        CTX, TRUSTED, NONNULL, NULLABLE, ARENA
    }

    private final KernelTypes types;
    private final VerifierLog log;
    private final ProgramImage image;

    public FunctionArguments(KernelTypes types, VerifierLog log, ProgramImage image) {
        this.types = types;
        this.log = log;
        this.image = image;
    }

    /** The arguments; refuses a function whose prototype is not supported, a static one without a word. */
    public List<Argument> of(Subprogram subprogram, int index) {
        Btf btf = types.program();
        if (btf == null || !(btf.type(subprogram.typeId()) instanceof BtfType.Func function)
                || !(btf.type(function.proto()) instanceof BtfType.FuncProto proto)) {
            throw log.reject(Errno.EFAULT, "BTF of func#" + index + " doesn't point to KIND_FUNC");
        }
        boolean global = subprogram.isGlobal();
        String name = function.name();
        if (proto.params().size() > MAX_ARGUMENTS) {
            throw refuse(global, "Global function " + name + "() with " + proto.params().size() + " > " + MAX_ARGUMENTS
                    + " args. Buggy compiler.");
        }
        if (!isNumber(btf.resolved(proto.returned()))) {
            throw refuse(global, "Global function " + name + "() doesn't return scalar. Only those are supported.");
        }
        List<Argument> arguments = new ArrayList<>();
        for (int i = 0; i < proto.params().size(); i++) {
            arguments.add(argument(btf, subprogram, proto.params().get(i), i));
        }
        return arguments;
    }

    private Rejection refuse(boolean global, String reason) {
        return global ? log.reject(Errno.EINVAL, reason) : new Rejection(Errno.EINVAL);
    }

    private static boolean isNumber(BtfType type) {
        return type instanceof BtfType.Int || type instanceof BtfType.Enumeration;
    }

    private Argument argument(Btf btf, Subprogram subprogram, Param param, int number) {
        Set<Tag> tags = tags(btf, subprogram, number);
        BtfType type = btf.resolved(param.type());
        if (type instanceof BtfType.Ptr pointer) {
            Argument argument = pointerArgument(btf, subprogram, pointer, number, tags);
            if (argument != null) {
                return argument;
            }
        }
        if (!tags.isEmpty()) {
            throw log.reject(Errno.EINVAL, "arg#" + number + " has pointer tag, but is not a pointer type");
        }
        if (isNumber(type)) {
            return Argument.of(Kind.ANYTHING);
        }
        throw refuse(subprogram.isGlobal(), "Arg#" + number + " type " + TypeNames.kind(type) + " in "
                + subprogram.name() + "() is not supported yet.");
    }

    private Set<Tag> tags(Btf btf, Subprogram subprogram, int number) {
        Set<Tag> tags = EnumSet.noneOf(Tag.class);
        for (DeclTag tag : btf.tags(subprogram.typeId(), number)) {
            if (!tag.name().startsWith("arg:")) {
                continue;
            }
            if (!subprogram.isGlobal()) {
                throw log.reject(Errno.EOPNOTSUPP, "arg#" + number + " type tag is not supported in static functions");
            }
            switch (tag.name().substring("arg:".length())) {
                case "ctx" -> tags.add(Tag.CTX);
                case "trusted" -> tags.add(Tag.TRUSTED);
                case "nonnull" -> tags.add(Tag.NONNULL);
                case "nullable" -> tags.add(Tag.NULLABLE);
                case "arena" -> tags.add(Tag.ARENA);
                default -> throw log.reject(Errno.EOPNOTSUPP, "arg#" + number + " has unsupported set of tags");
            }
        }
        return tags;
    }

    private @Nullable Argument pointerArgument(Btf btf, Subprogram subprogram, BtfType.Ptr pointer, int number,
            Set<Tag> tags) {
        if (tags.contains(Tag.CTX) || isContext(btf, pointer.target())) {
            if (tags.size() > (tags.contains(Tag.CTX) ? 1 : 0)) {
                throw badTags(number);
            }
            return Argument.of(Kind.CTX);
        }
        int target = btf.skipModifiers(pointer.target());
        String targetName = btf.type(target).name();
        if (btf.type(target) instanceof BtfType.Struct
                && (targetName.equals("bpf_dynptr") || targetName.equals("bpf_dynptr_kern"))) {
            if (!tags.isEmpty()) {
                throw badTags(number);
            }
            return Argument.of(Kind.DYNPTR);
        }
        if (tags.contains(Tag.TRUSTED)) {
            if (tags.contains(Tag.NONNULL)) {
                throw badTags(number);
            }
            return new Argument(Kind.TRUSTED, tags.contains(Tag.NULLABLE), 0, kernelType(btf, target, number));
        }
        if (tags.contains(Tag.ARENA)) {
            if (tags.size() > 1) {
                throw log.reject(Errno.EINVAL, "arg#" + number + " arena cannot be combined with any other tags");
            }
            return Argument.of(Kind.ARENA);
        }
        if (!subprogram.isGlobal()) {
            return null;
        }
        if (tags.contains(Tag.NULLABLE)) {
            throw badTags(number);
        }
        return new Argument(Kind.MEM, !tags.contains(Tag.NONNULL), sizeOf(btf, target, number), 0);
    }

    private Rejection badTags(int number) {
        return log.reject(Errno.EINVAL, "arg#" + number + " has invalid combination of tags");
    }

    private int sizeOf(Btf btf, int target, int number) {
        try {
            return (int) btf.sizeOf(target);
        } catch (MalformedBtf _) {
            throw log.reject(Errno.EINVAL,
                    "arg#" + number + " reference type('" + TypeNames.kind(btf.type(target)) + " "
                            + btf.type(target).name() + "') size cannot be determined: -22");
        }
    }

    private int kernelType(Btf btf, int target, int number) {
        String name = btf.type(target).name();
        int suffix = name.indexOf("___");
        int found = types.structNamed(suffix < 0 ? name : name.substring(0, suffix));
        if (found == 0) {
            throw log.reject(Errno.ENOENT,
                    "arg#" + number + " reference type('" + TypeNames.kind(btf.type(target)) + " "
                            + name + "') has no matches");
        }
        return found;
    }

    /** Whether a pointer to the type is one to the program's context (btf_is_prog_ctx_type). */
    public boolean isContext(Btf btf, int pointee) {
        String context = ContextLayout.of(image.type()).struct();
        int id = pointee;
        while (btf.type(id) instanceof BtfType.Modifier modifier) {
            boolean registers = btf.type(id) instanceof BtfType.Typedef typedef
                    && typedef.name().equals("bpf_user_pt_regs_t");
            if (registers && context.equals("pt_regs")) {
                return true;
            }
            id = modifier.target();
        }
        if (!(btf.type(id) instanceof BtfType.Composite)) {
            return false;
        }
        String name = btf.type(id).name();
        return name.equals(context) || (context.equals("__sk_buff") && name.equals("sk_buff"))
                || (context.equals("xdp_md") && name.equals("xdp_buff"));
    }
}
