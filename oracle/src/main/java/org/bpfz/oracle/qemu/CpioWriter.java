package org.bpfz.oracle.qemu;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;

/**
 * Writes the archive that a kernel unpacks into its first root file system: cpio in the "new ASCII" form
 * (Documentation/driver-api/early-userspace/buffer-format.rst), every number as eight hexadecimal digits.
 */
public final class CpioWriter {
    private static final int DIRECTORY = 0040000;
    private static final int FILE = 0100000;
    private static final int CHARACTER_DEVICE = 0020000;
    private static final String END = "TRAILER!!!";

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private int inode;

    /** Adds a folder that everyone may enter; its parents come before it. */
    public CpioWriter directory(String path) {
        return entry(path, DIRECTORY | 0755, 0, 0, new byte[0]);
    }

    /** Adds a file, owned by root, that everyone may read, and start if it is a program. */
    public CpioWriter file(String path, byte[] content, boolean program) {
        return entry(path, FILE | (program ? 0755 : 0644), 0, 0, content);
    }

    /** Adds a character device. */
    public CpioWriter device(String path, int major, int minor) {
        return entry(path, CHARACTER_DEVICE | 0600, major, minor, new byte[0]);
    }

    /** The whole archive with its end mark, gzip'ed. */
    public byte[] compressed() {
        ByteArrayOutputStream result = new ByteArrayOutputStream();
        try (GZIPOutputStream zip = new GZIPOutputStream(result)) {
            zip.write(archive());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return result.toByteArray();
    }

    /** The whole archive with its end mark. */
    public byte[] archive() {
        CpioWriter whole = new CpioWriter();
        whole.out.writeBytes(out.toByteArray());
        whole.entry(END, 0, 0, 0, new byte[0]);
        return whole.out.toByteArray();
    }

    private CpioWriter entry(String path, int mode, int major, int minor, byte[] content) {
        byte[] name = (path.startsWith("/") ? path.substring(1) : path).getBytes(StandardCharsets.UTF_8);
        inode++;
        out.writeBytes("070701".getBytes(StandardCharsets.US_ASCII));
        int[] fields = {inode, mode, 0, 0, 1, 0, content.length, 0, 0, major, minor, name.length + 1, 0};
        for (int field : fields) {
            out.writeBytes(String.format(Locale.ROOT, "%08X", field).getBytes(StandardCharsets.US_ASCII));
        }
        out.writeBytes(name);
        out.write(0);
        align();
        out.writeBytes(content);
        align();
        return this;
    }

    private void align() {
        while (out.size() % Integer.BYTES != 0) {
            out.write(0);
        }
    }
}
