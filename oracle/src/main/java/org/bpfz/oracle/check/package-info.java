/**
 * The oracle: recorded traces against the specification as a relation, in the way of SibylFS (Ridge and others, SOSP 2015).
 *
 * <p>A {@link org.bpfz.oracle.check.TraceChecker} keeps every {@link org.bpfz.oracle.check.Candidate} that explains a trace so far: a
 * state, and the {@link org.bpfz.oracle.check.Answers} to open questions under which it was reached. Each event is explained anew from
 * each candidate ({@link org.bpfz.oracle.check.Explainer}); an open question splits a candidate only where its answers lead to different
 * states. Calls that overlap are tried in every order that their intervals allow ({@link org.bpfz.oracle.check.Interleaving}). Where no
 * candidate is left, that is a {@link org.bpfz.oracle.check.Violation}, and {@link org.bpfz.oracle.check.Resync} goes on from what was seen.
 */
@NullMarked
package org.bpfz.oracle.check;

import org.jspecify.annotations.NullMarked;
