package org.bpfz.oracle.grade;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.bpfz.oracle.scenario.Scenario;
import org.bpfz.oracle.scenario.ScenarioParser;
import org.bpfz.oracle.syntax.LineReader;
import org.bpfz.spec.kernel.Reading;
import org.bpfz.spec.kernel.Variant;

/**
 * Makes scenarios by chance, the same for the same seed: programs on the hooks, then calls that write, read, duplicate and count, one
 * after the other or several at once. What has been used least is chosen more often: kinds of calls, and – for the model, which can
 * follow any – answers to open questions.
 */
public final class ScenarioGenerator {
    private static final int STEPS = 14;
    private static final int CHOICES = 3;

    private static final List<String> DECIDES = List.of("    r0 = 1\n    exit\n",
            "    r0 = *(u32 *)(r1 +0)\n    r0 &= 1\n    exit\n",
            "    r0 = *(u32 *)(r1 +4)\n    r0 -= 1\n    exit\n");
    private static final List<String> VERIFIES = List.of("    r0 = *(u64 *)(r1 +8)\n    exit\n",
            "    r0 = *(u64 *)(r1 +0)\n    exit\n", "    r0 = *(u64 *)(r1 +8)\n    r0 >>= 1\n    exit\n",
            "    call bpf_lzo_compress\n    exit\n",
            "    r0 = *(u64 *)(r1 +8)\n    if r0 > 40 goto refuse\n    exit\nrefuse:\n    r0 = -7\n    exit\n",
            "    r0 = 1000\n    exit\n",
            "    r6 = r1\n    r2 = 0\n    *(u64 *)(r10 -8) = r2\n    r2 = 3\n    r3 = r10\n    r3 += -8\n    r4 = 8\n    call bpf_copy_from_buffer\n    if r0 s< 0 goto short\n    r0 = *(u8 *)(r10 -8)\n    exit\nshort:\n    r0 = 2000\n    exit\n");

    /** What a call may be; FD, FD2, DATA, SMALL and OFFSET stand for what chance puts there. */
    private static final List<String> CALLS = List.of("write(FD, DATA)", "write(FD, SMALL)",
            "pwrite64(FD, DATA, LEN, OFFSET)",
            "writev(FD, [SMALL, DATA])", "writev(FD, [SMALL, \"\", SMALL])", "pwritev(FD, [SMALL, SMALL], 2, OFFSET)",
            "pwritev2(FD, [DATA], 1, -1, 0)", "pwritev2(FD, [SMALL], 1, OFFSET, RWF_APPEND)", "write(FD, \"\")",
            "writev(FD, [\"\", \"\"])", "write(FD, fault, 10)", "write(FD, partial(SMALL), 100)", "write(99, \"a\")",
            "get_compression_stats(FD)", "get_compression_stats(FD2)", "get_compression_stats(FD, NULL, _)",
            "get_compression_stats(FD, _, fault)", "get_compression_stats(98, fault, fault)",
            "reset_compression_stats(FD)",
            "lseek(FD, OFFSET, SEEK_SET)", "lseek(FD, 0, SEEK_CUR)", "fstat(FD, {})", "pread64(FD, _, 300, 0)",
            "read(FD, _, 50)", "ftruncate(FD, OFFSET)", "close(FD2)", "dup2(FD, FD2)", "store_mapped(FD, \"abc\", 0)",
            "sendfile(FD, FD2, NULL, 20)", "setrlimit(RLIMIT_FSIZE, 4000, 100000)", "setrlimit(RLIMIT_FSIZE, 100000)",
            "setfsuid(1)", "setfsuid(0)");
    private static final List<String> AT_ONCE = List.of("write(FD, SMALL)", "pwrite64(FD, SMALL, LEN, OFFSET)",
            "writev(FD, [SMALL, SMALL])", "get_compression_stats(FD)", "reset_compression_stats(FD)",
            "write(FD2, SMALL)",
            "get_compression_stats(FD2)");
    private static final List<String> OPENS = List.of("open(\"/f\", O_RDWR)", "open(\"/f\", O_RDWR|O_APPEND)",
            "openat(AT_FDCWD, \"/g\", O_CREAT|O_RDWR, 0666)", "creat(\"/h\", 0666)", "open(\"/f\", O_RDONLY)",
            "openat2(AT_FDCWD, \"/f\", {flags=O_RDWR, mode=0, resolve=0}, 24)", "open(\"/f\", O_PATH)",
            "open(\"/dev/null\", O_WRONLY)", "open(\"/p\", O_RDWR|O_NONBLOCK)", "dup(fd)");

