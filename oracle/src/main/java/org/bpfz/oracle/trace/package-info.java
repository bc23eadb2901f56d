/**
 * Traces: what tasks called and what came of it, as JSON lines (docs/TRACE.md).
 */
@NullMarked
package org.bpfz.oracle.trace;

import org.jspecify.annotations.NullMarked;
