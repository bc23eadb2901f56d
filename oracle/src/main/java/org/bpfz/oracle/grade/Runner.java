package org.bpfz.oracle.grade;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.bpfz.oracle.scenario.Scenario;
import org.jspecify.annotations.Nullable;

/** Runs scenarios on a kernel, whatever it is, and records what happens. */
public interface Runner extends AutoCloseable {
    /** What the kernel is called in reports. */
    String kernel();

    /**
     * Runs scenarios, each on a machine that nothing has been done to, and writes a trace of each into a folder. The order is the
     * runner's to choose, and several may share a boot where they can not disturb each other.
     *
     * @param folder exists; long data of all traces goes into its subfolder {@code data}
     * @return one recording for each scenario, in the same order
     * @throws UnfitKernelException if the kernel can not be graded at all
     */
    List<Recording> run(List<Scenario> scenarios, Path folder) throws IOException, UnfitKernelException;

    @Override
    void close() throws IOException;

    /**
     * What came of a scenario.
     *
     * @param trace   null if the scenario can not be done as it is written
     * @param problem why it can not; null if it can
     * @param trouble what went wrong with the kernel itself; null if nothing did
     */
    record Recording(Scenario scenario, @Nullable Path trace, @Nullable String problem, @Nullable Trouble trouble) {
        /** A scenario that was run to its end. */
        public static Recording of(Scenario scenario, Path trace) {
            return new Recording(scenario, trace, null, null);
        }

        /** A scenario during which the kernel complained, died or hung. */
        public static Recording of(Scenario scenario, Path trace, Optional<Trouble> trouble) {
            return new Recording(scenario, trace, null, trouble.orElse(null));
        }

        /** A scenario that can not be done. */
        public static Recording impossible(Scenario scenario, String problem) {
            return new Recording(scenario, null, problem, null);
        }

        /** What the kernel's console showed of the trouble; empty if there was none. */
        List<String> console() {
            return trouble == null ? List.of() : trouble.console();
        }
    }

    /**
     * A kernel that complained, died or hung.
     *
     * @param kind    as a trace has it: {@code warning}, {@code oops}, {@code panic} or {@code hang}
     * @param text    the line that says most
     * @param console the last lines of its console
     */
    record Trouble(String kind, String text, List<String> console) {
        private static final int LINES = 80;

        public Trouble {
            console = List.copyOf(console.subList(Math.max(0, console.size() - LINES), console.size()));
        }
    }
}
