package org.bpfz.spec.engine;

import org.bpfz.spec.Errno;

/**
 * What the clauses HELP-2, HELP-3 and HELP-5 leave open of the two compressor helpers: one value for each choice.
 *
 * @param copyFromBuffer the number of bpf_copy_from_buffer (HELP-2)
 * @param lzoCompress    the number of bpf_lzo_compress (HELP-2)
 * @param pastEnd        what bpf_copy_from_buffer does with a range that runs past the end (HELP-3)
 * @param pastEndError   the error that it returns then, where {@code pastEnd} is {@link PastEnd#ERROR}
 * @param noData         the error that both return from {@code decide}, where there is no data (HELP-5)
 */
public record HelperReading(int copyFromBuffer, int lzoCompress, PastEnd pastEnd, Errno pastEndError, Errno noData) {

    /** The strict reading under the default numbers. */
    public static final HelperReading STRICT = new HelperReading(212, 213, PastEnd.ERROR, Errno.EINVAL, Errno.EINVAL);

    /** What bpf_copy_from_buffer does with a range that runs past the end of the data. */
    public enum PastEnd {
        /** Returns an error and copies nothing. */
        ERROR,
        /** Copies the part that is there, leaves the rest of the target alone and returns 0. */
        PARTIAL
    }
}
