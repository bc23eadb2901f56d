package org.bpfz.benchmarks;

import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import org.apache.commons.math3.random.RandomGenerator;
import org.apache.commons.math3.random.Well19937c;
import org.apache.commons.math3.stat.StatUtils;

/**
 * One thing that was measured, in nanoseconds.
 *
 * @param group     what it did: contenders of a group are compared
 * @param contender who did it
 * @param median    of the samples
 * @param low       lower end of the 95 % confidence interval of the median
 * @param high      its upper end
 * @param samples   what was measured, in its order
 * @param inTurns   whether each sample was taken at the time of those of the group's other rows that are as many before it
 */
record Row(String group, String contender, double median, double low, double high, List<Double> samples,
        boolean inTurns) {
    private static final int RESAMPLES = 2_000;
    private static final double TAIL = 2.5;
    private static final int SEED = 1;

    /** The interval is the bootstrap's, by percentiles of 2,000 resamples with a fixed seed: nothing is assumed of the distribution. */
    static Row of(String group, String contender, boolean inTurns, double... samples) {
        RandomGenerator random = new Well19937c(SEED);
        double[] medians = new double[RESAMPLES];
        double[] drawn = new double[samples.length];
        for (int i = 0; i < RESAMPLES; i++) {
            Arrays.setAll(drawn, _ -> samples[random.nextInt(samples.length)]);
            medians[i] = StatUtils.percentile(drawn, 50);
        }
        return new Row(group, contender, StatUtils.percentile(samples, 50), StatUtils.percentile(medians, TAIL),
                StatUtils.percentile(medians, 100 - TAIL), DoubleStream.of(samples).boxed().toList(), inTurns);
    }

    /** How many times as long as the other it took: the median of the samples' ratios if they are of the same time, or the medians' ratio. */
    double ratio(Row other) {
        if (!inTurns || !other.inTurns) {
            return median / other.median;
        }
        double[] ratios = new double[samples.size()];
        Arrays.setAll(ratios, i -> samples.get(i) / other.samples.get(i));
        return StatUtils.percentile(ratios, 50);
    }
}
