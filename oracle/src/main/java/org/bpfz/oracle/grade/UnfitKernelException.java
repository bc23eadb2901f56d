package org.bpfz.oracle.grade;

/** Says that a kernel can not be graded clause by clause, because of something that comes before all clauses. */
public final class UnfitKernelException extends Exception {
    private static final long serialVersionUID = 1;

    private final Reason reason;
    private final String detail;
    private final String console;

    /** Why a kernel is unfit. */
    public enum Reason {
        /** It does not know the program type: the patch is not in it. */
        NO_PROGRAM_TYPE(
                "the kernel does not know the program type BPF_PROG_TYPE_COMPRESSOR: it is not patched, or another number was"
                        + " chosen"),
        /** It has no BTF, so nothing can be attached to a function. */
        NO_BTF("the kernel has no BTF (CONFIG_DEBUG_INFO_BTF), so programs can not be attached to its functions"),
        /** It stops before the agent runs. */
        NO_USER_SPACE("the kernel never reaches user space"),
        /** It stops before the first scenario: when its types are read, or a program is loaded and attached that does nothing. */
        DIES_AT_ONCE(
                "the kernel reaches user space, but panics or hangs before the first scenario: when its BTF is read, or when a"
                        + " program that does nothing is loaded and attached"),
        /** It has come up and does so no more. */
        COMES_UP_NO_MORE("the kernel has come up before, and now does not any more");

        private final String text;

        Reason(String text) {
            this.text = text;
        }

        /** One sentence for the report. */
        public String text() {
            return text;
        }
    }

    /**
     * A kernel that can not be graded.
     *
     * @param detail  what shows it, in one line; empty if there is nothing to say
     * @param console the last lines of its console
     */
    public UnfitKernelException(Reason reason, String detail, String console) {
        super(detail.isEmpty() ? reason.text() : reason.text() + ": " + detail);
        this.reason = reason;
        this.detail = detail;
        this.console = console;
    }

    /** Why. */
    public Reason reason() {
        return reason;
    }

    /** What shows it; empty if there is nothing to say. */
    public String detail() {
        return detail;
    }

    /** The last lines of its console. */
    public String console() {
        return console;
    }
}
