package org.bpfz.benchmarks;

import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/** The compilers of the JVM, which are done with work that has been repeated often enough. */
final class Compilers {
    private static final long REST = TimeUnit.SECONDS.toNanos(2);
    private static final long PATIENCE = TimeUnit.MINUTES.toNanos(5);

    private Compilers() {
    }

    /**
     * Repeats work until the compilers have had nothing to do for two seconds.
     *
     * @param times so often at least
     */
    static void rest(Callable<?> work, long times) throws Exception {
        CompilationMXBean compilers = ManagementFactory.getCompilationMXBean();
        long begin = System.nanoTime();
        long busy = begin;
        long total = compilers.getTotalCompilationTime();
        for (long done = 0; done < times || System.nanoTime() - busy < REST; done++) {
            work.call();
            long now = compilers.getTotalCompilationTime();
            if (now != total) {
                total = now;
                busy = System.nanoTime();
            }
            if (System.nanoTime() - begin > PATIENCE) {
                throw new IllegalStateException("the compilers do not come to rest");
            }
        }
    }
}
