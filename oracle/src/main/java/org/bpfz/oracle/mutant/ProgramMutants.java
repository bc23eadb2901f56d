package org.bpfz.oracle.mutant;

import com.google.common.collect.ImmutableList;
import java.util.Set;
import org.bpfz.lzo.Lzo1x;
import org.bpfz.lzo.WorkMemory;
import org.bpfz.oracle.model.Subject;
import org.bpfz.spec.Errno;
import org.bpfz.spec.isa.Instruction;
import org.bpfz.spec.isa.RawInstruction;
import org.bpfz.spec.kernel.Attachments;
import org.bpfz.spec.kernel.Call;
import org.bpfz.spec.kernel.HookProgram;
import org.bpfz.spec.kernel.InodeKind;
import org.bpfz.spec.kernel.OpenFile;
import org.bpfz.spec.kernel.Output;
import org.bpfz.spec.kernel.Rope;
import org.bpfz.spec.kernel.State;
import org.bpfz.spec.program.AttachType;
import org.bpfz.spec.program.Clause;
import org.bpfz.spec.program.Hook;
import org.bpfz.spec.program.ProgramImage;
import org.bpfz.spec.program.ProgramType;

/** Mistakes with programs: which are loaded, where they attach, what their helpers do. */
final class ProgramMutants {
    private static final int COPY = 212;
    private static final int LZO = 213;
    private static final int UID_GID = 15;
    private static final int CONTEXT = 16;
    private static final int PAGE = 4096;
    private static final Set<Integer> NEW = Set.of(COPY, LZO);

    static final ImmutableList<Mutant> ALL = ImmutableList.of(
            Mutant.of("type-unknown", Clause.PROG_1, "the program type is registered under another number",
                    Subject.MODEL
                            .with((Subject.Admission) (image, ok) -> ok && image.type() != ProgramType.COMPRESSOR)),
            Mutant.of("attach-refused", Clause.ATT_1, "BPF_RAW_TRACEPOINT_OPEN does not know the attach type",
                    Edits.after(
                            (state, call, outcome) -> call instanceof Call.RawTracepointOpen && outcome.result() >= 0
                                    ? Edits.next(Edits.output(outcome, Errno.EINVAL.negative(), Output.NONE), state)
                                    : outcome)),
            Mutant.of("any-target", Clause.ATT_2, "a program attaches to any function",
                    Subject.MODEL.with((Subject.Behaviour) (state, call, reading, hooks) -> Edits.MODEL.execute(state,
                            call instanceof Call.ProgLoad load && load.program().isCompressor()
                                    ? new Call.ProgLoad(load.task(), retargeted(load.program()))
                                    : call,
                            reading, hooks))),
            Mutant.of("any-type", Clause.ATT_2, "a program of another type attaches as BPF_COMPRESSOR",
                    Subject.MODEL.with((Subject.Behaviour) (state, call, reading, hooks) -> Edits.MODEL.execute(state,
                            call instanceof Call.ProgLoad load && load.program().attach() == AttachType.COMPRESSOR
                                    ? new Call.ProgLoad(load.task(), retyped(load.program()))
                                    : call,
                            reading, hooks))),
            Mutant.of("detach-leaks", Clause.ATT_3, "closing the link leaves the program on the hook",
                    Edits.after((state, call, outcome) -> closesLink(state, call)
                            ? Edits.next(outcome, outcome.next().with(state.attachments()))
                            : outcome)),
            Mutant.of("detach-clears-both", Clause.ATT_4, "closing one program takes the other hook's away too",
                    Edits.after((state, call, outcome) -> closesLink(state, call)
                            ? Edits.next(outcome, outcome.next().with(Attachments.NONE))
                            : outcome)),
            Mutant.of("replace-silently", Clause.ATT_4, "a second program takes the place of the first",
                    Subject.MODEL.with((Subject.Behaviour) (state, call, reading, hooks) -> {
                        State bare = call instanceof Call.RawTracepointOpen ? state.with(Attachments.NONE) : state;
                        return Edits.MODEL.execute(bare, call, reading, hooks);
                    })),
            Mutant.of("context-writable", Clause.CTX_2, "the verifier lets programs store into the context",
                    admitting(image -> image.code().stream().anyMatch(ProgramMutants::storesToContext))),
            Mutant.of("context-unbounded", Clause.CTX_3, "the verifier does not check accesses against the 16 bytes",
                    admitting(image -> image.code().stream().anyMatch(ProgramMutants::loadsBeyondContext))),
            Mutant.of("helpers-for-all", Clause.HELP_2, "the new helpers are given to every program type",
                    admitting(image -> image.type() != ProgramType.COMPRESSOR && calls(image, NEW))),
            Mutant.of("every-helper", Clause.HELP_1, "every helper of tracing programs is available",
                    admitting(image -> image.type() == ProgramType.COMPRESSOR && callsSomething(image)
                            && !calls(image, NEW))),
            Mutant.of("uid-helper-missing", Clause.HELP_1, "bpf_get_current_uid_gid is not available",
                    Subject.MODEL.with((Subject.Admission) (image, ok) -> ok && !calls(image, Set.of(UID_GID)))),
            Mutant.of("copy-one-too-far", Clause.HELP_3, "bpf_copy_from_buffer reads one byte behind the buffer",
                    Edits.verify((programs, program, task, offset, size, data) -> programs.verify(program, task, offset,
                            size, data.concat(Rope.fill((byte) 'x', 1))))),
            Mutant.of("copy-from-start", Clause.HELP_3, "bpf_copy_from_buffer ignores its offset",
                    Edits.verify((programs, program, task, offset, size, data) -> programs.verify(program, task, offset,
                            size, data.length() > 8 ? data.prefix(8).concat(data.prefix(data.length() - 8)) : data))),
            Mutant.of("lzo-one-more", Clause.HELP_4, "the length of the end marker is counted twice",
                    lzo((data, offset, length, work) -> Lzo1x.compressedSize(data, offset, length, work) + 3)),
            Mutant.of("lzo-first-page", Clause.HELP_4, "only the first page is compressed",
                    lzo((data, offset, length, work) -> Lzo1x.compressedSize(data, offset, Math.min(length, PAGE),
                            work))));

