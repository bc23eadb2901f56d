package org.bpfz.oracle.attach;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.bpfz.oracle.InputException;
import org.bpfz.oracle.attach.BlockLayer.Operation;
import org.bpfz.oracle.attach.BlockLayer.Request;
import org.bpfz.spec.engine.Task;
import org.bpfz.spec.kernel.Call;
import org.bpfz.spec.kernel.HookRun;

/**
 * What a kernel once did. It is read from what tools print: I/O from {@code blkparse}, copies from the lines of a trace pipe that a program
 * on {@code memcpy} has written; lines of both kinds may be mixed, empty ones and those that begin with {@code #} are left out. Or it is made
 * of the calls of a scenario or of a recording of strace ({@link CallWorkloads}).
 */
public final class Workload {
    /** device, CPU, sequence number, seconds, process, action, kind of I/O, and what differs by action. */
    private static final Pattern BLOCK = Pattern
            .compile("\\s*(\\d+),(\\d+)\\s+(\\d+)\\s+\\d+\\s+(\\d+\\.\\d+)\\s+(\\d+)\\s+([A-Z]+)\\s+([A-Z]+)(.*)");
    private static final Pattern SECTORS = Pattern.compile("\\s+(\\d{1,18}) \\+ (\\d{1,7}) \\[(.*)]\\s*");
    private static final Pattern COPY = Pattern
            .compile("\\s*(\\S.*)-(\\d+)\\s+\\[(\\d+)]\\s+\\S+\\s+(\\d+\\.\\d+): .*memcpy size (\\d{1,18})\\s*");
    /** What blkparse prints behind the events. */
    private static final Pattern SUMMARY = Pattern.compile("(CPU\\d+|Total) \\(.*");

    private final List<Event> events;

    /** Events in their order. */
    public Workload(List<? extends Event> events) {
        this.events = List.copyOf(events);
    }

    /** Something that happened. */
    public sealed interface Event {
        /** On whose behalf. */
        Task task();

        /** On which CPU. */
        int cpu();

        /** When, in seconds, as it was recorded. */
        String time();
    }

    /** The kernel copied bytes. */
    public record Copy(Task task, int cpu, String time, long size) implements Event {}

    /**
     * A system call was made.
     *
     * @param result what it returned
     * @param runs   the programs that it ran on the compressor's hooks
     */
    public record SystemCall(Task task, int cpu, String time, Call call, long result, List<HookRun> runs)
            implements
                Event {
        public SystemCall {
            runs = List.copyOf(runs);
        }
    }

    /** An I/O was queued. */
    public record Io(Task task, int cpu, String time, Request request) implements Event {}

    /**
     * Reads a recording.
     *
     * @param file for complaints
     * @throws InputException if a line is of neither kind
     */
    public static Workload read(String file, String text) {
        List<Event> events = new ArrayList<>();
        int number = 0;
        for (String line : text.lines().toList()) {
            number++;
            if (SUMMARY.matcher(line).matches()) {
                break;
            }
            Matcher block = BLOCK.matcher(line);
            Matcher copy = COPY.matcher(line);
            if (block.matches()) {
                addBlock(file, number, block, events);
            } else if (copy.matches()) {
                events.add(new Copy(task(file, number, copy.group(2), copy.group(1)),
                        number(file, number, copy.group(3)), copy.group(4), Long.parseLong(copy.group(5))));
            } else if (!line.isBlank() && !line.startsWith("#")) {
                throw new InputException(
                        file + ":" + number + ": neither a line of blkparse nor a copy in a trace pipe");
            }
        }
        return new Workload(events);
    }

    /** Of the life of an I/O only the queueing counts: action Q. */
    private static void addBlock(String file, int line, Matcher block, List<Event> events) {
        Matcher sectors = SECTORS.matcher(block.group(8));
        if (!block.group(6).equals("Q") || !sectors.matches()) {
            return;
        }
        Request request = new Request(number(file, line, block.group(1)), number(file, line, block.group(2)),
                operation(block.group(7)), Long.parseLong(sectors.group(1)),
                BlockLayer.SECTOR * Long.parseLong(sectors.group(2)));
        events.add(new Io(task(file, line, block.group(5), sectors.group(3)), number(file, line, block.group(3)),
                block.group(4), request));
    }

    private static Operation operation(String kind) {
        return kind.contains("D")
                ? Operation.DISCARD
                : kind.contains("W") ? Operation.WRITE : kind.contains("R") ? Operation.READ : Operation.FLUSH;
    }

    private static Task task(String file, int line, String pid, String comm) {
        int number = number(file, line, pid);
        return new Task(number, number, 0, 0,
                comm.strip().length() > 15 ? comm.strip().substring(0, 15) : comm.strip());
    }

    private static int number(String file, int line, String text) {
        if (text.length() > 9) {
            throw new InputException(String.format(Locale.ROOT, "%s:%d: %s is too large", file, line, text));
        }
        return Integer.parseInt(text);
    }

    /** These events, and then those of another recording. */
    public Workload then(Workload later) {
        return new Workload(Stream.concat(events.stream(), later.events.stream()).toList());
    }

    /** In the order of the recording. */
    public List<Event> events() {
        return events;
    }

    /** Lets the kernel do the same again, and says of each event what came of it: 0, or an error number negated. */
    public static int replay(Event event, TracedKernel kernel, BlockLayer blocks) {
        return switch (event) {
            case Copy copy -> {
                KernelCopies.Copy bytes = KernelCopies.Copy.ofSize(copy.size());
                kernel.call("memcpy", copy.task(), copy.cpu(), bytes::to, bytes.to(), bytes.from(), bytes.size());
                yield 0;
            }
            case SystemCall call -> {
                new CallEvents(kernel).run(call);
                yield 0;
            }
            case Io io -> blocks.submit(io.request(), io.task(), io.cpu());
        };
    }
}
