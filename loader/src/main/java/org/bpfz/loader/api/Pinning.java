package org.bpfz.loader.api;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.bpfz.spec.bpf.Attr;
import org.bpfz.spec.bpf.BpfSystemCall;
import org.bpfz.spec.bpf.Command;

/** BPF_OBJ_PIN and BPF_OBJ_GET. */
final class Pinning {
    private Pinning() {
    }

    static int pin(BpfSystemCall kernel, int fd, String path) {
        return kernel.bpf(Command.OBJ_PIN, new Attr.Obj(text(kernel, path), fd, 0, 0));
    }

    static int get(BpfSystemCall kernel, String path) {
        return kernel.bpf(Command.OBJ_GET, new Attr.Obj(text(kernel, path), 0, 0, 0));
    }

    /** A buffer with a text and the zero behind. */
    static long text(BpfSystemCall kernel, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return kernel.memory().put(Arrays.copyOf(bytes, bytes.length + 1));
    }
}
