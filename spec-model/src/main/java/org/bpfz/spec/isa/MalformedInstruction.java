package org.bpfz.spec.isa;

/** A program has a slot that is no legal instruction. The reason is what the verifier of Linux 6.12 says of it. */
public final class MalformedInstruction extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final int index;
    private final String reason;

    public MalformedInstruction(int index, String reason) {
        super("insn " + index + ": " + reason);
        this.index = index;
        this.reason = reason;
    }

    /** The slot, from 0. */
    public int index() {
        return index;
    }

    /** One line without the slot's number: {@code unknown opcode 8d}. */
    public String reason() {
        return reason;
    }
}
