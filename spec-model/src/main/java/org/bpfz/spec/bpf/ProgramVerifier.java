package org.bpfz.spec.bpf;

import org.bpfz.spec.Errno;
import org.bpfz.spec.engine.Facts;
import org.bpfz.spec.program.ProgramImage;
import org.jspecify.annotations.Nullable;

/** Says whether a program may run: the place of bpf_check. */
@FunctionalInterface
public interface ProgramVerifier {
    /** Takes every program as it is: for programs that someone else has verified. */
    ProgramVerifier TRUSTING = (_, _, _) -> new Answer(null, Facts.NONE, "", 0);

    /**
     * The answer.
     *
     * @param refusal      what BPF_PROG_LOAD fails with, null if the program is accepted
     * @param facts        what is known of an accepted program
     * @param log          at the level that was asked for
     * @param instructions how many instructions were looked at
     */
    record Answer(@Nullable Errno refusal, Facts facts, String log, int instructions) {}

    /**
     * Verifies.
     *
     * @param flags    prog_flags of BPF_PROG_LOAD
     * @param logLevel as log_level of BPF_PROG_LOAD
     */
    Answer verify(ProgramImage image, int flags, int logLevel);
}
