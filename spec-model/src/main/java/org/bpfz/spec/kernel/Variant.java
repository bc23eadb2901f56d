package org.bpfz.spec.kernel;

import org.bpfz.spec.program.Clause;

/**
 * One answer to a question that the assignment leaves open. Each question is an enum; its first constant is the strict answer,
 * the one that the text suggests when read to the letter.
 *
 * <p>Questions whose clause says "open" come from the clause list; the others were found while the specification was written,
 * where the text, or two required clauses together, admit more than one behaviour.
 */
public sealed interface Variant {
    /** The clause that leaves the choice. */
    Clause clause();

    /** What the choice means, in one sentence. */
    String meaning();

    /** The constant's name. */
    String name();

    /** ATT-2: when is a compressor program refused whose target is no hook? */
    enum WrongTarget implements Variant {
        AT_LOAD("BPF_PROG_LOAD refuses it with EINVAL"),
        AT_ATTACH("it loads, and BPF_RAW_TRACEPOINT_OPEN refuses it with EINVAL");

        private final String meaning;

        WrongTarget(String meaning) {
            this.meaning = meaning;
        }

        @Override
        public Clause clause() {
            return Clause.ATT_2;
        }

        @Override
        public String meaning() {
            return meaning;
        }
    }

    /** ATT-4: what becomes of a second program on an occupied hook? */
    enum SecondProgram implements Variant {
        REFUSED("attaching it fails with EBUSY"),
        CHAINED("the programs run in the order of attaching; the first result that is not zero ends the chain and stands");

        private final String meaning;

        SecondProgram(String meaning) {
            this.meaning = meaning;
        }

        @Override
        public Clause clause() {
            return Clause.ATT_4;
        }

        @Override
        public String meaning() {
            return meaning;
        }
    }

    /** HOOK-1: is decide consulted for a descriptor that is opened with O_PATH and can never be written to? */
    enum PathDecide implements Variant {
        CONSULTED("on every successful open, also of an O_PATH descriptor"),
        NOT_CONSULTED("not for O_PATH, which opens no file");

        private final String meaning;

        PathDecide(String meaning) {
            this.meaning = meaning;
        }

        @Override
        public Clause clause() {
            return Clause.HOOK_1;
        }

        @Override
        public String meaning() {
            return meaning;
        }
    }

    /** HOOK-5: what happens to a write of a file under verification while no verify program is attached? */
    enum NoVerifier implements Variant {
        NOT_COUNTED("it proceeds and the sums stay as they were"),
        COMPRESSED_TO_NOTHING("it proceeds as if verify had returned 0: the first sum grows alone"),
        INCOMPRESSIBLE("it proceeds and both sums grow by the bytes written"),
        REFUSED("it fails with EINVAL while a decide program is attached; with no program at all HOOK-6 rules");

        private final String meaning;

        NoVerifier(String meaning) {
            this.meaning = meaning;
        }

        @Override
        public Clause clause() {
            return Clause.HOOK_5;
        }

        @Override
        public String meaning() {
            return meaning;
        }
    }

    /** CTX-4: does the verifier accept a load of part of a field? */
    enum NarrowLoad implements Variant {
        WHOLE_FIELDS_ONLY("only whole fields may be loaded"),
        NARROW_ACCEPTED("an aligned load inside one field may be narrower");

        private final String meaning;

        NarrowLoad(String meaning) {
            this.meaning = meaning;
        }

        @Override
        public Clause clause() {
            return Clause.CTX_4;
        }

        @Override
        public String meaning() {
            return meaning;
        }
    }

    /** CTX-4: may a program load the fields of the other hook, which are the same bytes? */
    enum OtherHooksFields implements Variant {
        ALL_FIELDS("decide may load offset and size, verify may load uid and gid"),
        OWN_FIELDS_ONLY("each hook's program may load its own fields only");

        private final String meaning;

        OtherHooksFields(String meaning) {
            this.meaning = meaning;
        }

        @Override
        public Clause clause() {
            return Clause.CTX_4;
        }

        @Override
        public String meaning() {
            return meaning;
        }
    }

    /** CTX-5: which offset does verify see when the data is appended (O_APPEND, RWF_APPEND)? */
    enum AppendOffset implements Variant {
        END_OF_FILE("the end of the file, where the data lands"),
        POSITION("the position before the call, or the offset argument");

        private final String meaning;

        AppendOffset(String meaning) {
            this.meaning = meaning;
        }

        @Override
        public Clause clause() {
            return Clause.CTX_5;
        }

        @Override
        public String meaning() {
            return meaning;
        }
    }

