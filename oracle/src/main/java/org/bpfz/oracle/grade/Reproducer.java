package org.bpfz.oracle.grade;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.bpfz.oracle.calls.CallPrinter;
import org.bpfz.oracle.check.Violation;
import org.bpfz.oracle.trace.TraceEvent;
import org.bpfz.oracle.trace.TraceReader;
import org.bpfz.spec.isa.RawInstruction;
import org.bpfz.spec.kernel.Call;
import org.bpfz.spec.kernel.Outcome;
import org.bpfz.spec.kernel.State;
import org.bpfz.spec.program.MapSpec;
import org.bpfz.spec.program.ProgramImage;

/**
 * Turns a trace into a C program that does the same on a kernel and needs nothing but a C compiler: programs as arrays of
 * instructions, tasks as processes and threads that take turns, every result beside the one that was seen.
 */
final class Reproducer {
    private final StringBuilder data = new StringBuilder();
    private final List<String> main = new ArrayList<>();
    private final Map<Integer, List<String>> tasks = new LinkedHashMap<>();
    private final Map<Integer, TraceEvent.TaskMade> made = new HashMap<>();
    private final Map<String, Integer> programs = new HashMap<>();
    private final List<MapSpec> maps = new ArrayList<>();
    private int turns;

    private Reproducer() {
    }

    /** The program up to the violation. */
    static String of(Path trace, Violation violation) throws IOException {
        Reproducer program = new Reproducer();
        String disk = "";
        try (TraceReader reader = new TraceReader(trace)) {
            for (TraceEvent event = reader.next(); event != null
                    && (violation.line() == 0 || event.line() <= violation.line()); event = reader.next()) {
                if (event instanceof TraceEvent.Disk size) {
                    disk = "size=" + size.size();
                }
                program.add(event);
            }
        }
        return program.text(violation, disk);
    }

    private void add(TraceEvent event) {
        switch (event) {
            case TraceEvent.Placed e -> main.add(e.content() == null
                    ? String.format(Locale.ROOT, "mkdir(%s, 0%o); chmod(%1$s, 0%2$o); chown(%1$s, %d, %d);",
                            CalledInC.string(e.path()), e.mode(), e.uid(), e.gid())
                    : String.format(Locale.ROOT, "place(%s, %s, %d, 0%o, %d, %d);", CalledInC.string(e.path()),
                            CalledInC.data(data, Objects.requireNonNull(e.content())), e.content().length(), e.mode(),
                            e.uid(), e.gid()));
            case TraceEvent.TaskMade e -> {
                made.put(e.pid(), e);
                tasks.put(e.pid(), new ArrayList<>());
                main.add("if (fork() == 0) { enter(" + e.uid() + ", " + e.gid() + ", " + e.umask() + ", "
                        + CalledInC.string(e.cwd()) + "); task_" + e.pid() + "(0); _exit(0); }");
            }
            case TraceEvent.MapMade e -> {
                maps.add(e.spec());
                main.add(String.format(Locale.ROOT, "maps[%d] = map_create(%d, %d, %d, %d);", maps.size() - 1,
                        e.spec().type().number(), e.spec().keySize(), e.spec().valueSize(), e.spec().maxEntries()));
            }
            case TraceEvent.Load e -> load(e);
            case TraceEvent.Attach e -> main.add(step() + "result(\"attach " + e.program() + "\", links["
                    + slot(e.link() + "/link") + "] = attach(programs[" + slot(e.program()) + "]), "
                    + (e.result() < 0 ? e.result() : 0) + "); done();");
            case TraceEvent.Detach e ->
                main.add(step() + "close(links[" + slot(e.link() + "/link") + "]); done();");
            case TraceEvent.Called e -> called(e);
            case TraceEvent.Kernel e -> main.add("/* here the kernel says: "
                    + e.text().lines().findFirst().orElse("").replace("*/", "* /") + " */");
            default -> {
                // Maps that user space reads and remarks change nothing.
            }
        }
    }

    private int slot(String name) {
        return programs.computeIfAbsent(name, _ -> programs.size());
    }

    private String step() {
        return "await_turn(" + turns++ + "); ";
    }

    private void load(TraceEvent.Load event) {
        ProgramImage image = event.image();
        int slot = slot(image.name());
        data.append("static unsigned long long code_").append(slot).append("[] = {");
        for (int i = 0; i < image.code().size(); i++) {
            RawInstruction slotWord = image.code().get(i);
            data.append(i % 4 == 0 ? "\n\t" : " ")
                    .append(String.format(Locale.ROOT, "0x%016xULL,", slotWord.toWord()));
        }
        data.append("\n};\n");
        String numbers = String.join(", ", event.maps().stream().map(number -> "maps[" + number + "]").toList());
        main.add("{ int used[] = {" + (numbers.isEmpty() ? "0" : numbers) + "}; result(\"load " + image.name()
                + "\", programs[" + slot + "] = load(" + image.type().number() + ", "
                + (image.attachType() == null ? 0 : image.attachType().number()) + ", "
                + (image.attachTarget() == null ? "NULL" : CalledInC.string(image.attachTarget())) + ", code_" + slot
                + ", sizeof(code_" + slot + ") / 8, " + CalledInC.string(image.licence()) + ", used), "
                + (event.result() < 0 ? event.result() : 0) + "); }");
    }

    private void called(TraceEvent.Called event) {
        List<String> body = tasks.computeIfAbsent(event.call().task(), _ -> new ArrayList<>());
        String text = CallPrinter.print(event.call(), new Outcome.Returned(event.seen().result(), event.seen().output(),
                java.util.Set.of(), State.boot(), java.util.Set.of(), List.of()));
        String label = CalledInC.string(event.task() + ": " + text);
        if (event.call() instanceof Call.Clone clone && !event.seen().isError()) {
            int child = (int) event.seen().result();
            tasks.put(child, tasks.getOrDefault(child, new ArrayList<>()));
            boolean thread = (clone.flags() & 0x10000) != 0;
            body.add(step() + (thread
                    ? "{ pthread_t t; result(" + label + ", pthread_create(&t, NULL, task_" + child + ", NULL), 0); }"
                    : "if (fork() == 0) { task_" + child + "(0); _exit(0); }") + " done();");
            return;
        }
        body.add(step() + "{ " + CalledInC.call(data, event.call(), label, event.seen().result()) + " } done();");
    }

    private String text(Violation violation, String disk) {
        StringBuilder text = new StringBuilder();
        text.append("/*\n * Violates ").append(violation.clause().id()).append(".\n * Seen:    ")
                .append(comment(violation.observed())).append('\n');
        violation.allowed().forEach(line -> text.append(" * Allowed: ").append(comment(line)).append('\n'));
        text.append(
                " *\n * Build: cc -static -pthread reproducer.c; run as root, on a kernel with the patch and its BTF.\n */\n")
                .append(CalledInC.prologue());
        text.append(data);
        tasks.keySet().forEach(pid -> text.append("static void *task_").append(pid).append("(void *unused);\n"));
        tasks.forEach((pid, body) -> {
            text.append("\nstatic void *task_").append(pid).append("(void *unused)\n{\n");
            body.forEach(line -> text.append('\t').append(line).append('\n'));
            text.append("\treturn unused;\n}\n");
        });
        text.append("\nint main(void)\n{\n\tprepare(\"").append(disk).append("\");\n");
        main.forEach(line -> text.append('\t').append(line).append('\n'));
        text.append("\tawait_turn(").append(turns).append(");\n\treturn 0;\n}\n");
        return text.toString();
    }

    private static String comment(String text) {
        return text.replace("*/", "* /");
    }
}
