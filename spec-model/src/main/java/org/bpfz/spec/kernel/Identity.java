package org.bpfz.spec.kernel;

import org.bpfz.spec.Errno;

/** Who a task is and what it may use up (kernel/sys.c: setuid, setgid, setfsuid, setfsgid, umask, do_prlimit). */
final class Identity {
    private static final int NO_ID = -1;
    /** fs/file.c, sysctl_nr_open. */
    private static final long NR_OPEN = 1 << 20;

    private Identity() {
    }

    static Outcomes setuid(Evaluation call, int id) {
        Credentials who = call.task().credentials();
        if (id == NO_ID) {
            return call.fail(Errno.EINVAL);
        }
        if (who.isPrivileged()) {
            return become(call, who.withUids(id, id, id));
        }
        return id == who.uid() || id == who.suid()
                ? become(call, who.withUids(who.uid(), id, who.suid()))
                : call.fail(Errno.EPERM);
    }

    static Outcomes setgid(Evaluation call, int id) {
        Credentials who = call.task().credentials();
        if (id == NO_ID) {
            return call.fail(Errno.EINVAL);
        }
        if (who.isPrivileged()) {
            return become(call, who.withGids(id, id, id));
        }
        return id == who.gid() || id == who.sgid()
                ? become(call, who.withGids(who.gid(), id, who.sgid()))
                : call.fail(Errno.EPERM);
    }

    private static Outcomes become(Evaluation call, Credentials who) {
        call.state = call.state.with(call.task().with(who));
        return call.ok(0);
    }

    /** setfsuid never fails: it returns the old id, and a caller finds out by calling again. */
    static Outcomes setfsuid(Evaluation call, int id) {
        Credentials who = call.task().credentials();
        boolean mayBe = id == who.uid() || id == who.euid() || id == who.suid() || id == who.fsuid();
        if (id != NO_ID && (mayBe || who.isPrivileged())) {
            call.state = call.state.with(call.task().with(who.withFsuid(id)));
        }
        return call.ok(Integer.toUnsignedLong(who.fsuid()));
    }

    static Outcomes setfsgid(Evaluation call, int id) {
        Credentials who = call.task().credentials();
        boolean mayBe = id == who.gid() || id == who.egid() || id == who.sgid() || id == who.fsgid();
        if (id != NO_ID && (mayBe || who.isPrivileged())) {
            call.state = call.state.with(call.task().with(who.withFsgid(id)));
        }
        return call.ok(Integer.toUnsignedLong(who.fsgid()));
    }

    static Outcomes umask(Evaluation call, int mask) {
        FsContext context = call.state.context(call.task());
        call.state = call.state.withContext(call.task().fs(), context.withUmask(mask & 0777));
        return call.ok(context.umask());
    }

    static Outcomes setrlimit(Evaluation call, Call.Resource resource, long soft, long hard) {
        if (Long.compareUnsigned(soft, hard) > 0) {
            return call.fail(Errno.EINVAL);
        }
        ProcessLimits limits = call.state.limits(call.task());
        boolean privileged = call.task().credentials().isPrivileged();
        long allowed = switch (resource) {
            case FSIZE -> limits.fsizeMax();
            case NOFILE -> limits.nofileMax();
        };
        boolean beyondAnyone = resource == Call.Resource.NOFILE && Long.compareUnsigned(hard, NR_OPEN) > 0;
        if (beyondAnyone || (Long.compareUnsigned(hard, allowed) > 0 && !privileged)) {
            return call.fail(Errno.EPERM);
        }
        ProcessLimits changed = switch (resource) {
            case FSIZE -> new ProcessLimits(soft, hard, limits.nofile(), limits.nofileMax());
            case NOFILE -> new ProcessLimits(limits.fsize(), limits.fsizeMax(), soft, hard);
        };
        call.state = call.state.withLimits(call.task().tgid(), changed);
        return call.ok(0);
    }
}
