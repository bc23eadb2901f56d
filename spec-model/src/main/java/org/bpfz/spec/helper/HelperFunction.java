package org.bpfz.spec.helper;

import org.bpfz.spec.memory.ViolationException;

/** What a helper does. */
@FunctionalInterface
public interface HelperFunction {

    /** Looks at the arguments, does the work and says how to go on. */
    Outcome apply(HelperCall call) throws ViolationException, ArgumentException;
}
