package org.bpfz.oracle.analyze;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What came of one file.
 *
 * @param verified whether decide turned verification on; the sums are 0 if not
 * @param written  bytes written under verification
 * @param after    bytes after compression
 * @param length   bytes that were read from the file and written
 * @param blocks   each write in order, if they were asked for
 * @param problem  why the file was not written to its end; null if it was
 */
public record FileResult(Path path, boolean verified, long written, long after, long length, List<Block> blocks,
        @Nullable String problem) implements Entry {
    public FileResult {
        blocks = List.copyOf(blocks);
    }

    /**
     * One write that verify has seen.
     *
     * @param offset in the file
     * @param size   in bytes
     * @param after  what verify returned
     */
    public record Block(long offset, long size, long after) {}
}
