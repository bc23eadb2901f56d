package org.bpfz.verifier;

import org.bpfz.spec.program.ProgramImage;
import org.bpfz.verifier.log.VerifierLog;

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
        VerifierLog log = new VerifierLog(options.logLevel());
        Verification verification = new Verification(image, options, log);
        try {
            verification.run();
            verification.printStatistics();
            return new Verdict.Accepted(verification.facts(), log.toString(), verification.statistics());
        } catch (Rejection rejection) {
            return rejected(verification, rejection, log);
        }
    }

    private static Verdict rejected(Verification verification, Rejection rejection, VerifierLog log) {
        String message = lastLine(log.toString());
        int slot = rejection.slot() == Rejection.AT_CURRENT ? verification.slot() : rejection.slot();
        verification.printStatistics();
        return new Verdict.Rejected(rejection.errno(), message, slot, verification.lineAt(slot), log.toString(),
                verification.statistics());
    }

    private static String lastLine(String log) {
        String text = log.stripTrailing();
        return text.substring(text.lastIndexOf('\n') + 1);
    }
}
