package org.bpfz.oracle.selftest;

import java.util.ArrayList;
import java.util.List;
import org.bpfz.spec.btf.BtfType.DeclTag;
import org.bpfz.verifier.Options;
import org.jspecify.annotations.Nullable;

/**
 * What the tags of one program expect, for a privileged loader and for one without capabilities (parse_test_spec).
 *
 * @param privileged   null where nothing is expected of a privileged load
 * @param unprivileged null where nothing is expected of an unprivileged load
 * @param flags        prog_flags
 * @param logLevel     0 where none is asked for
 * @param thisMachine  whether it is for x86-64 too
 * @param targetTypes  the file beside the object with the types that fields are relocated for; null for the kernel's own
 */
record Expectation(@Nullable Outcome privileged, @Nullable Outcome unprivileged, int flags, int logLevel,
        boolean thisMachine, @Nullable String targetTypes) {
    private static final String PREFIX = "comment:test_";
    /** The runner's default flags: the domain must not contradict itself. */
    private static final int DEFAULT_FLAGS = Options.TEST_REG_INVARIANTS;

    /**
     * One load.
     *
     * @param failure  whether it is to be refused
     * @param messages what the log has to contain, in this order
     * @param returned what a run has to return, or null where none is asked for
     */
    record Outcome(boolean failure, List<MessagePattern> messages, @Nullable ExpectedReturn returned) {}

    /** Reads the tags of a program's function. */
    static Expectation of(List<DeclTag> tags) {
        Reader reader = new Reader();
        tags.forEach(tag -> reader.read(tag.name()));
        return reader.finish();
    }

    private static final class Reader {
        private boolean privileged;
        private boolean unprivileged;
        private boolean failure;
        private @Nullable Boolean unprivilegedFailure;
        private final List<MessagePattern> messages = new ArrayList<>();
        private final List<MessagePattern> unprivilegedMessages = new ArrayList<>();
        private @Nullable ExpectedReturn returned;
        private @Nullable ExpectedReturn unprivilegedReturned;
        private @Nullable String targetTypes;
        private int flags = DEFAULT_FLAGS;
        private int logLevel;
        private boolean anyMachine = true;
        private boolean thisMachine;

        void read(String tag) {
            if (!tag.startsWith(PREFIX)) {
                return;
            }
            String rest = tag.substring(PREFIX.length());
            int equals = rest.indexOf('=');
            String key = equals < 0 ? rest : rest.substring(0, equals);
            String value = equals < 0 ? "" : rest.substring(equals + 1);
            switch (key) {
                case "expect_failure" -> {
                    privileged = true;
                    failure = true;
                }
                case "expect_success", "auxiliary" -> privileged = true;
                case "expect_failure_unpriv" -> {
                    unprivileged = true;
                    unprivilegedFailure = true;
                }
                case "expect_success_unpriv" -> {
                    unprivileged = true;
                    unprivilegedFailure = false;
                }
                case "auxiliary_unpriv" -> unprivileged = true;
                case "expect_msg" -> {
                    privileged = true;
                    messages.add(numbered(value));
                }
                case "expect_msg_unpriv" -> {
                    unprivileged = true;
                    unprivilegedMessages.add(numbered(value));
                }
                case "retval" -> {
                    privileged = true;
                    returned = ExpectedReturn.of(value);
                }
                case "retval_unpriv" -> {
                    unprivileged = true;
                    unprivilegedReturned = ExpectedReturn.of(value);
                }
                case "log_level" -> logLevel = Integer.parseInt(value);
                case "prog_flags" -> readFlag(value);
                case "btf_path" -> targetTypes = value;
                case "arch" -> {
                    anyMachine = false;
                    thisMachine |= value.equals("X86_64");
                }
                default -> {
                }
            }
        }

        /** Tags carry a running number so that a compiler does not drop the second of two equal ones. */
        private static MessagePattern numbered(String value) {
            return new MessagePattern(value.substring(value.indexOf('=') + 1));
        }

        private void readFlag(String value) {
            boolean clear = value.startsWith("!");
            String name = clear ? value.substring(1) : value;
            int flag = switch (name) {
                case "BPF_F_STRICT_ALIGNMENT" -> Options.STRICT_ALIGNMENT;
                case "BPF_F_ANY_ALIGNMENT" -> Options.ANY_ALIGNMENT;
                case "BPF_F_TEST_RND_HI32" -> 0;
                case "BPF_F_TEST_STATE_FREQ" -> Options.TEST_STATE_FREQ;
                case "BPF_F_SLEEPABLE" -> Options.SLEEPABLE;
                case "BPF_F_XDP_HAS_FRAGS" -> Options.XDP_HAS_FRAGS;
                case "BPF_F_TEST_REG_INVARIANTS" -> Options.TEST_REG_INVARIANTS;
                default -> Integer.decode(name);
            };
            flags = clear ? flags & ~flag : flags | flag;
        }

        Expectation finish() {
            boolean onlyDefault = !privileged && !unprivileged;
            Outcome root = privileged || onlyDefault ? new Outcome(failure, messages, returned) : null;
            Outcome nobody = !unprivileged
                    ? null
                    : new Outcome(unprivilegedFailure == null ? failure : unprivilegedFailure,
                            unprivilegedMessages.isEmpty() ? messages : unprivilegedMessages,
                            unprivilegedReturned == null ? returned : unprivilegedReturned);
            return new Expectation(root, nobody, flags, logLevel, anyMachine || thisMachine, targetTypes);
        }
    }
}
