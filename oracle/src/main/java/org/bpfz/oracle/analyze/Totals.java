package org.bpfz.oracle.analyze;

/**
 * The sums of an analysis.
 *
 * @param files      regular files that were written through the model, under verification or not
 * @param verified   those under verification
 * @param written    bytes written under verification
 * @param after      bytes after compression
 * @param links      symbolic links
 * @param special    devices, pipes, sockets, folders of the kernel's own file systems
 * @param unreadable files and folders that could not be read, or not to their end
 */
public record Totals(long files, long verified, long written, long after, long links, long special, long unreadable) {
    /** Nothing yet. */
    public static final Totals NONE = new Totals(0, 0, 0, 0, 0, 0, 0);

    /** With one more file. */
    public Totals plus(FileResult file) {
        return new Totals(files + 1, verified + (file.verified() ? 1 : 0), written + file.written(),
                after + file.after(),
                links, special, unreadable + (file.problem() == null ? 0 : 1));
    }

    /** With one more thing left out. */
    public Totals plus(Found.LeftOut one) {
        return new Totals(files, verified, written, after, links + (one.why() == Found.Why.LINK ? 1 : 0),
                special + (one.why() == Found.Why.SPECIAL ? 1 : 0),
                unreadable + (one.why() == Found.Why.UNREADABLE ? 1 : 0));
    }
}
