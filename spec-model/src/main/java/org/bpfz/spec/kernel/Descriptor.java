package org.bpfz.spec.kernel;

/**
 * One entry of a descriptor table.
 *
 * @param file        the id of the {@link OpenFile}
 * @param closeOnExec FD_CLOEXEC, which belongs to the descriptor and not to the open file
 */
public record Descriptor(int file, boolean closeOnExec) {
    /** A number that a call has taken and not yet given an open file. */
    static final Descriptor RESERVED = new Descriptor(0, false);
}
