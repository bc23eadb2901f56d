package org.bpfz.oracle.analyze;

/** A line of the report. */
public sealed interface Entry permits FileResult, Found.LeftOut {
}
