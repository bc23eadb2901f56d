package org.bpfz.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.openjdk.jmh.results.BenchmarkResult;
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
        measure(EngineBenchmark.class, options().param("contender", Contender.names().toArray(String[]::new)));
        measure(LoadBenchmark.class, options().param("contender", engines), "load");
        // A fork for each: what is measured once in a JVM has no second iteration.
        measure(LoadBenchmark.class,
                options().param("contender", engines).forks(quick ? QUICK_COLD_RUNS : COLD_RUNS).warmupIterations(0)
                        .measurementIterations(1),
                "firstRun");
        measure(LengthBenchmark.class, options().param("engine",
                Contender.names().stream().filter(name -> !name.equals(Contender.C) && !name.equals("spec"))
                        .toArray(String[]::new)));
        measure(CompileBenchmark.class, options());
        ChainedOptionsBuilder lzo = options().param("contender", LzoContender.names().toArray(String[]::new));
        measure(LzoBenchmark.class, quick ? lzo.param("block", "65536") : lzo);
        measure(WritePathBenchmark.class, options());
        measure(ObjectBenchmark.class, options());
        return rows;
    }

    private ChainedOptionsBuilder options() {
        ChainedOptionsBuilder options = new OptionsBuilder().verbosity(VerboseMode.SILENT)
                .warmupMode(WarmupMode.INDI).shouldFailOnError(false)
                .jvmArgsAppend("-Xmx2g", "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow",
                        "-Dbpfz.root=" + ProjectTree.root());
        return quick
                ? options.warmupIterations(5).warmupTime(SHORT).measurementIterations(9).measurementTime(SHORT)
                : options;
    }

    private void measure(Class<?> benchmark, ChainedOptionsBuilder options) throws RunnerException {
        measure(benchmark, options, "");
    }

    private void measure(Class<?> benchmark, ChainedOptionsBuilder options, String method) throws RunnerException {
        if (!benchmark.getSimpleName().toLowerCase(Locale.ROOT).contains(only.toLowerCase(Locale.ROOT))) {
            return;
        }
        System.err.println("bpfz bench: " + benchmark.getSimpleName() + (method.isEmpty() ? "" : ", " + method));
        Collection<RunResult> results = new Runner(
                options.include(benchmark.getName() + "\\." + (method.isEmpty() ? "" : method + "$")).build()).run();
        for (RunResult result : results) {
            rows.add(row(benchmark, result));
        }
    }

    private static Row row(Class<?> benchmark, RunResult result) {
        List<Double> scores = new ArrayList<>();
        for (BenchmarkResult fork : result.getBenchmarkResults()) {
            for (IterationResult iteration : fork.getIterationResults()) {
                scores.add(iteration.getPrimaryResult().getScore());
            }
        }
        StringBuilder group = new StringBuilder(benchmark.getSimpleName().replace("Benchmark", ""));
        String name = result.getParams().getBenchmark();
        group.append(' ').append(name.substring(name.lastIndexOf('.') + 1));
        String contender = "bpfz";
        for (String key : result.getParams().getParamsKeys()) {
            String value = result.getParams().getParam(key);
            if (key.equals("contender")) {
                contender = value;
            } else {
                group.append(' ').append(value.toLowerCase(Locale.ROOT));
            }
        }
        return Row.of(group.toString(), contender, scores.stream().mapToDouble(Double::doubleValue).toArray());
    }
}
