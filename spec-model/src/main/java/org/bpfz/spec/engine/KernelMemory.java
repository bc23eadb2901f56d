package org.bpfz.spec.engine;

/** The kernel's own memory as far as it is modelled: what bpf_probe_read_kernel reaches beyond the program's regions. */
@FunctionalInterface
public interface KernelMemory {

    /** Copies the bytes from {@code address} on into {@code target} and returns true, or returns false where one of them is not readable. */
    boolean read(long address, byte[] target);

    /** No address is readable. */
    KernelMemory NONE = (address, target) -> false;
}
