package org.bpfz.oracle.scenario;

import java.util.List;
import java.util.function.Consumer;
import org.bpfz.oracle.calls.CallPrinter;
import org.bpfz.spec.kernel.HookRun;
import org.bpfz.spec.kernel.Signal;

/** Tells a run as text: each call with its result as strace would print it, and below it the programs that it ran. */
public final class RunText implements Consumer<RunEvent> {
    private static final String INDENT = "      ";

    private final Scenario scenario;
    private final Consumer<String> lines;

    /** A teller of one run. */
    public RunText(Scenario scenario, Consumer<String> lines) {
        this.scenario = scenario;
        this.lines = lines;
    }

    @Override
    public void accept(RunEvent event) {
        switch (event) {
            case RunEvent.Returned e -> {
                lines.accept(e.task() + ": " + CallPrinter.print(e.call(), e.outcome()));
                runs(e.outcome().runs());
                for (Signal signal : e.outcome().signals()) {
                    lines.accept(INDENT + "signal " + signal);
                }
            }
            case RunEvent.Waits e -> {
                lines.accept(e.task() + ": " + CallPrinter.print(e.call(), e.outcome()));
                runs(e.outcome().runs());
            }
            case RunEvent.Loaded e -> lines.accept((e.object().isEmpty() ? "program " : "load " + e.object() + ": ")
                    + e.program() + " = " + CallPrinter.result(e.result()));
            case RunEvent.Attached e -> lines.accept("attach " + e.program()
                    + (e.target() == null ? "" : " to " + e.target()) + " = " + CallPrinter.result(e.result()));
            case RunEvent.Detached e -> lines.accept("detach " + e.link());
            case RunEvent.MapUpdated e ->
                lines.accept("map " + e.map() + "[" + MapBytes.print(e.key()) + "] = " + MapBytes.print(e.value())
                        + (e.result() == 0 ? "" : ": " + CallPrinter.result(e.result())));
            case RunEvent.DiskSized _,RunEvent.FilePlaced _,RunEvent.TaskMade _,RunEvent.MapMade _,RunEvent.MapRead _ -> {
                // Set-up and expectations are not told again: they read as they were written.
            }
            case RunEvent.Printed e -> lines.accept(INDENT + "trace_pipe: " + e.message());
            case RunEvent.Mismatch e -> lines.accept(scenario.file() + ":" + e.line() + ": " + e.message());
        }
    }

    private void runs(List<HookRun> runs) {
        for (HookRun run : runs) {
            lines.accept(INDENT + CallPrinter.print(run));
        }
    }
}
