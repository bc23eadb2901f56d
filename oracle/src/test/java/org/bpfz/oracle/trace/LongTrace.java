package org.bpfz.oracle.trace;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Locale;

/**
 * Writes a trace of any length as a correct kernel would have left it, without running one: four processes write to a file each, read back
 * and count, often two at a time.
 */
public final class LongTrace {
    private static final int TASKS = 4;
    private static final int SIZE = 24;
    private static final int KINDS = 6;

    private final BufferedWriter out;
    private final long[] position = new long[TASKS];
    private final long[] written = new long[TASKS];
    private final long[] end = new long[TASKS];
    private long events;
    private long clock;

    private LongTrace(BufferedWriter out) {
        this.out = out;
    }

    /** A call that was made, but for when. */
    private record Made(int task, String call, String arguments, String result) {}

    /**
     * Writes one.
     *
     * @param calls how many calls it has, at least
     * @return how many events it has
     */
    public static long write(Path file, long calls) throws IOException {
        try (BufferedWriter out = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
            LongTrace trace = new LongTrace(out);
            trace.begin();
            for (long i = 0; i < calls; i++) {
                int task = (int) (i % TASKS);
                if (i % 5 == 0) {
                    trace.twoAtOnce(trace.next(task, i), trace.next((task + 1) % TASKS, i + 1));
                    i++;
                } else {
                    trace.one(trace.next(task, i));
                }
            }
            trace.line("{\"event\":\"end\",\"events\":" + trace.events + "}");
            return trace.events;
        }
    }

    private void line(String text) throws IOException {
        out.write(text);
        out.write('\n');
    }

    private void event(String text) throws IOException {
        line(text);
        events++;
    }

    private void begin() throws IOException {
        line("{\"bpfz_trace\":1,\"kernel\":\"made\",\"release\":\"6.12\",\"scenario\":\"long\",\"clauses\":[],\"data\":\"data\"}");
        program("on", "decide", "b7000000010000009500000000000000");
        program("size", "verify", "79100800000000009500000000000000");
        for (int task = 0; task < TASKS; task++) {
            event("{\"event\":\"task\",\"task\":\"p" + task + "\",\"pid\":" + (task + 2)
                    + ",\"uid\":0,\"gid\":0,\"umask\":18,\"cwd\":\"/\"}");
            one(new Made(task, "open", "\"pathname\":\"/f" + task + "\",\"flags\":66,\"mode\":420", "0"));
        }
    }

    private void program(String name, String hook, String code) throws IOException {
        event("{\"event\":\"load\",\"object\":\"\",\"program\":\"" + name
                + "\",\"type\":\"compressor\",\"attach_type\":\"compressor\",\"target\":\"bpf_compressor_" + hook
                + "\",\"licence\":\"GPL\",\"sleepable\":false,\"code\":{\"length\":16,\"hex\":\"" + code
                + "\"},\"maps\":[],\"ret\":3,\"log\":{\"length\":0,\"hex\":\"\"}}");
        event("{\"event\":\"attach\",\"program\":\"" + name + "\",\"target\":null,\"link\":\"" + name + "\",\"enter\":"
                + ++clock + ",\"exit\":" + ++clock + ",\"ret\":4}");
    }

    private static String data(long seed) {
        byte[] bytes = new byte[SIZE];
        for (int i = 0; i < SIZE; i++) {
            bytes[i] = (byte) (seed + i);
        }
        return "{\"length\":" + SIZE + ",\"hex\":\"" + HexFormat.of().formatHex(bytes) + "\"}";
    }

    private Made next(int task, long seed) {
        return switch ((int) (seed / TASKS % KINDS)) {
            case 0, 1 -> {
                position[task] += SIZE;
                written[task] += SIZE;
                end[task] = Math.max(end[task], position[task]);
                yield new Made(task, "write", "\"fd\":0,\"buf\":" + data(seed) + ",\"count\":" + SIZE,
                        String.valueOf(SIZE));
            }
            case 2 -> {
                written[task] += SIZE;
                end[task] = Math.max(end[task], SIZE);
                yield new Made(task, "pwrite64",
                        "\"fd\":0,\"buf\":" + data(seed) + ",\"count\":" + SIZE + ",\"offset\":0",
                        String.valueOf(SIZE));
            }
            case 3 -> {
                position[task] = seed % 64 == 0 ? 0 : end[task];
                yield new Made(task, "lseek", "\"fd\":0,\"offset\":" + position[task] + ",\"whence\":0",
                        String.valueOf(position[task]));
            }
            case 4 -> {
                yield new Made(task, "get_compression_stats",
                        "\"fd\":0,\"written\":\"usable\",\"after\":\"usable\"",
                        "0,\"out\":{\"written\":" + written[task] + ",\"after\":" + written[task] + "}");
            }
            default -> {
                written[task] = 0;
                yield new Made(task, "reset_compression_stats", "\"fd\":0", "0");
            }
        };
    }

    private void one(Made made) throws IOException {
        long enter = ++clock;
        call(made, enter, ++clock);
    }

    private void twoAtOnce(Made first, Made second) throws IOException {
        long one = ++clock;
        long two = ++clock;
        call(first, one, ++clock);
        call(second, two, ++clock);
    }

    private void call(Made made, long enter, long exit) throws IOException {
        event(String.format(Locale.ROOT,
                "{\"event\":\"call\",\"task\":\"p%d\",\"pid\":%d,\"enter\":%d,\"call\":\"%s\",\"args\":{%s},\"exit\":%d,\"ret\":%s}",
                made.task, made.task + 2, enter, made.call, made.arguments, exit, made.result));
    }

    /** For a trace to measure with: the file, and how many calls. */
    public static void main(String... arguments) throws IOException {
        System.out.println(write(Path.of(arguments[0]), Long.parseLong(arguments[1])) + " events");
    }
}
