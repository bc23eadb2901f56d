/**
 * Grading: a {@link org.bpfz.oracle.grade.Runner} turns the scenarios of a suite into traces – on a kernel in a virtual machine, or on
 * the model in its place –, the checker turns the traces into verdicts, a {@link org.bpfz.oracle.grade.Grader} adds them up to one row a
 * clause, shrinks what shows a violation, and gives points by a {@link org.bpfz.oracle.grade.Rubric}.
 */
@NullMarked
package org.bpfz.oracle.grade;

import org.jspecify.annotations.NullMarked;
