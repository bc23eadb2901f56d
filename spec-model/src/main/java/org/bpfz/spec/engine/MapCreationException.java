package org.bpfz.spec.engine;

import java.io.Serial;
import org.bpfz.spec.Errno;

/** A map was asked for that the kernel would not create. */
public final class MapCreationException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    private final Errno errno;

    public MapCreationException(String map, Errno errno, String reason) {
        super("map " + map + ": " + errno + ": " + reason);
        this.errno = errno;
    }

    /** What BPF_MAP_CREATE returns. */
    public Errno errno() {
        return errno;
    }
}
