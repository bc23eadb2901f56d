/**
 * JMH suites, and the native peers that they are compared with.
 */
@NullMarked
package org.bpfz.benchmarks;

import org.jspecify.annotations.NullMarked;
