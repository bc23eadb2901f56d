package org.bpfz.oracle.replay;

/**
 * What was counted for a file that was under verification.
 *
 * @param path    its name in the end, or the name that it was opened by if it has none any more
 * @param gone    whether it has none any more
 * @param written bytes written
 * @param after   bytes after compression
 */
public record FileSum(String path, boolean gone, long written, long after) {}
