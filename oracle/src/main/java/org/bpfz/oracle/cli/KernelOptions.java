package org.bpfz.oracle.cli;

import java.io.IOException;
import java.nio.file.Path;
import org.bpfz.loader.BtfFiles;
import org.bpfz.loader.KernelConfig;
import org.bpfz.loader.KernelTarget;
import org.bpfz.oracle.InputException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options by which commands are told of the kernel that objects are for. */
final class KernelOptions {
    private static final String LIVE = "live";
    private static final String NO_NUMBER = "--kernel-version ";

    @Option(names = "--btf", paramLabel = "F", description = "The kernel's types: a file with BTF, or 'live' for this machine's kernel.")
    private @Nullable String btf;

    @Option(names = "--kconfig", paramLabel = "F", description = "The kernel's configuration: a .config, also compressed.")
    private @Nullable Path config;

    @Option(names = "--kernel-version", paramLabel = "V", description = "The kernel's version, such as 5.15.3. Default: 6.12.0.")
    private @Nullable String version;

    /** Whether the kernel's types are given. */
    boolean hasTypes() {
        return btf != null;
    }

    /** What the options say; what they leave open is not known. */
    KernelTarget target() throws IOException {
        KernelTarget target = KernelTarget.UNKNOWN;
        if (btf != null) {
            Path file = btf.equals(LIVE) ? BtfFiles.LIVE_KERNEL : Path.of(btf);
            target = target.withTypes(BtfFiles.read(file, null));
        }
        if (config != null) {
            target = target.withConfig(KernelConfig.read(config));
        }
        return version == null ? target : target.withVersion(code(version));
    }

    private static int code(String text) {
        if (!text.matches("[0-9]{1,3}\\.[0-9]{1,3}(\\.[0-9]{1,3})?")) {
            throw new InputException(NO_NUMBER + text + ": a version is two or three numbers with dots");
        }
        String[] parts = text.split("\\.", -1);
        int patch = parts.length > 2 ? Math.min(Integer.parseInt(parts[2]), 255) : 0;
        return Integer.parseInt(parts[0]) << 16 | Integer.parseInt(parts[1]) << 8 | patch;
    }
}
