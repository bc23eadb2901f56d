package org.bpfz.spec.peer;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The Linux 6.12 source as the distribution packages it (Debian: {@code linux-source-6.12}), for comparing with: read, compiled and
 * cut at test, proof or bench time, never kept in the project.
 *
 * <p>Unpacking takes some ten seconds, so what is ever asked for is unpacked once, into the temporary folder, and found there again
 * by every process.
 */
public final class KernelSource {
    /** Names a source tree, or a tar file of one, to use in place of the distribution's. */
    public static final String PROPERTY = "bpfz.kernel.source";

    /** What to install where {@link #find} is empty; for messages. */
    public static final String MISSING = "no Linux 6.12 source here: apt-get install linux-source-6.12 xz-utils";

    private static final Path DEBIAN = Path.of("/usr/src/linux-source-6.12.tar.xz");
    private static final List<String> PARTS = List.of("kernel/bpf", "kernel/trace", "include/linux", "include/uapi",
            "include/asm-generic",
            "lib/lzo", "lib/test_bpf.c", "include/net/netfilter",
            "net/bpf", "net/core", "net/ipv4", "fs/bpf_fs_kfuncs.c", "fs/verity/measure.c", "net/netfilter", "net/unix",
            "kernel/sched/ext.c", "drivers/media/rc/bpf-lirc.c",
            "security",
            "tools/testing/selftests/bpf", "tools/lib/bpf", "tools/include", "tools/arch/x86/include", "kernel/events",
            "arch/x86/include");

    private final Path root;

    private KernelSource(Path root) {
        this.root = root;
    }

    /**
     * The source, if this machine has it and the means to unpack it.
     *
     * @throws IOException where it is there and can't be unpacked
     */
    public static Optional<KernelSource> find() throws IOException {
        String property = System.getProperty(PROPERTY);
        Path source = property == null ? DEBIAN : Path.of(property);
        if (Files.isDirectory(source)) {
            return Optional.of(new KernelSource(source));
        }
        return Files.isReadable(source) ? Optional.of(new KernelSource(unpacked(source))) : Optional.empty();
    }

    /** The file or folder at a path of the source tree, such as {@code kernel/bpf/tnum.c}. */
    public Path resolve(String path) {
        return root.resolve(path);
    }

    private static Path unpacked(Path tar) throws IOException {
        FileTime age = Files.getLastModifiedTime(tar);
        String name = "bpfz-kernel-source-" + System.getProperty("user.name") + "-"
                + Integer.toHexString((tar + "|" + age + "|" + PARTS).hashCode());
        Path folder = Path.of(System.getProperty("java.io.tmpdir"), name);
        Path complete = folder.resolve(".complete");
        Files.createDirectories(folder);
        // Several test processes may ask at once: one unpacks, the others wait for its lock.
        try (FileChannel channel = FileChannel.open(folder.resolve(".lock"), StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
                var _ = channel.lock()) {
            if (!Files.exists(complete)) {
                unpack(tar, folder);
                Files.createFile(complete);
            }
        }
        return folder;
    }

    private static void unpack(Path tar, Path folder) throws IOException {
        List<String> command = new ArrayList<>(
                List.of("tar", "-xf", tar.toString(), "-C", folder.toString(), "--strip-components=1",
                        "--wildcards", "--no-wildcards-match-slash", "--no-same-owner"));
        for (String part : PARTS) {
            command.add("linux-source-*/" + part);
        }
        Path errors = Files.createTempFile("bpfz-tar", ".log");
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(errors.toFile())
                    .start();
            int status = process.waitFor();
            if (status != 0) {
                throw new IOException(
                        "tar could not unpack " + tar + " (exit " + status + "): " + Files.readString(errors).strip());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while unpacking " + tar, e);
        } finally {
            Files.delete(errors);
        }
    }
}
