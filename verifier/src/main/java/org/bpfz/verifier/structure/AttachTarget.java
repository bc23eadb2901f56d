package org.bpfz.verifier.structure;

import java.util.Set;
import org.bpfz.spec.Errno;
import org.bpfz.spec.btf.Btf;
import org.bpfz.spec.program.AttachType;
import org.bpfz.spec.program.LsmHook;
import org.bpfz.spec.program.ProgramImage;
import org.bpfz.spec.program.ProgramRule;
import org.bpfz.spec.program.ProgramTraits;
import org.bpfz.spec.program.ProgramType;
import org.bpfz.spec.program.TargetType;
import org.bpfz.verifier.Rejection;
import org.bpfz.verifier.log.VerifierLog;
import org.jspecify.annotations.Nullable;

/** What a program may attach to, and which programs may sleep (check_attach_btf_id, bpf_lsm_verify_prog). */
public final class AttachTarget {
    /** btf_id_deny: tracing them would trace the tracer. */
    private static final Set<String> NEVER_TRACED = Set.of("migrate_disable", "migrate_enable",
            "rcu_read_unlock_strict", "preempt_count_add", "preempt_count_sub", "__rcu_read_lock",
            "__rcu_read_unlock");
    /** noreturn_deny. */
    private static final Set<String> NEVER_RETURNING = Set.of("__ia32_sys_exit", "__ia32_sys_exit_group",
            "__kunit_abort", "kunit_try_catch_throw", "__module_put_and_kthread_exit", "__x64_sys_exit",
            "__x64_sys_exit_group", "do_exit", "do_group_exit", "kthread_complete_and_exit", "kthread_exit",
            "make_task_dead");

    private final ProgramImage image;
    private final ProgramTraits traits;
    private final @Nullable Btf kernel;
    private final VerifierLog log;

    public AttachTarget(ProgramImage image, ProgramTraits traits, @Nullable Btf kernel, VerifierLog log) {
        this.image = image;
        this.traits = traits;
        this.kernel = kernel;
        this.log = log;
    }

    public void check() {
        checkSleepable();
        String target = traits.attachTarget();
        if (target == null) {
            return;
        }
        if (traits.type() == ProgramType.LSM) {
            checkHook(target);
        } else if (traits.type() == ProgramType.TRACING) {
            checkTraced(target);
        }
    }

    private void checkSleepable() {
        ProgramRule rule = ProgramRule.of(traits.type());
        if (rule.mustSleep(traits) && !traits.sleepable()) {
            throw log.reject(Errno.EINVAL, 0, "Syscall programs can only be sleepable");
        }
        if (traits.sleepable() && !rule.maySleep(traits)) {
            throw log.reject(Errno.EINVAL, 0,
                    "Only fentry/fexit/fmod_ret, lsm, iter, uprobe, and struct_ops programs can be sleepable");
        }
    }

    private void checkHook(String target) {
        LsmHook hook = LsmHook.of(target);
        String function = TargetType.of(traits.type(), traits.attachType()).nameOf(target);
        if (hook != null && traits.sleepable() && !hook.sleepable()) {
            throw log.reject(Errno.EINVAL, 0, function + " is not sleepable");
        }
        if (!image.isGplCompatible()) {
            throw log.reject(Errno.EINVAL, 0, "LSM programs must have a GPL compatible license");
        }
        if (hook == null || hook.disabled()) {
            throw log.reject(Errno.EINVAL, 0, "attach_btf_id " + idOf(target) + " points to "
                    + (hook == null ? "wrong type name " : "disabled hook ") + function);
        }
    }

    private void checkTraced(String target) {
        AttachType attach = traits.attachType();
        if (attach == AttachType.TRACE_RAW_TP || attach == AttachType.TRACE_ITER) {
            return;
        }
        if (kernel != null && idOf(target) == 0) {
            throw log.reject(Errno.EINVAL, 0, "Tracing programs must provide btf_id");
        }
        if (NEVER_TRACED.contains(target)) {
            throw new Rejection(Errno.EINVAL);
        }
        boolean afterReturn = attach == AttachType.TRACE_FEXIT || attach == AttachType.MODIFY_RETURN;
        if (afterReturn && NEVER_RETURNING.contains(target)) {
            throw log.reject(Errno.EINVAL, 0,
                    "Attaching fexit/fmod_ret to __noreturn functions is rejected.");
        }
    }

    private int idOf(String target) {
        return kernel == null ? 0 : TargetType.of(traits.type(), traits.attachType()).idIn(kernel, target);
    }
}
