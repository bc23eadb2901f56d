package org.bpfz.spec.helper;

/** The helpers that tell the time (kernel/bpf/helpers.c, bpf_ktime_get_* and bpf_jiffies64). */
final class ClockHelpers {
    private ClockHelpers() {
    }

    /** {@code u64 bpf_ktime_get_ns(void)}: CLOCK_MONOTONIC. */
    static Outcome monotonic(HelperCall call) {
        return Outcome.of(call.services().clock().monotonic());
    }

    /** {@code u64 bpf_ktime_get_boot_ns(void)}: CLOCK_BOOTTIME. */
    static Outcome boot(HelperCall call) {
        return Outcome.of(call.services().clock().boot());
    }

    /** {@code u64 bpf_ktime_get_coarse_ns(void)}: CLOCK_MONOTONIC_COARSE. */
    static Outcome coarse(HelperCall call) {
        return Outcome.of(call.services().clock().coarse());
    }

    /** {@code u64 bpf_ktime_get_tai_ns(void)}: CLOCK_TAI. */
    static Outcome tai(HelperCall call) {
        return Outcome.of(call.services().clock().tai());
    }

    /** {@code u64 bpf_jiffies64(void)}. */
    static Outcome jiffies(HelperCall call) {
        return Outcome.of(call.services().clock().jiffies64());
    }
}
