package org.bpfz.oracle.attach;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.bpfz.oracle.InputException;
import org.bpfz.oracle.attach.Workload.SystemCall;
import org.bpfz.oracle.model.Engines;
import org.bpfz.oracle.replay.Recording;
import org.bpfz.oracle.scenario.RunEvent;
import org.bpfz.oracle.scenario.ScenarioParser;
import org.bpfz.oracle.scenario.ScenarioRunner;
import org.bpfz.spec.engine.Task;

/** Workloads made of system calls: those that a scenario makes on the modelled kernel, and those that strace has recorded. */
public final class CallWorkloads {
    private static final int MICROSECONDS = 1_000_000;
    private static final String UNNAMED = "recorded";

    private CallWorkloads() {
    }

    /**
     * The calls of a scenario, with the programs that they run on the compressor's hooks; a call begins each microsecond.
     *
     * @throws InputException if the scenario can not be run
     */
    public static Workload ofScenario(Path file) throws IOException {
        Map<Integer, Task> tasks = new HashMap<>();
        List<SystemCall> calls = new ArrayList<>();
        new ScenarioRunner(ScenarioParser.parse(file), Engines.named(Engines.SPECIFICATION), event -> {
            if (event instanceof RunEvent.TaskMade made) {
                tasks.put(made.pid(), task(made.pid(), made.uid(), made.gid(), made.task()));
            }
            if (event instanceof RunEvent.Returned returned) {
                int pid = returned.call().task();
                Task task = tasks.computeIfAbsent(pid, _ -> task(pid, 0, 0, returned.task()));
                calls.add(new SystemCall(task, 0, time(returned.exited()), returned.call(),
                        returned.outcome().result(), returned.outcome().runs()));
            }
        }).run();
        return new Workload(calls);
    }

    /**
     * The modelled calls of a recording; the line number stands for the time, in microseconds.
     *
     * @throws InputException if the recording can not be read, or has none
     */
    public static Workload ofStrace(Path log) throws IOException {
        List<SystemCall> calls = new ArrayList<>();
        for (Recording.Made made : Recording.calls(log)) {
            calls.add(new SystemCall(task(made.call().task(), 0, 0, UNNAMED), 0, time(made.line()), made.call(),
                    made.result(), List.of()));
        }
        if (calls.isEmpty()) {
            throw new InputException(log, "no system call of the model, as strace prints them");
        }
        return new Workload(calls);
    }

    private static Task task(int pid, int uid, int gid, String name) {
        return new Task(pid, pid, uid, gid, name.length() > 15 ? name.substring(0, 15) : name);
    }

    private static String time(int microseconds) {
        return String.format(Locale.ROOT, "%d.%06d", microseconds / MICROSECONDS, microseconds % MICROSECONDS);
    }
}
