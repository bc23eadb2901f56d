package org.bpfz.spec.engine;

/** A clock that stands still between readings, so that runs of several engines see the same times. */
final class SteppingClock implements Clock {
    /** CONFIG_HZ of common distributions. */
    private static final long NANOS_A_TICK = 4_000_000;

    /** INITIAL_JIFFIES in include/linux/jiffies.h: as an unsigned 32-bit number, 300 seconds before the wrap. */
    private static final long FIRST_JIFFY = Integer.toUnsignedLong(-300 * 250);

    /** When this clock's machine booted: 2026-01-01 by atomic time, 37 seconds ahead of UTC. */
    private static final long BOOT_TAI = (1_767_225_600L + 37) * 1_000_000_000L;

    private final long step;
    private long next;

    SteppingClock(long start, long step) {
        this.step = step;
        next = start;
    }

    private long read() {
        long now = next;
        next += step;
        return now;
    }

    @Override
    public long monotonic() {
        return read();
    }

    @Override
    public long boot() {
        return read();
    }

    @Override
    public long tai() {
        return BOOT_TAI + read();
    }

    @Override
    public long coarse() {
        long now = read();
        return now - now % NANOS_A_TICK;
    }

    @Override
    public long jiffies64() {
        return FIRST_JIFFY + read() / NANOS_A_TICK;
    }
}
