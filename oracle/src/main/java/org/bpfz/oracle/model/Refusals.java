package org.bpfz.oracle.model;

import java.util.ArrayList;
import java.util.List;
import org.bpfz.spec.program.ProgramImage;
import org.bpfz.spec.program.ProgramImage.Unresolved;
import org.bpfz.verifier.Verdict;

/**
 * Words a refusal for the user: an instruction that a loader has made unusable is a call of a helper that does not exist to the verifier;
 * what the kernel lacks is put in the place of that, in the message and in the log (fixup_verifier_log in tools/lib/bpf/libbpf.c).
 */
public final class Refusals {
    private Refusals() {
    }

    /** The reason, in one line. */
    public static String message(ProgramImage image, Verdict.Rejected rejected) {
        Unresolved unresolved = image.unresolved().get(rejected.slot());
        return unresolved == null ? rejected.message() : unresolved.reason();
    }

    /** The whole log. */
    public static String log(ProgramImage image, Verdict.Rejected rejected) {
        Unresolved unresolved = image.unresolved().get(rejected.slot());
        if (unresolved == null) {
            return rejected.log();
        }
        List<String> lines = new ArrayList<>();
        for (String line : rejected.log().lines().toList()) {
            if (line.startsWith(rejected.slot() + ": (85) call ")) {
                lines.add(rejected.slot() + ": " + unresolved.shown());
            } else {
                lines.add(line.equals(rejected.message()) ? unresolved.reason() : line);
            }
        }
        return lines.isEmpty() ? "" : String.join("\n", lines) + "\n";
    }
}
