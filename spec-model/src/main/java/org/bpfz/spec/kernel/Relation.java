package org.bpfz.spec.kernel;

/** The specification: which outcomes a call may have in a state. This class says which other class answers which call. */
public final class Relation {
    private Relation() {
    }

    /**
     * What a call may do.
     *
     * <p>The programs that the call runs are run once, while this is computed; whatever is asked of the outcomes afterwards
     * runs nothing.
     *
     * @param call  of a task that exists in the state
     * @param hooks the programs that are attached in the state
     */
    public static Outcomes allowed(State state, Call call, Reading reading, Hooks hooks) {
        Evaluation evaluation = new Evaluation(state, call.task(), reading, hooks);
        Outcomes outcomes;
        try {
            outcomes = answer(evaluation, call);
        } catch (Failure failure) {
            outcomes = evaluation.fail(failure.errno());
        }
        return outcomes.restingOn(evaluation.questions());
    }

    private static Outcomes answer(Evaluation at, Call call) {
        return switch (call) {
            case Call.Open c -> OpenCalls.open(at, Flags.AT_FDCWD, c.path(), c.flags(), c.mode());
            case Call.Openat c -> OpenCalls.open(at, c.dirfd(), c.path(), c.flags(), c.mode());
            case Call.Openat2 c -> OpenCalls.openat2(at, c.dirfd(), c.path(), c.how(), c.size(), c.zeroTail());
            case Call.Creat c -> OpenCalls.creat(at, c.path(), c.mode());
            case Call.Close c -> Descriptors.close(at, c.fd());
            case Call.Dup c -> Descriptors.dup(at, c.fd());
            case Call.Dup2 c -> Descriptors.dup2(at, c.oldFd(), c.newFd());
            case Call.Dup3 c -> Descriptors.dup3(at, c.oldFd(), c.newFd(), c.flags());
            case Call.Write c -> WriteCalls.write(at, c.fd(), c.source());
            case Call.Pwrite64 c -> WriteCalls.pwrite64(at, c.fd(), c.source(), c.offset());
            case Call.Writev c -> WriteCalls.writev(at, c.fd(), c.vector(), 0);
            case Call.Pwritev c -> WriteCalls.pwritev(at, c.fd(), c.vector(), c.offset(), 0);
            case Call.Pwritev2 c -> WriteCalls.pwritev2(at, c.fd(), c.vector(), c.offset(), c.flags());
            case Call.GetCompressionStats c -> StatsCalls.get(at, c.fd(), c.written(), c.after());
            case Call.ResetCompressionStats c -> StatsCalls.reset(at, c.fd());
            case Call.ResumedWrite c -> ResumedWrites.resume(at, c);
        };
    }
}
