package org.bpfz.loader.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bpfz.spec.program.ProgramImage;
import org.bpfz.spec.program.ProgramImage.Unresolved;

/** Says that the kernel refuses a program, with the verifier's whole log. */
public final class ProgramRefusedException extends BpfCallException {
    private static final long serialVersionUID = 1L;

    private final String program;
    private final String log;

    ProgramRefusedException(String object, ProgramImage image, int result, String log) {
        super(object + ": program '" + image.name() + "': " + reason(explained(image, log)), result);
        program = image.name();
        this.log = explained(image, log);
    }

    /** The program's name. */
    public String program() {
        return program;
    }

    /** All that the verifier has said. */
    public String log() {
        return log;
    }

    /** The last line that is a reason. */
    private static String reason(String log) {
        String reason = "refused";
        for (String line : log.lines().toList()) {
            boolean statistics = line.startsWith("processed ") || line.startsWith("verification time ")
                    || line.startsWith("stack depth ");
            if (!line.isBlank() && !statistics && !line.startsWith(";")) {
                reason = line;
            }
        }
        return reason;
    }

    /**
     * What the kernel lacks in the place of an instruction that the loader has made unusable for that, and of the reason that follows from it
     * (fixup_verifier_log in tools/lib/bpf/libbpf.c).
     */
    private static String explained(ProgramImage image, String log) {
        List<String> lines = new ArrayList<>();
        Unresolved pending = null;
        for (String line : log.lines().toList()) {
            Unresolved here = null;
            for (Map.Entry<Integer, Unresolved> entry : image.unresolved().entrySet()) {
                if (line.startsWith(entry.getKey() + ": (85) call ")) {
                    here = entry.getValue();
                    lines.add(entry.getKey() + ": " + here.shown());
                }
            }
            if (here != null) {
                pending = here;
            } else if (pending != null && line.startsWith("invalid func ")) {
                lines.add(pending.reason());
                pending = null;
            } else {
                lines.add(line);
            }
        }
        return lines.isEmpty() ? "" : String.join("\n", lines) + "\n";
    }
}
