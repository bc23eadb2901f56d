package org.bpfz.oracle.attach;

import java.io.PrintStream;
import java.util.Locale;
import org.bpfz.spec.engine.Task;
import org.bpfz.spec.engine.TraceSink;

/** The trace pipe as a kernel prints it, with the columns in front that ftrace puts there (kernel/trace/trace_output.c). */
public final class TracePipe implements TraceSink {
    /** Since 5.9 a message names the function that wrote it, and flags have a column more. */
    private static final int NAMED = 5 << 16 | 9 << 8;

    private final PrintStream out;
    private final boolean named;
    private String time = "0.000000";

    /** A pipe of a kernel version. */
    public TracePipe(PrintStream out, int version) {
        this.out = out;
        named = version >= NAMED;
    }

    /** What time it is, in seconds. */
    public void setTime(String seconds) {
        time = seconds;
    }

    @Override
    public void print(Task task, int cpu, String message) {
        String text = message.endsWith("\n") ? message.substring(0, message.length() - 1) : message;
        out.println(named
                ? String.format(Locale.ROOT, "%16s-%-7d [%03d] d..21 %12s: bpf_trace_printk: %s", task.comm(),
                        task.pid(), cpu, time, text)
                : String.format(Locale.ROOT, "%16s-%-5d [%03d] d... %12s: : %s", task.comm(), task.pid(), cpu, time,
                        text));
    }
}
