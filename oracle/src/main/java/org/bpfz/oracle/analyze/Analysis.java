package org.bpfz.oracle.analyze;

import com.google.common.base.Throwables;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import org.bpfz.loader.BpfObject;
import org.bpfz.oracle.InputException;
import org.bpfz.oracle.analyze.Found.LeftOut;
import org.bpfz.oracle.analyze.Found.RegularFile;
import org.bpfz.oracle.model.CompressorPrograms;
import org.bpfz.spec.engine.Engine;
import org.bpfz.spec.engine.Facts;
import org.bpfz.spec.kernel.Reading;

/**
 * The whole job: walks, writes each file through a modelled kernel and reports in the order of the walk.
 *
 * <p>Where what the programs say of a file hangs on that file alone, several threads with a kernel each share the work, and the
 * report is the same as that of one thread.
 */
public final class Analysis {
    /** Files that may be begun before the one whose turn it is to be reported is done. */
    private static final int AHEAD = 256;
    private static final long TICK_MILLIS = 100;

    /** Hears now and then how far the work is. */
    @FunctionalInterface
    public interface Progress {
        /** So many files are done and so many bytes read; the path is the file that is waited for. */
        void at(long files, long bytes, Path path);
    }

    /** A line of the report that is being worked on. */
    private record Pending(Path path, Future<Entry> entry) {}

    private final AnalysisReport report;
    private final Progress progress;
    private final Deque<Pending> ahead = new ArrayDeque<>();
    private final LongAdder bytesRead = new LongAdder();
    private Totals totals = Totals.NONE;

    /** An analysis that has not begun. */
    public Analysis(AnalysisReport report, Progress progress) {
        this.report = report;
        this.progress = progress;
    }

    /**
     * Does everything, to the end of the report.
     *
     * @param object     with one program for each hook
     * @param blockSize  bytes a write at most
     * @param keepBlocks whether results list each write
     * @throws InputException                                     if the object does not fit
     * @throws org.bpfz.oracle.model.RefusedProgramException if the verifier refuses one of its programs
     */
    public Totals run(BpfObject object, Engine engine, Iterator<Found> walk, int blockSize, boolean keepBlocks)
            throws IOException {
        Map<String, Facts> facts = CompressorPrograms.admit(object, Reading.strict());
        int threads = CompressorPrograms.areIndependent(object) ? Runtime.getRuntime().availableProcessors() : 1;
        BlockingQueue<ModelWriter> writers = new ArrayBlockingQueue<>(threads);
        for (int i = 0; i < threads; i++) {
            writers.add(new ModelWriter(object, facts, engine, blockSize, keepBlocks, bytesRead));
        }
        ExecutorService workers = Executors.newFixedThreadPool(threads);
        try {
            while (walk.hasNext()) {
                Found found = walk.next();
                ahead.add(new Pending(found.path(), switch (found) {
                    case LeftOut leftOut -> CompletableFuture.completedFuture(leftOut);
                    case RegularFile file -> workers.submit(() -> write(file, writers));
                }));
                if (ahead.size() == AHEAD) {
                    reportFirst();
                }
            }
            while (!ahead.isEmpty()) {
                reportFirst();
            }
        } finally {
            workers.shutdownNow();
        }
        report.end(totals);
        return totals;
    }

    private static Entry write(RegularFile file, BlockingQueue<ModelWriter> writers) throws InterruptedException {
        ModelWriter writer = writers.take();
        try {
            return writer.write(file);
        } catch (IOException e) {
            return new LeftOut(file.path(), Found.Why.UNREADABLE, FileWalk.reason(e));
        } finally {
            writers.add(writer);
        }
    }

    private void reportFirst() throws IOException {
        switch (await(ahead.remove())) {
            case FileResult file -> {
                totals = totals.plus(file);
                report.file(file);
            }
            case LeftOut leftOut -> {
                totals = totals.plus(leftOut);
                report.leftOut(leftOut);
            }
        }
    }

    private Entry await(Pending pending) {
        while (true) {
            progress.at(totals.files(), bytesRead.sum(), pending.path());
            try {
                return pending.entry().get(TICK_MILLIS, TimeUnit.MILLISECONDS);
            } catch (TimeoutException stillBusy) {
                // Says how far it is, and waits on.
            } catch (ExecutionException e) {
                Throwables.throwIfUnchecked(e.getCause());
                throw new IllegalStateException(e.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted", e);
            }
        }
    }
}
