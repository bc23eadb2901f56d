package org.bpfz.spec.kernel;

import org.bpfz.spec.Errno;

/** The specification: which outcomes a call may have in a state. This class says which other class answers which call. */
public final class Relation {
    private Relation() {
    }

    /**
     * What a call may do.
     *
     * <p>The programs that the call runs are run while this is computed, once each time that the kernel would run them. Asking
     * the outcomes runs them again only to explain a short write where space may run out anywhere
     * ({@link FileSystem#exact()}).
     *
     * @param call  of a task that exists in the state
     * @param hooks the programs that are attached in the state
     */
    public static Outcomes allowed(State state, Call call, Reading reading, Hooks hooks) {
        Evaluation evaluation = new Evaluation(state, call.task(), reading, hooks, Long.MAX_VALUE);
        Outcomes outcomes = answered(evaluation, call);
        if (evaluation.mostBytes() > 0) {
            outcomes = outcomes
                    .orMade(1, evaluation.mostBytes() - 1, bytes -> withSpace(state, call, reading, hooks, bytes))
                    .orMade(Errno.ENOSPC.negative(), Errno.ENOSPC.negative(),
                            _ -> withSpace(state, call, reading, hooks, 0));
        }
        return outcomes.restingOn(evaluation.questions());
    }

    private static Outcomes withSpace(State state, Call call, Reading reading, Hooks hooks, long bytes) {
        return answered(new Evaluation(state, call.task(), reading, hooks, bytes), call);
    }

    private static Outcomes answered(Evaluation evaluation, Call call) {
        try {
            return answer(evaluation, call);
        } catch (Failure failure) {
            return evaluation.fail(failure.errno());
        }
    }

    private static Outcomes answer(Evaluation at, Call call) {
        return switch (call) {
            case Call.Open c -> OpenCalls.open(at, Flags.AT_FDCWD, c.path(), c.flags(), c.mode());
            case Call.Openat c -> OpenCalls.open(at, c.dirfd(), c.path(), c.flags(), c.mode());
            case Call.Openat2 c -> OpenCalls.openat2(at, c.dirfd(), c.path(), c.how(), c.size(), c.zeroTail());
            case Call.Creat c -> OpenCalls.creat(at, c.path(), c.mode());
            case Call.ResumedOpen c -> Opening.resume(at, c);

            case Call.Close c -> Descriptors.close(at, c.fd());
            case Call.Dup c -> Descriptors.dup(at, c.fd());
            case Call.Dup2 c -> Descriptors.dup2(at, c.oldFd(), c.newFd());
            case Call.Dup3 c -> Descriptors.dup3(at, c.oldFd(), c.newFd(), c.flags());
            case Call.Fcntl c -> Fcntl.fcntl(at, c.fd(), c.command(), c.argument());

            case Call.Read c -> ReadCalls.read(at, c);
            case Call.Pread64 c -> ReadCalls.pread64(at, c);
            case Call.Readv c -> ReadCalls.readv(at, c, c.fd(), c.vector(), 0);
            case Call.Preadv c -> ReadCalls.preadv(at, c, c.fd(), c.vector(), c.offset(), 0);
            case Call.Preadv2 c -> ReadCalls.preadv2(at, c);

            case Call.Write c -> WriteCalls.write(at, c.fd(), c.source());
            case Call.Pwrite64 c -> WriteCalls.pwrite64(at, c.fd(), c.source(), c.offset());
            case Call.Writev c -> WriteCalls.writev(at, c.fd(), c.vector(), 0);
            case Call.Pwritev c -> WriteCalls.pwritev(at, c.fd(), c.vector(), c.offset(), 0);
            case Call.Pwritev2 c -> WriteCalls.pwritev2(at, c.fd(), c.vector(), c.offset(), c.flags());
            case Call.ResumedWrite c -> ResumedWrites.resume(at, c);

            case Call.Lseek c -> Positions.lseek(at, c.fd(), c.offset(), c.whence());
            case Call.Ftruncate c -> Truncation.ftruncate(at, c.fd(), c.length());
            case Call.Truncate c -> Truncation.truncate(at, c.path(), c.length());

            case Call.Fstat c -> AttributeCalls.fstat(at, c.fd());
            case Call.Newfstatat c -> AttributeCalls.stat(at, c.dirfd(), c.path(), c.flags());
            case Call.Fchmod c -> AttributeCalls.fchmod(at, c.fd(), c.mode());
            case Call.Fchmodat c -> AttributeCalls.fchmodat(at, c.dirfd(), c.path(), c.mode());
            case Call.Fchown c -> AttributeCalls.fchown(at, c.fd(), c.uid(), c.gid());
            case Call.Fchownat c -> AttributeCalls.fchownat(at, c.dirfd(), c.path(), c.uid(), c.gid(), c.flags());
            case Call.Chdir c -> AttributeCalls.chdir(at, c.path());
            case Call.Fchdir c -> AttributeCalls.fchdir(at, c.fd());

            case Call.Mkdirat c -> NameCalls.mkdirat(at, c.dirfd(), c.path(), c.mode());
            case Call.Mknodat c -> NameCalls.mknodat(at, c.dirfd(), c.path(), c.mode());
            case Call.Symlinkat c -> NameCalls.symlinkat(at, c.target(), c.dirfd(), c.path());
            case Call.Linkat c -> NameCalls.linkat(at, c);
            case Call.Unlinkat c -> NameCalls.unlinkat(at, c.dirfd(), c.path(), c.flags());
            case Call.Renameat c -> Renaming.renameat(at, c);

            case Call.Pipe2 c -> Channels.pipe2(at, c.flags());
            case Call.Socketpair c -> Channels.socketpair(at, c.type());
            case Call.Sendmsg c -> Channels.sendmsg(at, c);
            case Call.Recvmsg c -> Channels.recvmsg(at, c);

            case Call.Sendfile c -> KernelTransfers.sendfile(at, c.outFd(), c.inFd(), c.offset(), c.count());
            case Call.CopyFileRange c -> KernelTransfers.copyFileRange(at, c);
            case Call.Splice c -> Splices.splice(at, c);
            case Call.Tee c -> Splices.tee(at, c);
            case Call.Vmsplice c -> Splices.vmsplice(at, c);
            case Call.StoreMapped c -> Mappings.store(at, c.fd(), c.offset(), c.data());

            case Call.Clone c -> Processes.clone(at, c.flags());
            case Call.Exit _ -> Processes.exit(at);
            case Call.ExitGroup _ -> Processes.exitGroup(at);
            case Call.Execve _ -> Processes.exec(at);
            case Call.Setuid c -> Identity.setuid(at, c.uid());
            case Call.Setgid c -> Identity.setgid(at, c.gid());
            case Call.Setfsuid c -> Identity.setfsuid(at, c.uid());
            case Call.Setfsgid c -> Identity.setfsgid(at, c.gid());
            case Call.Umask c -> Identity.umask(at, c.mask());
            case Call.Setrlimit c -> Identity.setrlimit(at, c.resource(), c.soft(), c.hard());

            case Call.ProgLoad c -> BpfCalls.load(at, c.program());
            case Call.RawTracepointOpen c -> BpfCalls.rawTracepointOpen(at, c.programFd());
            case Call.GetCompressionStats c -> StatsCalls.get(at, c.fd(), c.written(), c.after());
            case Call.ResetCompressionStats c -> StatsCalls.reset(at, c.fd());
        };
    }
}
