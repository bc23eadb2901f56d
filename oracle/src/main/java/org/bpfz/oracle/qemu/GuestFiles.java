package org.bpfz.oracle.qemu;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Optional;
import org.bpfz.oracle.qemu.Request.Argument;

/** Reads the guest's files, such as the kernel's types. */
public final class GuestFiles {
    private static final int SYS_READ = 0;
    private static final int SYS_OPEN = 2;
    private static final int SYS_CLOSE = 3;
    private static final int BLOCK = 4 << 20;

    private GuestFiles() {
    }

    /** The file's bytes; empty where it can not be opened. */
    public static Optional<byte[]> read(VirtualMachine machine, String path) throws IOException {
        Request open = new Request();
        int opened = open.call(SYS_OPEN, open.put(path));
        long fd = machine.call(open).result(opened);
        if (fd < 0) {
            return Optional.empty();
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (long n = 1; n > 0;) {
            Request read = new Request();
            long buffer = read.reserve(BLOCK);
            int got = read.callKeeping(0, 0, SYS_READ, new Argument.Value(fd), new Argument.Value(buffer),
                    new Argument.Value(BLOCK));
            int content = read.peek(buffer, BLOCK);
            Answers answers = machine.call(read);
            n = answers.result(got);
            bytes.write(answers.bytes(content), 0, (int) Math.max(n, 0));
        }
        Request close = new Request();
        close.call(SYS_CLOSE, fd);
        machine.call(close);
        return Optional.of(bytes.toByteArray());
    }
}
