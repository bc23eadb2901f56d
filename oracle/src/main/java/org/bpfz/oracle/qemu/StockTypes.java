package org.bpfz.oracle.qemu;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.bpfz.oracle.UnavailableException;

/** The types (BTF) of a stock kernel: read from it once, while it runs in the guest, and kept beside its image. */
public final class StockTypes {
    private static final String FILE = "/sys/kernel/btf/vmlinux";

    private StockTypes() {
    }

    /**
     * The file that holds them.
     *
     * @param image as {@link StockKernel#find} finds it
     * @throws UnavailableException where the guest can not be booted here, or has no types
     */
    public static Path of(Path image) throws IOException {
        Path kept = image.resolveSibling("btf-" + release(image));
        if (Files.exists(kept)) {
            return kept;
        }
        try (VirtualMachine machine = VirtualMachine.boot(Boot.of(image))) {
            byte[] types = GuestFiles.read(machine, FILE)
                    .orElseThrow(() -> new UnavailableException("the kernel " + release(image) + " has no " + FILE));
            Path fresh = Files.createTempFile(image.toAbsolutePath().getParent(), "types", ".btf");
            Files.write(fresh, types);
            return Files.move(fresh, kept, StandardCopyOption.REPLACE_EXISTING);
        } catch (GuestException e) {
            throw new UnavailableException(
                    "the kernel " + release(image) + " does not tell its types: " + e.getMessage());
        }
    }

    /** The release that an image's name tells, such as {@code 6.12.57+deb12-cloud-amd64}. */
    public static String release(Path image) {
        return String.valueOf(image.getFileName()).replaceFirst("^vmlinuz-", "");
    }
}
