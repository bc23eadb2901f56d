package org.bpfz.oracle.selftest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.bpfz.loader.BtfFiles;
import org.bpfz.oracle.UnavailableException;
import org.bpfz.oracle.qemu.StockKernel;
import org.bpfz.oracle.qemu.StockTypes;
import org.jspecify.annotations.Nullable;

/**
 * The kernel's types that test programs refer to. What they expect holds with those of 6.12, so the stock kernel's come first.
 *
 * @param file   with BTF; null where there is none
 * @param origin whose they are, for people
 */
public record TestTypes(@Nullable Path file, String origin) {
    /** Those of a file that somebody has named. */
    public static TestTypes named(Path file) {
        return new TestTypes(file, String.valueOf(file.getFileName()));
    }

    /**
     * Those of the stock 6.12 kernel; where that is not to be had, of the running one; else none.
     *
     * @param fetch whether to fetch the stock kernel if it was not fetched before
     */
    public static TestTypes best(boolean fetch) throws IOException {
        String missing = "bpfz kernel fetch gets the stock one";
        try {
            Optional<Path> image = fetch ? Optional.of(StockKernel.findOrFetch()) : StockKernel.find();
            if (image.isPresent()) {
                return new TestTypes(StockTypes.of(image.get()),
                        "the stock kernel " + StockTypes.release(image.get()));
            }
        } catch (UnavailableException e) {
            missing = String.valueOf(e.getMessage());
        }
        return Files.isReadable(BtfFiles.LIVE_KERNEL)
                ? new TestTypes(BtfFiles.LIVE_KERNEL,
                        "the running kernel " + System.getProperty("os.version") + ", not a 6.12: " + missing)
                : new TestTypes(null, "none: " + missing);
    }
}
