package org.bpfz.oracle.trace;

import java.util.List;

/**
 * The first line of a trace.
 *
 * @param kernel   what was traced: {@code model}, or what a kernel calls itself
 * @param scenario the scenario's file name; empty if the trace is not of one
 * @param about    one sentence on the scenario; empty if there is none
 * @param clauses  the clauses that the scenario exercises, by name, the one that it is there for first
 * @param data     the folder with long data, beside the trace
 */
public record TraceHeader(String kernel, String scenario, String about, List<String> clauses, String data) {
    public TraceHeader {
        clauses = List.copyOf(clauses);
    }
}