    /** CTX-5: which offset does verify see for a file that has no position (a pipe, a socket)? */
    enum StreamOffset implements Variant {
        ZERO("0"),
        MINUS_ONE("-1");

        private final String meaning;

        StreamOffset(String meaning) {
            this.meaning = meaning;
        }

        @Override
        public Clause clause() {
            return Clause.CTX_5;
        }

        @Override
        public String meaning() {
            return meaning;
        }
    }

    /** CTX-5: which size does verify see when the kernel will not write all that was asked for? */
    enum VerifiedPart implements Variant {
        SUBMITTED("what the caller handed in, up to MAX_RW_COUNT, whatever of it is written in the end"),
        WRITTEN("what is written in the end");

        private final String meaning;

        VerifiedPart(String meaning) {
            this.meaning = meaning;
        }

        @Override
        public Clause clause() {
            return Clause.CTX_5;
        }

        @Override
        public String meaning() {
            return meaning;
        }
    }

    /** CTX-6: whose uid and gid does decide see? */
    enum DecideOwner implements Variant {
        INODE("those of the opened file's inode"),
        TASK("the real ids of the opening task (current_uid)"),
        TASK_EFFECTIVE("the effective ids of the opening task (current_euid)"),
        TASK_FILE_ACCESS("the file access ids of the opening task (current_fsuid)");

        private final String meaning;

        DecideOwner(String meaning) {
            this.meaning = meaning;
        }

        @Override
        public Clause clause() {
            return Clause.CTX_6;
        }

        @Override
        public String meaning() {
            return meaning;
        }
    }

    /** HELP-3: what does bpf_copy_from_buffer do with a range that runs past the end of the data? */
    enum CopyPastEnd implements Variant {
        ERROR("it returns an error and copies nothing"),
        AVAILABLE_PART("it copies the available part and returns 0");

        private final String meaning;

        CopyPastEnd(String meaning) {
            this.meaning = meaning;
        }

        @Override
        public Clause clause() {
            return Clause.HELP_3;
        }

        @Override
        public String meaning() {
            return meaning;
        }
    }

    /** HELP-3: may bpf_copy_from_buffer be called with a size of 0? */
    enum EmptyCopy implements Variant {
        REFUSED("the verifier asks for a size above 0 (ARG_CONST_SIZE)"),
        ACCEPTED("a size of 0 verifies and copies nothing (ARG_CONST_SIZE_OR_ZERO)");

        private final String meaning;

        EmptyCopy(String meaning) {
            this.meaning = meaning;
        }

        @Override
        public Clause clause() {
            return Clause.HELP_3;
        }

        @Override
        public String meaning() {
            return meaning;
        }
    }

    /** HELP-5: are the two new helpers for programs with a GPL-compatible licence only? */
    enum HelperLicence implements Variant {
        ANY("any licence may call them"),
        GPL_ONLY("they are gpl_only");

        private final String meaning;

        HelperLicence(String meaning) {
            this.meaning = meaning;
        }

        @Override
        public Clause clause() {
            return Clause.HELP_5;
        }

        @Override
        public String meaning() {
            return meaning;
        }
    }

    /** WR-1: what has a write done to the file when verify aborts it? */
    enum AbortedWrite implements Variant {
        NOTHING_WRITTEN("nothing has reached the file and the position has not moved"),
        DATA_WRITTEN("the data is written, the position stays as after any failed write, the call returns EINVAL"),
        DATA_WRITTEN_AND_POSITION_MOVED("the data is written, the position has moved, the call returns EINVAL");

        private final String meaning;

        AbortedWrite(String meaning) {
            this.meaning = meaning;
        }

        @Override
        public Clause clause() {
            return Clause.WR_1;
        }

        @Override
        public String meaning() {
            return meaning;
        }
    }

    /** WR-2 with HOOK-3: what does a write return that verify would abort and whose arguments are wrong besides? */
    enum RefusalOrder implements Variant {
        ARGUMENTS_FIRST(
                "the error of the unpatched kernel as far as mode, address and position show it; then verify runs"),
        VERIFY_FIRST("EINVAL: verify runs as soon as the open file is known"),
        OWN_FAILURE_FIRST(
                "the error of the unpatched kernel, also when it only shows while data is moved (no space, EFBIG)");

        private final String meaning;

        RefusalOrder(String meaning) {
            this.meaning = meaning;
        }

        @Override
        public Clause clause() {
            return Clause.WR_2;
        }

        @Override
        public String meaning() {
            return meaning;
        }
    }