    private ProgramMutants() {
    }

    private interface Predicate {
        boolean holds(ProgramImage image);
    }

    private interface Compressor {
        int size(byte[] data, int offset, int length, WorkMemory work);
    }

    private static Subject lzo(Compressor compressor) {
        return Subject.MODEL.withServices(services -> {
            WorkMemory work = new WorkMemory();
            return services.withLzo((data, offset, length) -> compressor.size(data, offset, length, work));
        });
    }

    private static Subject admitting(Predicate also) {
        return Subject.MODEL.with((Subject.Admission) (image, accepted) -> accepted || also.holds(image));
    }

    private static boolean calls(ProgramImage image, Set<Integer> helpers) {
        return image.decoded().instructions().stream()
                .anyMatch(each -> each instanceof Instruction.Call(Instruction.CallTarget.Helper(int number))
                        && helpers.contains(number));
    }

    private static boolean callsSomething(ProgramImage image) {
        return image.decoded().instructions().stream().anyMatch(
                each -> each instanceof Instruction.Call(Instruction.CallTarget.Helper(int number)) && number > 0);
    }

    /** Classes BPF_ST and BPF_STX with r1 as the base. */
    private static boolean storesToContext(RawInstruction slot) {
        int group = slot.opcode() & 7;
        return (group == 2 || group == 3) && slot.dst() == 1;
    }

    /** Class BPF_LDX with r1 as the base. */
    private static boolean loadsBeyondContext(RawInstruction slot) {
        return (slot.opcode() & 7) == 1 && slot.src() == 1 && slot.offset() >= CONTEXT;
    }

    private static HookProgram retargeted(HookProgram program) {
        return program.hook() == null
                ? new HookProgram(program.id(), program.type(), program.attach(), Hook.VERIFY.function(),
                        program.refusal())
                : program;
    }

    private static HookProgram retyped(HookProgram program) {
        return new HookProgram(program.id(), ProgramType.COMPRESSOR, program.attach(), program.target(),
                program.refusal());
    }

    private static boolean closesLink(State state, Call call) {
        if (!(call instanceof Call.Close close)) {
            return false;
        }
        OpenFile file = state.open(close.task(), close.fd());
        return file != null && state.inode(file.inode()).kind() instanceof InodeKind.BpfLink;
    }
}
