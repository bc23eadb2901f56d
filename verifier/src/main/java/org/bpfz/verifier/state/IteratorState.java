package org.bpfz.verifier.state;

/** Where an open-coded iterator stands (enum bpf_iter_state). */
public enum IteratorState {
    INVALID("<invalid>"), ACTIVE("active"), DRAINED("drained");

    private final String logName;

    IteratorState(String logName) {
        this.logName = logName;
    }

    /** The name in the log. */
    public String logName() {
        return logName;
    }
}