    /** WR-2: what happens to a write under verification whose data faults somewhere? */
    enum FaultingData implements Variant {
        READABLE_PART(
                "verify sees the part before the fault; with nothing to see the write fails with EFAULT unverified"),
        WHOLE_WRITE_FAILS("EFAULT, verify does not run and nothing is written"),
        UNREADABLE_DATA("verify runs with the whole size; its helpers report that the data cannot be had");

        private final String meaning;

        FaultingData(String meaning) {
            this.meaning = meaning;
        }

        @Override
        public Clause clause() {
            return Clause.WR_2;
        }

        @Override
        public String meaning() {
            return meaning;
        }
    }

    /** WR-3: is a zero-length write verified? */
    enum ZeroLength implements Variant {
        VERIFIED("with size 0, and the second sum grows by the result"),
        VERIFIED_NOT_COUNTED("with size 0, and the sums stay as they were"),
        SINGLE_BUFFER_ONLY(
                "write and pwrite64 as in VERIFIED, vectored calls not at all: they return before the file is asked"),
        NOT_VERIFIED("not at all");

        private final String meaning;

        ZeroLength(String meaning) {
            this.meaning = meaning;
        }

        @Override
        public Clause clause() {
            return Clause.WR_3;
        }

        @Override
        public String meaning() {
            return meaning;
        }
    }

    /**
     * WR-4: how are vectored writes verified? Only a regular file is written piecemeal; any other file takes all segments at
     * once, after each has been verified.
     */
    enum Vectored implements Variant {
        CONCATENATED("once, over all segments together"),
        EACH_SEGMENT_FIRST("each non-empty segment before anything is written; an error leaves nothing behind"),
        EACH_SEGMENT_COUNTED("segment after segment; an error leaves the earlier ones written and counted"),
        EACH_SEGMENT_UNCOUNTED(
                "segment after segment; an error leaves the earlier ones written and the sums as they were");

        private final String meaning;

        Vectored(String meaning) {
            this.meaning = meaning;
        }

        @Override
        public Clause clause() {
            return Clause.WR_4;
        }

        @Override
        public String meaning() {
            return meaning;
        }
    }

    /** SYS-2: which error comes first, that of the descriptor or that of the address? */
    enum StatsErrorOrder implements Variant {
        DESCRIPTOR_FIRST("EBADF before EFAULT"),
        ADDRESS_FIRST("EFAULT before EBADF");

        private final String meaning;

        StatsErrorOrder(String meaning) {
            this.meaning = meaning;
        }

        @Override
        public Clause clause() {
            return Clause.SYS_2;
        }

        @Override
        public String meaning() {
            return meaning;
        }
    }

    /** SYS-2: what does a NULL pointer to get_compression_stats mean? */
    enum NullSum implements Variant {
        FAULT("EFAULT, as any address that cannot be written"),
        NOT_WANTED("that the caller does not want this sum");

        private final String meaning;

        NullSum(String meaning) {
            this.meaning = meaning;
        }

        @Override
        public Clause clause() {
            return Clause.SYS_2;
        }

        @Override
        public String meaning() {
            return meaning;
        }
    }

    /** SYS-2: what do the two system calls make of a descriptor opened with O_PATH? */
    enum PathStats implements Variant {
        BAD_DESCRIPTOR("EBADF, as read and write do"),
        ACCEPTED("a file not under verification, or under verification if decide said so");

        private final String meaning;

        PathStats(String meaning) {
            this.meaning = meaning;
        }

        @Override
        public Clause clause() {
            return Clause.SYS_2;
        }

        @Override
        public String meaning() {
            return meaning;
        }
    }

    /** SYS-3: what do the two system calls return for a file that is not under verification? */
    enum UnverifiedStats implements Variant {
        ZERO("0, and both sums read 0"),
        ERROR("an error; which one is not said");

        private final String meaning;

        UnverifiedStats(String meaning) {
            this.meaning = meaning;
        }

        @Override
        public Clause clause() {
            return Clause.SYS_3;
        }

        @Override
        public String meaning() {
            return meaning;
        }
    }

    /** SYS-4: do separate opens of one inode share the sums? */
    enum SumsOwner implements Variant {
        OPEN_FILE("no, the sums belong to the open file"),
        INODE("yes, the sums belong to the inode and are shared by its open files under verification");

        private final String meaning;

        SumsOwner(String meaning) {
            this.meaning = meaning;
        }

        @Override
        public Clause clause() {
            return Clause.SYS_4;
        }

        @Override
        public String meaning() {
            return meaning;
        }
    }
}
