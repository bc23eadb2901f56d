package org.bpfz.spec.btf;

/** Says that bytes are no BTF, or not one that the asked-for {@link BtfRules} take: where, and why. */
public final class MalformedBtf extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final long offset;
    private final String reason;

    /**
     * An error at a byte.
     *
     * @param offset bytes from the start of the section that was read
     */
    public MalformedBtf(long offset, String reason) {
        super("BTF, byte " + offset + ": " + reason);
        this.offset = offset;
        this.reason = reason;
    }

    /** Where: bytes from the start of the section that was read. */
    public long offset() {
        return offset;
    }

    /** Why, without the place. */
    public String reason() {
        return reason;
    }
}
