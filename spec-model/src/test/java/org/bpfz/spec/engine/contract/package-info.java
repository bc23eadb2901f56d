/**
 * The contract of engines as tests: every engine extends the classes named {@code ...Contract}, says in {@code engine()} which one it is, and
 * is held to the values that stand in the tests and, run by run, to the specification.
 */
@NullMarked
package org.bpfz.spec.engine.contract;

import org.jspecify.annotations.NullMarked;
