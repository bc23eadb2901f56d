package org.bpfz.spec.program;

import java.util.EnumSet;
import java.util.Set;

/** The capabilities that BPF asks a task for (include/uapi/linux/capability.h). */
public enum Capability {
    NET_ADMIN(12),
    SYS_ADMIN(21),
    PERFMON(38),
    BPF(39);

    private final int number;

    Capability(int number) {
        this.number = number;
    }

    /** The number of the capability's bit. */
    public int number() {
        return number;
    }

    /** {@code CAP_BPF}. */
    public String kernelName() {
        return "CAP_" + name();
    }

    /** Whether a task with these capabilities passes for this one: CAP_SYS_ADMIN stands for each (bpf_token_capable). */
    public boolean isGrantedBy(Set<Capability> capabilities) {
        return capabilities.contains(this) || capabilities.contains(SYS_ADMIN);
    }

    /** All of them: what root has. */
    public static Set<Capability> all() {
        return EnumSet.allOf(Capability.class);
    }
}
