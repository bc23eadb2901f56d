package org.bpfz.oracle.replay;

import java.util.List;
import org.bpfz.spec.kernel.Call;
import org.bpfz.spec.kernel.Flags;
import org.bpfz.spec.kernel.Output;

/** Which descriptors a call takes and gives. */
final class DescriptorUse {
    private DescriptorUse() {
    }

    /** Descriptors that the call works on, folders that paths start at apart. */
    static List<Integer> taken(Call call) {
        return switch (call) {
            case Call.Close c -> List.of(c.fd());
            case Call.Dup c -> List.of(c.fd());
            case Call.Dup2 c -> List.of(c.oldFd());
            case Call.Dup3 c -> List.of(c.oldFd());
            case Call.Fcntl c -> List.of(c.fd());
            case Call.Read c -> List.of(c.fd());
            case Call.Pread64 c -> List.of(c.fd());
            case Call.Readv c -> List.of(c.fd());
            case Call.Preadv c -> List.of(c.fd());
            case Call.Preadv2 c -> List.of(c.fd());
            case Call.Write c -> List.of(c.fd());
            case Call.Pwrite64 c -> List.of(c.fd());
            case Call.Writev c -> List.of(c.fd());
            case Call.Pwritev c -> List.of(c.fd());
            case Call.Pwritev2 c -> List.of(c.fd());
            case Call.Lseek c -> List.of(c.fd());
            case Call.Ftruncate c -> List.of(c.fd());
            case Call.Fstat c -> List.of(c.fd());
            case Call.Newfstatat c when isFstat(c) -> List.of(c.dirfd());
            case Call.Fchmod c -> List.of(c.fd());
            case Call.Fchown c -> List.of(c.fd());
            case Call.Fchdir c -> List.of(c.fd());
            case Call.Sendmsg c -> List.of(c.fd());
            case Call.Recvmsg c -> List.of(c.fd());
            case Call.Sendfile c -> List.of(c.outFd(), c.inFd());
            case Call.CopyFileRange c -> List.of(c.inFd(), c.outFd());
            case Call.Splice c -> List.of(c.inFd(), c.outFd());
            case Call.Tee c -> List.of(c.inFd(), c.outFd());
            case Call.Vmsplice c -> List.of(c.fd());
            case Call.StoreMapped c -> List.of(c.fd());
            case Call.GetCompressionStats c -> List.of(c.fd());
            case Call.ResetCompressionStats c -> List.of(c.fd());
            default -> List.of();
        };
    }

    /** Whether it is fstat under another name: newfstatat with an empty path. */
    static boolean isFstat(Call.Newfstatat call) {
        return (call.flags() & Flags.AT_EMPTY_PATH) != 0 && call.dirfd() != Flags.AT_FDCWD
                && (call.path() == null || call.path().isEmpty());
    }

    /** Whether the call is about the descriptor and not about what stands behind it. */
    static boolean isOfTheTable(Call call) {
        return switch (call) {
            case Call.Close _,Call.Dup _,Call.Dup2 _,Call.Dup3 _ -> true;
            case Call.Fcntl c -> switch (c.command()) {
                case Flags.F_DUPFD, Flags.F_DUPFD_CLOEXEC, Flags.F_GETFD, Flags.F_SETFD -> true;
                default -> false;
            };
            default -> false;
        };
    }

    /** The descriptors that a call has returned, as a recording has it. */
    static List<Integer> given(Call call, Recorded seen) {
        if (seen.failed()) {
            return List.of();
        }
        return switch (call) {
            case Call.Open _,Call.Openat _,Call.Openat2 _,Call.Creat _,Call.Dup _,Call.Dup2 _,Call.Dup3 _ ->
                List.of((int) seen.result());
            case Call.Fcntl c when c.command() == Flags.F_DUPFD || c.command() == Flags.F_DUPFD_CLOEXEC ->
                List.of((int) seen.result());
            case Call.Pipe2 _,Call.Socketpair _ -> seen.observation().output() instanceof Output.Pair pair
                    ? List.of(pair.first(), pair.second())
                    : List.of();
            default -> List.of();
        };
    }

    /** The number from which on a call looks for a free descriptor. */
    static int lookedForFrom(Call call) {
        return call instanceof Call.Fcntl c ? (int) c.argument() : 0;
    }
}
