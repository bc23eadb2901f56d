package org.bpfz.spec.program;

import com.google.common.collect.ImmutableList;
import org.jspecify.annotations.Nullable;

/**
 * The requirements of the assignment, cut into clauses that a specification can name, a trace can violate and a report can cite.
 *
 * <p>A clause says what every implementation does, or leaves a choice, or both. The choices are questions of the reading
 * ({@code org.bpfz.spec.kernel.Variant}), named here by the enum of their answers: a submission may give any answer as long as it holds to
 * it throughout.
 */
public enum Clause {
    PROG_1("The program type BPF_PROG_TYPE_COMPRESSOR has the number behind BPF_PROG_TYPE_NETFILTER: 33 on Linux 6.12.",
            null,
            ImmutableList.of()),

    ATT_1("The attach type BPF_COMPRESSOR has the number behind BPF_TRACE_KPROBE_SESSION: 57 on Linux 6.12; on a running kernel its BTF says "
            + "which.", null, ImmutableList.of()),

    ATT_2("A compressor program attaches through BPF_RAW_TRACEPOINT_OPEN to bpf_compressor_decide or bpf_compressor_verify and to nothing else; "
            + "a program of another type does not attach to them as BPF_COMPRESSOR.",
            "Whether a wrong target is refused when the program is loaded or when it is attached.",
            ImmutableList.of("WrongTarget")),

    ATT_3("When the last reference to the link is gone, the hook behaves as without a program.", null,
            ImmutableList.of()),

    ATT_4("Closing one program never disturbs the other hook.",
            "Whether a second program on an occupied hook is refused with -EBUSY or runs behind the first.",
            ImmutableList.of("SecondProgram")),

    HOOK_1("Decide is consulted once on each successful open, openat, openat2 and creat; a positive value puts the open file under "
            + "verification, any other does not, and the open succeeds either way.",
            "Whether it is consulted for a descriptor opened with O_PATH.", ImmutableList.of("PathDecide")),

    HOOK_2("Verify is consulted on write, pwrite64, writev, pwritev and pwritev2 of a file under verification, and of no other.",
            null,
            ImmutableList.of()),

    HOOK_3("Where verify returns a negative number the system call is aborted with -EINVAL, whichever number it was.",
            null, ImmutableList.of()),

    HOOK_4("Where verify returns another number, that is the size after compression: the file's sums grow by the bytes written and by it.",
            null, ImmutableList.of()),

    HOOK_5(null, "What becomes of a write to a file under verification while no program is attached to verify.",
            ImmutableList.of("NoVerifier")),

    HOOK_6("With no program attached every system call behaves as in the unpatched kernel.", null, ImmutableList.of()),

    HOOK_7("Writing through mmap, splice, tee, vmsplice and sendfile neither verifies nor counts.", null,
            ImmutableList.of()),

    CTX_1("The context is the 16 bytes of struct compress_ctx: s64 offset at 0 and u64 size at 8, over u32 uid at 0 and u32 gid at 4.",
            null,
            ImmutableList.of()),

    CTX_2("A program may read the context and not write it: the verifier refuses every store to it, plain or atomic.",
            null, ImmutableList.of()),

    CTX_3("The verifier refuses an access to the context that is not inside of the 16 bytes, is misaligned or has a variable offset.",
            null,
            ImmutableList.of()),

    CTX_4(null,
            "Whether a load may be narrower than its field, and whether a hook's program may load the fields of the other hook.",
            ImmutableList.of("NarrowLoad", "OtherHooksFields")),

    CTX_5("For verify, offset is where in the file the data lands and size is its length in bytes.",
            "The offset of an appending write and of one to a descriptor that cannot seek; the size where less will be written than was "
                    + "asked for.",
            ImmutableList.of("AppendOffset", "StreamOffset", "VerifiedPart")),

    CTX_6(null,
            "Whether uid and gid are those of the opened file's inode or, in one of three senses, of the opening task.",
            ImmutableList.of("DecideOwner")),

