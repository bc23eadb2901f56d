package org.bpfz.spec.kernel;

import java.util.List;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.bpfz.spec.Errno;

/** What reads and writes refuse alike before any data moves. */
final class TransferChecks {
    private TransferChecks() {
    }

    /** fs/read_write.c, rw_verify_area. */
    static void area(long offset, long length) {
        if (length < 0 || offset < 0 || offset + length < 0) {
            throw new Failure(Errno.EINVAL);
        }
    }

    /**
     * lib/iov_iter.c, import_iovec: the count, then the lengths of the entries that can be read, then all addresses.
     *
     * @param userAddress whether the address of an entry is in user space
     * @param inUserSpace whether all of the entry is; a single one is cut before it is looked at
     */
    static <S> void vector(IoVector<S> vector, ToLongFunction<S> length, Predicate<S> userAddress,
            Predicate<S> inUserSpace) {
        if (vector.count() < 0 || vector.count() > Limits.IOV_MAX) {
            throw new Failure(Errno.EINVAL);
        }
        List<S> segments = vector.segments();
        if (segments.stream().anyMatch(segment -> length.applyAsLong(segment) < 0)) {
            throw new Failure(Errno.EINVAL);
        }
        if (vector.count() > segments.size()
                || !segments.stream().allMatch(segments.size() == 1 ? userAddress : inUserSpace)) {
            throw new Failure(Errno.EFAULT);
        }
    }

    /** include/linux/fs.h, kiocb_set_rw_flags and fs/read_write.c, do_loop_readv_writev: RWF_* flags. */
    static void flags(int flags, FileTraits traits, boolean iterates) {
        int known = iterates ? Flags.RWF_SUPPORTED : Flags.RWF_HIPRI;
        if ((flags & ~known) != 0) {
            throw new Failure(Errno.EOPNOTSUPP);
        }
        if ((flags & Flags.RWF_APPEND) != 0 && (flags & Flags.RWF_NOAPPEND) != 0) {
            throw new Failure(Errno.EINVAL);
        }
        boolean unknownNowait = (flags & Flags.RWF_NOWAIT) != 0 && !traits.nowait();
        // No file that is modelled can write atomically.
        if (unknownNowait || (flags & Flags.RWF_ATOMIC) != 0) {
            throw new Failure(Errno.EOPNOTSUPP);
        }
    }
}
