package org.bpfz.spec.live;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** Skips a test, with the reason on standard output, where programs can not be loaded into the machine's kernel. */
public final class RequiresLiveKernel {
    private static final String REASON = LiveKernel.unavailable();

    private RequiresLiveKernel() {
    }

    /** Goes on only where there is a kernel to compare with. */
    public static void orSkip(Class<?> test) {
        if (REASON != null) {
            System.out.println("skipped: " + test.getSimpleName() + ": " + REASON);
        }
        assumeTrue(REASON == null, REASON);
    }
}
