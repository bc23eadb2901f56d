package org.bpfz.oracle.fuzz;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bpfz.oracle.qemu.GuestBpf.Loading;
import org.bpfz.spec.program.ProgramImage;
import org.bpfz.verifier.Verdict;

/**
 * How the verifier's verdict on a program compares with a kernel's.
 *
 * @param outcome      the verdicts themselves
 * @param sameErrno    whether the error numbers are the same; true where both accept
 * @param sameWork     where both accept: whether the same number of instructions was processed; otherwise true
 * @param sameLog      whether the logs are the same, line for line
 * @param place        the first line that differs, counted from 1; 0 where none does
 */
public record VerdictComparison(Outcome outcome, boolean sameErrno, boolean sameWork, boolean sameLog, int place) {
    private static final Pattern PROCESSED = Pattern.compile("^processed (\\d+) insns", Pattern.MULTILINE);

    private static final Pattern ADDRESS = Pattern.compile("(?:^|before )(\\d{1,6}): \\(18\\) r\\d+ = (0x[0-9a-f]+)");

    /** Who accepts. */
    public enum Outcome {
        BOTH_ACCEPT,
        BOTH_REFUSE,
        /** We accept what the kernel refuses. */
        LAX,
        /** We refuse what the kernel accepts. */
        STRICT
    }

    /** Compares. */
    static VerdictComparison of(ProgramImage image, Verdict ours, Loading theirs) {
        boolean accepted = ours instanceof Verdict.Accepted;
        Outcome outcome = accepted
                ? theirs.isAccepted() ? Outcome.BOTH_ACCEPT : Outcome.LAX
                : theirs.isAccepted() ? Outcome.STRICT : Outcome.BOTH_REFUSE;
        boolean sameErrno = !(ours instanceof Verdict.Rejected rejected) || theirs.isAccepted()
                || rejected.errno() == theirs.errno();
        List<String> our = comparable(image, ours.log());
        List<String> their = comparable(image, theirs.log());
        int place = firstDifference(our, their);
        boolean sameWork = outcome != Outcome.BOTH_ACCEPT || processed(ours.log()) == processed(theirs.log());
        return new VerdictComparison(outcome, sameErrno, sameWork, place == 0, place);
    }

    /** The lines without what is as it comes: the addresses of maps, and the time. */
    static List<String> comparable(ProgramImage image, String log) {
        List<String> lines = new ArrayList<>();
        for (String line : log.lines().filter(line -> !line.startsWith("verification time")).toList()) {
            Matcher address = ADDRESS.matcher(line);
            boolean map = address.find() && isMap(image, Integer.parseInt(address.group(1)));
            lines.add(map
                    ? line.substring(0, address.start(2)) + "MAP"
                            + line.substring(address.end(2)).replaceFirst("^ +", " ")
                    : line);
        }
        return lines;
    }

    private static boolean isMap(ProgramImage image, int slot) {
        return slot < image.code().size() && image.code().get(slot).src() != 0;
    }

    private static int firstDifference(List<String> a, List<String> b) {
        int both = Math.min(a.size(), b.size());
        for (int i = 0; i < both; i++) {
            if (!a.get(i).equals(b.get(i))) {
                return i + 1;
            }
        }
        return a.size() == b.size() ? 0 : both + 1;
    }

    private static int processed(String log) {
        Matcher matcher = PROCESSED.matcher(log);
        int last = -1;
        while (matcher.find()) {
            last = Integer.parseInt(matcher.group(1));
        }
        return last;
    }

    /** Whether anything differs. */
    public boolean differs() {
        return outcome == Outcome.LAX || outcome == Outcome.STRICT || !sameErrno || !sameWork || !sameLog;
    }

    /** One word for the gravest difference. */
    String kind() {
        return switch (outcome) {
            case LAX, STRICT -> outcome.name();
            case BOTH_ACCEPT, BOTH_REFUSE -> !sameErrno ? "ERRNO" : !sameWork ? "WORK" : "LOG";
        };
    }

    /** Both verdicts, the first line that differs, and both logs. */
    String explain(ProgramImage image, Verdict ours, Loading theirs) {
        return "ours:   " + (ours instanceof Verdict.Rejected rejected ? "refused, " + rejected.errno() : "accepted")
                + ": " + line(image, ours.log()) + "\ntheirs: "
                + (theirs.isAccepted() ? "accepted" : "refused, " + theirs.errno()) + ": "
                + line(image, theirs.log()) + "\n\nour log:\n" + ours.log() + "\ntheir log:\n" + theirs.log();
    }

    private String line(ProgramImage image, String log) {
        List<String> lines = comparable(image, log);
        return place == 0 || place > lines.size() ? "" : lines.get(place - 1);
    }
}