    HELP_1("A compressor program may call the base set of 6.12, under its CAP_BPF and CAP_PERFMON gates, bpf_get_current_uid_gid, "
            + "bpf_get_current_pid_tgid and the two new helpers; the verifier refuses every other number.", null,
            ImmutableList.of()),

    HELP_2("The two new helpers are there for compressor programs only; by default bpf_copy_from_buffer is 212 and bpf_lzo_compress 213.",
            null, ImmutableList.of()),

    HELP_3("bpf_copy_from_buffer(ctx, offset, ptr, size) copies from the written data to ptr and returns 0; the verifier takes ptr for memory "
            + "of size bytes that is written to. No byte from beyond the data reaches the program.",
            "What happens to a range that runs past the end of the data.", ImmutableList.of("CopyPastEnd")),

    HELP_4("bpf_lzo_compress(ctx) returns the size of what the kernel's lzo1x_1_compress makes of the data, to the byte, or a negative error.",
            null, ImmutableList.of()),

    HELP_5("Called from decide, where there is no data, the two new helpers return an error.",
            "Whether they are for programs with a GPL-compatible licence only.", ImmutableList.of("HelperLicence")),

    WR_1("The sums of an aborted write stay as they were.",
            "Whether an aborted write has written its data nevertheless.",
            ImmutableList.of("AbortedWrite")),

    WR_2("A write that fails for its own reasons returns what the unpatched kernel returns and counts nothing; a short write counts the bytes "
            + "that were written.",
            "Which error wins where verify would abort too, and what verify sees of data that faults.",
            ImmutableList.of("RefusalOrder", "FaultingData")),

    WR_3("A write of length zero counts no bytes as written.", "Whether it is verified, with size 0.",
            ImmutableList.of("ZeroLength")),

    WR_4(null,
            "Whether a vectored write is verified once as a whole or segment by segment, and what an error in a later segment leaves behind.",
            ImmutableList.of("Vectored")),

    WR_5("Data of any size is verified; the sums have 64 bits.", null, ImmutableList.of()),

    SYS_1("get_compression_stats(fd, written, after) stores both sums and returns 0; reset_compression_stats(fd) sets both to zero and returns "
            + "0. By default they are system calls 463 and 464.", null, ImmutableList.of()),

    SYS_2("A bad descriptor gives -EBADF and an address that cannot be written -EFAULT.",
            "Which of the two comes first, what a null pointer means, and what a descriptor opened with O_PATH gives.",
            ImmutableList.of("StatsErrorOrder", "NullSum", "PathStats")),

    SYS_3("Of a file that is not under verification both sums read 0.",
            "Whether the calls return 0 or an error for it.",
            ImmutableList.of("UnverifiedStats")),

    SYS_4("Descriptors made by dup, fork or SCM_RIGHTS share the open file and with it the sums.",
            "Whether separate opens of one inode share them too.", ImmutableList.of("SumsOwner")),

    SYS_5("Concurrent writers lose no update: at rest the sums are those of the completed writes, and every read and reset of them is explained "
            + "by some order of the overlapping calls.", null, ImmutableList.of());

    private final @Nullable String required;
    private final @Nullable String open;
    private final ImmutableList<String> questions;

    Clause(@Nullable String required, @Nullable String open, ImmutableList<String> questions) {
        this.required = required;
        this.open = open;
        this.questions = questions;
    }

    /** As reports cite it: {@code WR-1}. */
    public String id() {
        return name().replace('_', '-');
    }

    /** What every implementation does, or null where the clause only leaves a choice. */
    public @Nullable String required() {
        return required;
    }

    /** What the clause leaves open, or null where it leaves nothing. */
    public @Nullable String open() {
        return open;
    }

    /** The questions that the clause leaves open, each by the simple name of the enum of its answers. */
    public ImmutableList<String> questions() {
        return questions;
    }

    /** The clause with the id {@code WR-1}, or null. */
    public static @Nullable Clause of(String id) {
        for (Clause clause : values()) {
            if (clause.id().equals(id)) {
                return clause;
            }
        }
        return null;
    }
}
