package org.bpfz.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import org.openjdk.jmh.runner.options.WarmupMode;

/** Runs the suite by JMH, with the peers that there are, and gathers its rows. */
final class Suite {
    private static final int COLD_RUNS = 9;
    private static final int QUICK_COLD_RUNS = 3;
    private static final TimeValue SHORT = TimeValue.milliseconds(200);

    private final boolean quick;
    private final String only;
    private final List<Row> rows = new ArrayList<>();

    /**
     * A suite that has not run.
     *
     * @param quick short iterations and the 64 KiB blocks only
     * @param only  a regular expression of classes; all that it is found in are run
     */
    Suite(boolean quick, String only) {
        this.quick = quick;
        this.only = only;
    }

    List<Row> run() throws RunnerException, IOException {
        String[] engines = Contender.names().stream()
                .filter(name -> !name.equals(Contender.KERNEL) && !name.equals(Contender.C)).toArray(String[]::new);
        match(EngineBenchmark.class, turns(), EngineBenchmark.contenders());
        measure(LoadBenchmark.class, options().param("contender", engines), "load");
        // A fork for each: what is measured once in a JVM has no second iteration.
        measure(LoadBenchmark.class,
                options().param("contender", engines).forks(quick ? QUICK_COLD_RUNS : COLD_RUNS).warmupIterations(0)
                        .measurementIterations(1),
                "firstRun");
        match(LengthBenchmark.class, turns().param("engine",
                Contender.names().stream().filter(name -> !name.equals(Contender.C) && !name.equals("spec"))
                        .toArray(String[]::new)),
                LengthBenchmark.contenders());
        measure(CompileBenchmark.class, options());
        match(LzoBenchmark.class, quick ? turns().param("block", "65536") : turns(), LzoBenchmark.contenders());
        match(WritePathBenchmark.class, turns(), WritePathBenchmark.contenders());
        measure(ObjectBenchmark.class, options());
        return rows;
    }

    private static ChainedOptionsBuilder common() {
        return new OptionsBuilder().verbosity(VerboseMode.SILENT)
                .warmupMode(WarmupMode.INDI).shouldFailOnError(false)
                .jvmArgsAppend("-Xmx2g", "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow",
                        "-Dbpfz.root=" + ProjectTree.root());
    }

    /** How contenders are measured who take turns: they warm themselves up. */
    private ChainedOptionsBuilder turns() {
        return quick ? common().forks(1) : common();
    }

    private ChainedOptionsBuilder options() {
        ChainedOptionsBuilder options = common();
        return quick
                ? options.warmupIterations(5).warmupTime(SHORT).measurementIterations(9).measurementTime(SHORT)
                : options;
    }

    private void measure(Class<?> benchmark, ChainedOptionsBuilder options) throws RunnerException {
        measure(benchmark, options, "");
    }

    private void measure(Class<?> benchmark, ChainedOptionsBuilder options, String method) throws RunnerException {
        for (RunResult result : results(benchmark, options, method)) {
            String contender = result.getParams().getParam("contender");
            rows.add(Row.of(group(benchmark, result), contender == null ? "bpfz" : contender, false,
                    samples(result, iteration -> iteration.getPrimaryResult().getScore())));
        }
    }

    private void match(Class<?> benchmark, ChainedOptionsBuilder options, List<String> contenders)
            throws RunnerException {
        for (RunResult result : results(benchmark, options, "")) {
            for (int i = 0; i < contenders.size(); i++) {
                String counter = Turns.counter(i);
                rows.add(Row.of(group(benchmark, result), contenders.get(i), true,
                        samples(result, iteration -> iteration.getSecondaryResults().get(counter).getScore())));
            }
        }
    }

    private Collection<RunResult> results(Class<?> benchmark, ChainedOptionsBuilder options, String method)
            throws RunnerException {
        if (!benchmark.getSimpleName().toLowerCase(Locale.ROOT).contains(only.toLowerCase(Locale.ROOT))) {
            return List.of();
        }
        System.err.println("bpfz bench: " + benchmark.getSimpleName() + (method.isEmpty() ? "" : ", " + method));
        return new Runner(
                options.include(benchmark.getName() + "\\." + (method.isEmpty() ? "" : method + "$")).build()).run();
    }

    private static double[] samples(RunResult result, ToDoubleFunction<IterationResult> score) {
        return result.getBenchmarkResults().stream()
                .flatMap(fork -> fork.getIterationResults().stream())
                .mapToDouble(score).toArray();
    }

    /** What was done: the benchmark, its method, and its parameters but for the contender. */
    private static String group(Class<?> benchmark, RunResult result) {
        StringBuilder group = new StringBuilder(benchmark.getSimpleName().replace("Benchmark", ""));
        String name = result.getParams().getBenchmark();
        group.append(' ').append(name.substring(name.lastIndexOf('.') + 1));
        for (String key : result.getParams().getParamsKeys()) {
            if (!key.equals("contender")) {
                group.append(' ').append(result.getParams().getParam(key).toLowerCase(Locale.ROOT));
            }
        }
        return group.toString();
    }
}