    private final long seed;
    private final SplittableRandom random;
    private final Map<Object, Integer> used = new HashMap<>();
    private int made;

    /** A generator that has made nothing. */
    public ScenarioGenerator(long seed) {
        this.seed = seed;
        random = new SplittableRandom(seed);
    }

    /** The next scenarios. */
    public List<Scenario> next(int count) {
        List<Scenario> scenarios = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            scenarios.add(next());
        }
        return scenarios;
    }

    /** The next scenario. */
    public Scenario next() {
        String name = "generated-" + seed + "-" + made++;
        try {
            return ScenarioParser.parse(LineReader.of(Path.of(name + ".scenario"), text()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The strict reading with some answers in another way, such as have been tried least: for a model that can follow any. */
    public Reading reading() {
        Reading reading = Reading.strict();
        for (int i = random.nextInt(4); i > 0; i--) {
            List<Variant> answers = new ArrayList<>();
            for (int j = 0; j < CHOICES; j++) {
                answers.addAll(Reading.answers(Reading.QUESTIONS.get(random.nextInt(Reading.QUESTIONS.size()))));
            }
            reading = reading.with(rarest(answers));
        }
        return reading;
    }

    private <T> T rarest(List<T> choices) {
        int start = random.nextInt(choices.size());
        List<T> turned = new ArrayList<>(choices.subList(start, choices.size()));
        turned.addAll(choices.subList(0, start));
        T rarest = turned.stream().min(Comparator.comparingInt(each -> used.getOrDefault(each, 0))).orElseThrow();
        used.merge(rarest, 1, Integer::sum);
        return rarest;
    }

    private <T> T some(List<T> choices) {
        List<T> few = new ArrayList<>();
        for (int i = 0; i < CHOICES; i++) {
            few.add(choices.get(random.nextInt(choices.size())));
        }
        return rarest(few);
    }

    private String text() {
        StringBuilder text = new StringBuilder("about: Made by chance.\n");
        text.append("program d decide\n").append(some(DECIDES)).append("end\nprogram v verify\n").append(some(VERIFIES))
                .append("end\nprogram w verify\n").append(some(VERIFIES)).append("end\n");
        int hooks = random.nextInt(8);
        text.append(hooks == 0 ? "" : "attach d\n").append(hooks == 1 ? "" : "attach v\n");
        text.append("file \"/f\" = lorem(100) mode=0666 uid=1 gid=3\ntask p1 uid=")
                .append(random.nextInt(2) == 0 ? 0 : 1)
                .append(" gid=2\n");
        text.append("p1: mknod(\"/p\", S_IFIFO|0666)\np1: fd = ").append(some(OPENS.subList(0, 4))).append('\n');
        text.append("p1: other = ").append(call(some(OPENS))).append('\n');
        List<String> tasks = new ArrayList<>(List.of("p1"));
        boolean concurrent = random.nextInt(3) == 0;
        for (int i = random.nextInt(concurrent ? 1 : 0, 3); i > 0; i--) {
            String task = "p" + (tasks.size() + 1);
            text.append("p1: ").append(task).append(random.nextBoolean()
                    ? " = fork()\n"
                    : " = clone(CLONE_VM|CLONE_FS|CLONE_FILES|CLONE_SIGHAND|CLONE_THREAD)\n");
            tasks.add(task);
        }
        for (int i = 0; i < STEPS; i++) {
            text.append(tasks.get(random.nextInt(tasks.size()))).append(": ").append(call(some(CALLS))).append('\n');
            if (hooks > 1 && random.nextInt(30) == 0) {
                text.append("detach v\nattach w\n");
                hooks = 1;
            }
        }
        if (concurrent) {
            text.append("together\n");
            for (int i = random.nextInt(4, 10); i > 0; i--) {
                text.append(tasks.get(i % tasks.size())).append(": ").append(call(some(AT_ONCE))).append('\n');
            }
            text.append("end\n");
        }
        return text.append("p1: get_compression_stats(fd)\np1: get_compression_stats(other)\n").toString();
    }

    private String call(String shape) {
        int small = random.nextInt(1, 50);
        return shape.replace("FD2", random.nextInt(3) == 0 ? "fd" : "other")
                .replaceAll("\\bFD\\b", random.nextInt(3) == 0 ? "other" : "fd")
                .replace("LEN", String.valueOf(small)).replaceAll("pwrite64\\((\\w+), DATA", "pwrite64($1, SMALL")
                .replace("DATA", "words(" + random.nextInt(1, 5000) + ")").replace("SMALL", "lorem(" + small + ")")
                .replace("OFFSET", String.valueOf(random.nextInt(2) == 0 ? 0 : random.nextInt(6000)));
    }
}
