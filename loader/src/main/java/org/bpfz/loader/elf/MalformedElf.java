package org.bpfz.loader.elf;

/** Says that a file is no well-formed BPF object: the place in the file, and the reason. */
public final class MalformedElf extends BadObject {
    private static final long serialVersionUID = 1L;

    private final long offset;
    private final String reason;

    /**
     * An error at a byte of the file.
     *
     * @param offset bytes from the start of the file
     */
    public MalformedElf(String file, long offset, String reason) {
        super(file, "byte " + offset + ": " + reason);
        this.offset = offset;
        this.reason = reason;
    }

    /** Where: bytes from the start of the file. */
    public long offset() {
        return offset;
    }

    /** Why, without file and place. */
    public String reason() {
        return reason;
    }
}
