package org.bpfz.oracle.cli;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.bpfz.spec.live.LiveKernel;
import org.bpfz.spec.live.LiveKernel.Loading;
import org.bpfz.spec.live.LiveKernel.Request;
import org.bpfz.spec.program.ProgramImage;
import org.bpfz.verifier.Options;
import org.bpfz.verifier.Verdict;
import org.bpfz.verifier.Verifier;
import org.bpfz.verifier.log.VerifierLog;
import org.jspecify.annotations.Nullable;

/**
 * A verdict and how long it took, by bpfz and, asked for, by this machine's kernel in turns with it, at the same log level. All times are medians of the second half
 * of the runs: the first half is for the JVM to compile the verifier.
 *
 * @param kernel of the kernel: the "verification time" of its own log, and the processor time of the whole load; null where it was not asked
 *               or refused
 */
record VerifyTiming(Verdict verdict, int runs, Spent own, @Nullable Spent kernel) {
    /** The largest log that libbpf asks for; of a longer one the kernel keeps the end, where the time is. */
    private static final int LOG_BYTES = 1 << 24;
    private static final Pattern KERNEL_TIME = Pattern.compile("verification time (\\d+) usec");
    private static final ThreadMXBean THREAD = ManagementFactory.getThreadMXBean();

    /**
     * The time that one thing took, in nanoseconds.
     *
     * @param wall      as a clock shows it
     * @param processor of the thread alone: without what other processes, and collecting garbage, took in between
     */
    record Spent(long wall, long processor) {
        private static Spent median(List<Spent> times) {
            List<Spent> second = times.subList(times.size() / 2, times.size());
            return new Spent(middle(second.stream().map(Spent::wall)), middle(second.stream().map(Spent::processor)));
        }

        private static long middle(Stream<Long> times) {
            List<Long> sorted = times.sorted().toList();
            return sorted.get(sorted.size() / 2);
        }
    }

    static VerifyTiming measure(ProgramImage image, Options options, int runs, boolean live) {
        List<Spent> times = new ArrayList<>();
        List<Spent> kernelTimes = new ArrayList<>();
        Verdict verdict = null;
        for (int i = 0; i < runs; i++) {
            long start = System.nanoTime();
            long processor = THREAD.getCurrentThreadCpuTime();
            verdict = Verifier.verify(image, options);
            times.add(new Spent(System.nanoTime() - start, THREAD.getCurrentThreadCpuTime() - processor));
            if (live) {
                kernelTimes.add(byKernel(image, options.logLevel()));
            }
        }
        if (verdict == null) {
            throw new IllegalArgumentException("no runs");
        }
        Spent kernel = live ? Spent.median(kernelTimes) : null;
        return new VerifyTiming(verdict, runs, Spent.median(times),
                kernel == null || kernel.wall == 0 ? null : kernel);
    }

    private static Spent byKernel(ProgramImage image, int logLevel) {
        long processor = THREAD.getCurrentThreadCpuTime();
        Request request = Request.of(image.type(), image.code()).withLogLevel(logLevel | VerifierLog.STATS)
                .withLogBytes(LOG_BYTES);
        try (Loading loading = LiveKernel.load(request)) {
            long spent = THREAD.getCurrentThreadCpuTime() - processor;
            Matcher time = KERNEL_TIME.matcher(loading.log());
            return new Spent(time.find() ? TimeUnit.MICROSECONDS.toNanos(Long.parseLong(time.group(1))) : 0, spent);
        }
    }

    /** Processed instructions in a second. */
    double rate(long duration) {
        return verdict.statistics().instructions() / (duration / (double) TimeUnit.SECONDS.toNanos(1));
    }
}
