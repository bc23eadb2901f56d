package org.bpfz.spec.engine;

/** The time that programs see, in nanoseconds. A clock that counts its readings makes runs repeatable. */
public interface Clock {

    /** CLOCK_MONOTONIC: since boot, without sleep. */
    long monotonic();

    /** CLOCK_BOOTTIME: since boot. */
    long boot();

    /** CLOCK_TAI: since 1970 by atomic time. */
    long tai();

    /** CLOCK_MONOTONIC at the last tick. */
    long coarse();

    /** Ticks since boot, as jiffies64 counts them: 250 a second and 5 minutes short of its first wrap at 32 bits. */
    long jiffies64();

    /** The same times in every run: each reading comes {@code step} nanoseconds behind the one before, beginning at {@code start}. */
    static Clock stepping(long start, long step) {
        return new SteppingClock(start, step);
    }
}
