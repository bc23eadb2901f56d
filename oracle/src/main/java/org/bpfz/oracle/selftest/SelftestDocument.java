package org.bpfz.oracle.selftest;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bpfz.oracle.selftest.SelftestResult.Kind;

/** docs/SELFTESTS.md: how many loads of each file are as expected, and every other one by name. */
public final class SelftestDocument {
    private static final String INTRODUCTION = """
            # The kernel's verifier tests

            The loads of `tools/testing/selftests/bpf/progs/verifier_*.c` of Linux 6.12, privileged and unprivileged, by what became of them:

            - **passed**: the verdict is the one expected, the log has the messages expected, and a run on the specification returns what is
              expected (`__retval`, for the loads under *run*);
            - **lax**: accepted although it should be refused; **strict**: the other way round;
            - **message**: the right verdict, and an expected message is missing from the log;
            - **return**: verdict and messages are right, a run ends with something else: it goes on for longer than a million instructions, which
              may_goto may; it reads stack that it never wrote, which a CPU does and the specification does not; or it depends on what the kernel
              makes of the program or packet beyond the verdict;
            - **not run**: verdict and messages are right, the specification has no such helper or map to run with;
            - **unsupported**: not built, or something that is not modelled.

            Made by `bpfz selftest --kernel-source --markdown docs/SELFTESTS.md`, which builds them with clang-19 from the distribution's source
            package. Types: those of\s""";

    private SelftestDocument() {
    }

    /** The whole text. */
    public static String of(TestTypes types, List<SelftestResult> results) {
        Map<String, List<SelftestResult>> byFile = new TreeMap<>();
        results.forEach(result -> byFile.computeIfAbsent(result.file(), _ -> new ArrayList<>()).add(result));
        StringBuilder text = new StringBuilder(INTRODUCTION).append(types.origin()).append("""
                .

                | file | passed | lax | strict | message | return | not run | unsupported | run |
                |---|--:|--:|--:|--:|--:|--:|--:|--:|
                """);
        byFile.forEach((file, rows) -> row(text, file, rows));
        row(text, "**all**", results);
        text.append("\n## Not as expected\n\n| file | program | | reason |\n|---|---|---|---|\n");
        for (SelftestResult result : results) {
            if (result.kind() != Kind.PASSED) {
                text.append("| ").append(result.file()).append(" | ").append(result.name()).append(" | ")
                        .append(result.kind()).append(" | ").append(result.reason().replace("|", "\\|"))
                        .append(" |\n");
            }
        }
        return text.toString();
    }

    /** How many results are of a kind. */
    public static long count(List<SelftestResult> results, Kind kind) {
        return results.stream().filter(result -> result.kind() == kind).count();
    }

    private static void row(StringBuilder text, String file, List<SelftestResult> rows) {
        text.append("| ").append(file);
        for (Kind kind : Kind.values()) {
            text.append(" | ").append(count(rows, kind));
        }
        text.append(" | ").append(rows.stream().filter(SelftestResult::ran).count()).append(" |\n");
    }
}
