package org.bpfz.spec.engine;

/** Where bpf_trace_printk writes: the trace pipe, without the columns that ftrace puts in front. */
@FunctionalInterface
public interface TraceSink {

    /** Takes one message, formatted, without the line's end that the pipe adds where it has none. */
    void print(Task task, int cpu, String message);

    /** Drops everything. */
    TraceSink NONE = (task, cpu, message) -> {
    };
}
