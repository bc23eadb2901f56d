package org.bpfz.spec.kernel;

import org.bpfz.spec.program.Clause;
import org.bpfz.spec.Errno;

/** get_compression_stats and reset_compression_stats (clauses SYS-1 to SYS-5). */
final class StatsCalls {
    private StatsCalls() {
    }

    static Outcomes get(Evaluation call, int fd, Call.SumAddress written, Call.SumAddress after) {
        call.restsOn(Clause.SYS_1);
        boolean faults = faults(call, written) || faults(call, after);
        if (faults && !isOpen(call, fd)
                && call.choose(Variant.StatsErrorOrder.class) == Variant.StatsErrorOrder.ADDRESS_FIRST) {
            return call.fail(Errno.EFAULT);
        }
        int id = file(call, fd);
        OpenFile file = call.state.file(id);
        if (!file.verified() && call.choose(Variant.UnverifiedStats.class) == Variant.UnverifiedStats.ERROR) {
            return BpfCalls.anyError(call, Errno.EINVAL);
        }
        if (faults) {
            call.restsOn(Clause.SYS_2);
            return call.fail(Errno.EFAULT);
        }
        return call.ok(0, new Output.Stats(sums(call, file)));
    }

    static Outcomes reset(Evaluation call, int fd) {
        call.restsOn(Clause.SYS_1);
        int id = file(call, fd);
        OpenFile file = call.state.file(id);
        if (!file.verified()) {
            return call.choose(Variant.UnverifiedStats.class) == Variant.UnverifiedStats.ERROR
                    ? BpfCalls.anyError(call, Errno.EINVAL)
                    : call.ok(0);
        }
        call.state = switch (call.choose(Variant.SumsOwner.class)) {
            case OPEN_FILE -> call.state.withFile(id, file.withSums(Sums.ZERO));
            case INODE -> call.state.with(call.state.inode(file.inode()).withSums(Sums.ZERO));
        };
        return call.ok(0);
    }

    private static boolean isOpen(Evaluation call, int fd) {
        Descriptor descriptor = call.table().get(fd);
        return descriptor != null && (!call.state.file(descriptor.file()).isPathOnly()
                || call.choose(Variant.PathStats.class) == Variant.PathStats.ACCEPTED);
    }

    private static int file(Evaluation call, int fd) {
        if (!isOpen(call, fd)) {
            call.restsOn(Clause.SYS_2);
            throw new Failure(Errno.EBADF);
        }
        return call.rawFile(fd);
    }

    private static Sums sums(Evaluation call, OpenFile file) {
        if (!file.verified()) {
            call.restsOn(Clause.SYS_3);
            return Sums.ZERO;
        }
        return switch (call.choose(Variant.SumsOwner.class)) {
            case OPEN_FILE -> file.sums();
            case INODE -> call.state.inode(file.inode()).sums();
        };
    }

    private static boolean faults(Evaluation call, Call.SumAddress address) {
        return switch (address) {
            case WRITABLE -> false;
            case NULL -> call.choose(Variant.NullSum.class) == Variant.NullSum.FAULT;
            case UNWRITABLE -> true;
        };
    }
}
