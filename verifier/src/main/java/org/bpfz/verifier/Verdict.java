package org.bpfz.verifier;

import java.util.List;
import org.bpfz.spec.Errno;
import org.bpfz.spec.btf.LineInfo;
import org.jspecify.annotations.Nullable;

/** What became of a program. */
public sealed interface Verdict {
    /** The log, at the level that was asked for. */
    String log();

    /** How much work it was. */
    Statistics statistics();

    /** The kernel would load the program. */
    record Accepted(Facts facts, String log, Statistics statistics) implements Verdict {}

    /**
     * The kernel would refuse the program.
     *
     * @param errno   what BPF_PROG_LOAD fails with
     * @param message the reason: the log's last line before its statistics
     * @param slot    the instruction that is refused
     * @param line    the source line of the instruction, or null where BTF does not say
     */
    record Rejected(Errno errno, String message, int slot, @Nullable LineInfo line, String log, Statistics statistics)
            implements
                Verdict {}

    /**
     * What the last line of the log counts.
     *
     * @param instructions how many instructions were looked at, on all paths together
     * @param states       how many states were saved
     * @param peakStates   how many of them were kept at a time, as the kernel counts
     * @param stackDepths  bytes of stack of each function
     */
    record Statistics(int instructions, int states, int peakStates, List<Integer> stackDepths) {
        public Statistics {
            stackDepths = List.copyOf(stackDepths);
        }
    }
}
