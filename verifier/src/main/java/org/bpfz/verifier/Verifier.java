package org.bpfz.verifier;

import org.bpfz.spec.program.ProgramImage;
import org.bpfz.verifier.log.VerifierLog;
import org.bpfz.verifier.search.StateObserver;

/**
 * Says whether Linux 6.12 would load a program, and why not (bpf_check).
 *
 * <p>A pipeline: what the loader may load at all, then the program's structure, then every path of the main function and of each global
 * function that is called, then the stack depth over all chains of calls.
 */
public final class Verifier {
    private Verifier() {
    }

    /** Verifies a program; a refusal is a verdict, not an exception. */
    public static Verdict verify(ProgramImage image, Options options) {
        return observe(image, options, StateObserver.NONE);
    }

    /**
     * Verifies a program and shows what is believed before each instruction.
     *
     * <p>A path that is watched ends at a saved state only where all that is believed lies inside of what was believed there, numbers that
     * nobody asked for exactly too: so each run of an accepted program is inside of what was shown at each of its instructions. The search is
     * longer for it, and may come to the limit where the kernel's does not.
     */
    public static Verdict observe(ProgramImage image, Options options, StateObserver observer) {
        VerifierLog log = new VerifierLog(options.logLevel());
        Verification verification = new Verification(image, options, log, observer);
        try {
            verification.run();
            verification.printStatistics();
            return new Verdict.Accepted(verification.facts(), log.toString(), verification.statistics());
        } catch (Rejection rejection) {
            return rejected(verification, rejection, log);
        }
    }

    private static Verdict rejected(Verification verification, Rejection rejection, VerifierLog log) {
        String message = reason(log.toString());
        int slot = rejection.slot() == Rejection.AT_CURRENT ? verification.slot() : rejection.slot();
        verification.printStatistics();
        return new Verdict.Rejected(rejection.errno(), message, slot, verification.lineAt(slot), log.toString(),
                verification.statistics());
    }

    /** The last line that says something: source lines and states that are shown behind a reason are no reason. */
    private static String reason(String log) {
        int end = log.stripTrailing().length();
        String last = log.substring(log.lastIndexOf('\n', end - 1) + 1, end);
        String line = last;
        while (line.startsWith("; ") || line.startsWith("cur state:") || line.startsWith("old state:")) {
            end = Math.max(end - line.length() - 1, 0);
            line = log.substring(log.lastIndexOf('\n', end - 1) + 1, end);
        }
        return line.isEmpty() ? last : line;
    }
}
