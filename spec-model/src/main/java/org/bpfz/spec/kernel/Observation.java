package org.bpfz.spec.kernel;

/** What was seen of a call: that it returned, with what, or that it did not return. */
public sealed interface Observation {
    /**
     * It returned.
     *
     * @param result the raw result: a negative error number or the value
     * @param output what it stored; {@link Output.None} where that was not recorded
     */
    record Returned(long result, Output output) implements Observation {
        /** Whether the call failed. */
        public boolean isError() {
            return result < 0 && result >= -4095;
        }
    }

    /** It is still waiting. */
    record Waiting() implements Observation {}

    /** A result of which nothing else was recorded. */
    static Returned of(long result) {
        return new Returned(result, Output.None.NONE);
    }
}
