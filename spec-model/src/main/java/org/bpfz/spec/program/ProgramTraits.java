package org.bpfz.spec.program;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What of a program, and of the task that loads it, decides which helpers, context fields and results it may have.
 *
 * @param attachType   expected_attach_type, or null where none was given, which the kernel reads as number 0
 * @param attachTarget the function, tracepoint, hook or iterator that it is for, without the kernel's prefix ({@code socket_bind}, not
 *                     {@code bpf_lsm_socket_bind}); of a struct_ops member {@code tcp_congestion_ops.init}; or null
 * @param sleepable    whether it asked to be allowed to sleep
 * @param capabilities of the task that loads it
 * @param readings     what is not strict in the reading of the clauses that loading depends on
 */
public record ProgramTraits(ProgramType type, @Nullable AttachType attachType, @Nullable String attachTarget,
        boolean sleepable, Set<Capability> capabilities, Set<ContextReading> readings) {
    public ProgramTraits {
        capabilities = Set.copyOf(capabilities);
        readings = Set.copyOf(readings);
    }

    /** Of a program that root loads, under the strict reading. */
    public static ProgramTraits of(ProgramImage image) {
        return new ProgramTraits(image.type(), image.attachType(), image.attachTarget(), image.sleepable(),
                Capability.all(), Set.of());
    }

    /** Of a program of this type that root loads without an attach type, under the strict reading. */
    public static ProgramTraits of(ProgramType type) {
        return new ProgramTraits(type, null, null, false, Capability.all(), Set.of());
    }

    /** These traits with another attach type. */
    public ProgramTraits with(@Nullable AttachType newAttachType) {
        return new ProgramTraits(type, newAttachType, attachTarget, sleepable, capabilities, readings);
    }

    /** These traits with another attach target. */
    public ProgramTraits withTarget(@Nullable String newTarget) {
        return new ProgramTraits(type, attachType, newTarget, sleepable, capabilities, readings);
    }

    /** These traits with other capabilities. */
    public ProgramTraits with(Set<Capability> newCapabilities) {
        return new ProgramTraits(type, attachType, attachTarget, sleepable, newCapabilities, readings);
    }

    /** These traits under another reading. */
    public ProgramTraits reading(Set<ContextReading> newReadings) {
        return new ProgramTraits(type, attachType, attachTarget, sleepable, capabilities, newReadings);
    }

    /** These traits of a program that asks to be allowed to sleep, or does not. */
    public ProgramTraits sleepable(boolean newSleepable) {
        return new ProgramTraits(type, attachType, attachTarget, newSleepable, capabilities, readings);
    }

    /** The attach type as the kernel sees it: where none was given, that of number 0. */
    AttachType effectiveAttachType() {
        return attachType == null ? AttachType.CGROUP_INET_INGRESS : attachType;
    }
}
