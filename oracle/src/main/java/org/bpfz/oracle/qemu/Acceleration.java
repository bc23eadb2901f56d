package org.bpfz.oracle.qemu;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Whether machines can use the host's CPU. Some hosts have a {@code /dev/kvm} on which a guest hangs, which only shows by booting one: that
 * is noted until the host boots again, so that it costs time once.
 */
final class Acceleration {
    static final String KVM = "kvm";
    static final String EMULATED = "tcg";
    /** With KVM a kernel is up in a second or two. */
    static final Duration BOOT = Duration.ofSeconds(15);

    private static final Path DEVICE = Path.of("/dev/kvm");
    private static final Path HOST = Path.of("/proc/sys/kernel/random/boot_id");

    private Acceleration() {
    }

    /** Whether there is KVM, and nobody has seen it hang. */
    static boolean isWorthTrying() throws IOException {
        return Files.isReadable(DEVICE) && Files.isWritable(DEVICE) && !Files.exists(note());
    }

    /** A kernel that comes up emulated did not with KVM. */
    static void hangs() throws IOException {
        Files.write(note(), new byte[0]);
    }

    private static Path note() throws IOException {
        String boot = Files.isReadable(HOST) ? Files.readString(HOST).strip() : "unknown";
        return CacheFolder.of("kvm").resolve("hangs-" + boot);
    }
}
