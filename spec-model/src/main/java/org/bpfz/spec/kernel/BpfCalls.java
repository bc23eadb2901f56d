package org.bpfz.spec.kernel;

import org.bpfz.spec.Errno;
import org.bpfz.spec.kernel.Attachments.Attached;
import org.bpfz.spec.kernel.InodeKind.BpfLink;
import org.bpfz.spec.kernel.InodeKind.BpfProgram;
import org.bpfz.spec.program.AttachType;
import org.bpfz.spec.program.Clause;
import org.bpfz.spec.program.Hook;
import org.bpfz.spec.program.ProgramType;
import org.pcollections.PVector;

/**
 * BPF_PROG_LOAD and BPF_RAW_TRACEPOINT_OPEN, as far as they decide which programs are on the hooks (clauses PROG-1 and ATT;
 * kernel/bpf/syscall.c, bpf_prog_load and bpf_raw_tracepoint_open). Detaching is closing the link's last descriptor.
 */
final class BpfCalls {
    private BpfCalls() {
    }

    static Outcomes load(Evaluation call, HookProgram program) {
        if (!call.task().credentials().isPrivileged()) {
            return call.fail(Errno.EPERM);
        }
        Errno refusal = program.refusal();
        if (refusal != null) {
            return anyError(call, refusal);
        }
        boolean compressorType = program.type() == ProgramType.COMPRESSOR;
        if (compressorType && program.attach() != AttachType.COMPRESSOR) {
            call.restsOn(Clause.ATT_2);
            return call.fail(Errno.EINVAL);
        }
        if (program.isCompressor() && program.hook() == null
                && call.choose(Variant.WrongTarget.class) == Variant.WrongTarget.AT_LOAD) {
            return call.fail(Errno.EINVAL);
        }
        State before = call.state;
        Outcomes loaded = install(call, new BpfProgram(program), Flags.O_RDWR);
        if (compressorType || program.attach() != AttachType.COMPRESSOR) {
            return loaded;
        }
        // Another type that names the hooks' attach type is refused here or when it is attached.
        call.restsOn(Clause.ATT_2);
        call.state = before;
        return loaded.or(call.fail(Errno.EINVAL));
    }

    static Outcomes rawTracepointOpen(Evaluation call, int programFd) {
        if (!call.task().credentials().isPrivileged()) {
            return call.fail(Errno.EPERM);
        }
        OpenFile file = call.state.file(call.file(programFd));
        if (!(call.state.inode(file.inode()).kind() instanceof BpfProgram(HookProgram program))) {
            return call.fail(Errno.EINVAL);
        }
        call.restsOn(Clause.ATT_2);
        Hook hook = program.hook();
        if (!program.isCompressor() || hook == null) {
            return call.fail(Errno.EINVAL);
        }
        PVector<Attached> occupants = call.state.attachments().on(hook);
        if (!occupants.isEmpty() && call.choose(Variant.SecondProgram.class) == Variant.SecondProgram.REFUSED) {
            return call.fail(Errno.EBUSY);
        }
        boolean twice = occupants.stream().anyMatch(attached -> attached.program() == program.id());
        State before = call.state;
        Outcomes attached = attach(call, hook, program);
        call.state = before;
        // kernel/bpf/trampoline.c, __bpf_trampoline_link_prog refuses one program twice even where others are chained.
        return twice ? attached.or(call.fail(Errno.EBUSY)) : attached;
    }

    private static Outcomes attach(Evaluation call, Hook hook, HookProgram program) {
        Attached attached = new Attached(call.state.nextId(), program.id());
        call.state = call.state.with(call.state.attachments().plus(hook, attached));
        return install(call, new BpfLink(hook), Flags.O_RDONLY);
    }

    /** A close-on-exec descriptor of a new anonymous inode, whose id is the next one. */
    private static Outcomes install(Evaluation call, InodeKind kind, int access) {
        int fd = Descriptors.reserve(call, 0);
        int id = call.state.nextId();
        Inode inode = new Inode(id, State.ROOT_FILE_SYSTEM, 0, 0, 0600, 0, 1, Sums.ZERO, kind);
        call.state = call.state.withIdTaken().with(inode);
        Opening.install(call, OpenFile.of(id, access), fd, true);
        return call.ok(fd);
    }

    /** An error of which the assignment does not say which one it is. */
    static Outcomes anyError(Evaluation call, Errno strict) {
        return Outcomes.orAnyResult(call.returned(strict.negative()), -4095, -1, call::returned);
    }
}
