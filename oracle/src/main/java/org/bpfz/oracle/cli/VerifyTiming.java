package org.bpfz.oracle.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bpfz.spec.live.LiveKernel;
import org.bpfz.spec.live.LiveKernel.Loading;
import org.bpfz.spec.live.LiveKernel.Request;
import org.bpfz.spec.program.ProgramImage;
import org.bpfz.verifier.Options;
import org.bpfz.verifier.Verdict;
import org.bpfz.verifier.Verifier;

/**
 * A verdict and how long it took, by bpfz and, asked for, by this machine's kernel in turns with it.
 *
 * @param nanos       the median of the second half of the runs: the first half is for the JVM to compile the verifier
 * @param kernelNanos the same of the "verification time" of the kernel's own log; 0 where it was not asked or refused
 */
record VerifyTiming(Verdict verdict, int runs, long nanos, long kernelNanos) {
    /** Statistics only, with the time that the kernel took. */
    private static final int STATISTICS = 4;
    private static final Pattern KERNEL_TIME = Pattern.compile("verification time (\\d+) usec");

    static VerifyTiming measure(ProgramImage image, Options options, int runs, boolean live) {
        List<Long> times = new ArrayList<>();
        List<Long> kernelTimes = new ArrayList<>();
        Verdict verdict = null;
        for (int i = 0; i < runs; i++) {
            long start = System.nanoTime();
            verdict = Verifier.verify(image, options);
            times.add(System.nanoTime() - start);
            if (live) {
                kernelTimes.add(kernelTime(image));
            }
        }
        if (verdict == null) {
            throw new IllegalArgumentException("no runs");
        }
        return new VerifyTiming(verdict, runs, median(times), live ? median(kernelTimes) : 0);
    }

    private static long kernelTime(ProgramImage image) {
        try (Loading loading = LiveKernel.load(Request.of(image.type(), image.code()).withLogLevel(STATISTICS))) {
            Matcher time = KERNEL_TIME.matcher(loading.log());
            return time.find() ? TimeUnit.MICROSECONDS.toNanos(Long.parseLong(time.group(1))) : 0;
        }
    }

    private static long median(List<Long> times) {
        List<Long> second = times.subList(times.size() / 2, times.size()).stream().sorted().toList();
        return second.get(second.size() / 2);
    }

    /** Processed instructions in a second. */
    double rate(long duration) {
        return verdict.statistics().instructions() / (duration / (double) TimeUnit.SECONDS.toNanos(1));
    }
}
