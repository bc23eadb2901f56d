package org.bpfz.loader.api;

import org.bpfz.spec.bpf.BpfSystemCall;

/** An attached program. Closing it takes the program off, unless the link is pinned. */
public final class LinkHandle implements AutoCloseable {
    private final BpfSystemCall kernel;
    private final String program;
    private final int fd;
    private boolean closed;

    LinkHandle(BpfSystemCall kernel, String program, int fd) {
        this.kernel = kernel;
        this.program = program;
        this.fd = fd;
    }

    /** Its descriptor. */
    public int fd() {
        return fd;
    }

    /** Lets it outlive its users under a path of the BPF file system. */
    public void pin(String path) {
        BpfCallException.checked("pinning of the link of '" + program + "'", Pinning.pin(kernel, fd, path));
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            kernel.close(fd);
        }
    }
}
