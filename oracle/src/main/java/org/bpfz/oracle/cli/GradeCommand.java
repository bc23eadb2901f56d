package org.bpfz.oracle.cli;

import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.bpfz.oracle.InputException;
import org.bpfz.oracle.grade.ClauseRow;
import org.bpfz.oracle.grade.GradeReport;
import org.bpfz.oracle.grade.Grader;
import org.bpfz.oracle.grade.GuestRunner;
import org.bpfz.oracle.grade.HtmlGrade;
import org.bpfz.oracle.grade.JUnitGrade;
import org.bpfz.oracle.grade.JsonGrade;
import org.bpfz.oracle.grade.KernelMutants;
import org.bpfz.oracle.grade.ModelRunner;
import org.bpfz.oracle.grade.Rubric;
import org.bpfz.oracle.grade.Runner;
import org.bpfz.oracle.grade.ScenarioGenerator;
import org.bpfz.oracle.grade.Suite;
import org.bpfz.oracle.grade.TextGrade;
import org.bpfz.oracle.model.Engines;
import org.bpfz.oracle.model.Subject;
import org.bpfz.oracle.mutant.Mutant;
import org.bpfz.oracle.qemu.KernelFacts;
import org.bpfz.oracle.scenario.Scenario;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** {@code bpfz grade}: a kernel against the requirements, clause by clause. */
@CommandLine.Command(description = {
    "Runs the suite's scenarios on a kernel, checks what happens against the specification, and prints one row a clause: held, violated"
            + " or not reached, with the smallest scenario that shows a violation. docs/GRADING.md is for those who grade.",
    "Exit code 1: a clause is violated, or a kernel can not be graded."}, sortOptions = false)
final class GradeCommand extends Command {
    @Option(names = "--kernel", paramLabel = "IMAGE", description = "A kernel image (bzImage), booted in a virtual machine; several make a table of submissions.")
    private List<Path> kernels = List.of();

    @Option(names = "--model", description = "The model in the kernel's place: what a correct kernel would get.")
    private boolean model;

    @Option(names = "--mutant", paramLabel = "NAME", description = "The model with a mistake in it, by name or number; 'all' for a table of all, 'list' lists them.")
    private @Nullable String mutant;

    @Option(names = "--suite", paramLabel = "DIR", description = "Where the scenarios are; by default those that come with bpfz.")
    private @Nullable Path suite;

    @Option(names = "--generate", paramLabel = "N", description = "Run N more scenarios, made by chance.")
    private int generated;

    @Option(names = "--seed", paramLabel = "S", description = "What they are made from: ${DEFAULT-VALUE}.")
    private long seed = 1;

    @Option(names = "--rubric", paramLabel = "FILE", description = "How many points each clause gives; by default rubric.json of the suite.")
    private @Nullable Path rubric;

    @Option(names = "--insist", paramLabel = "CLAUSE=VARIANT", description = "Accept one reading of an open clause only.")
    private List<String> insisted = List.of();

    @Option(names = "--html", paramLabel = "FILE", description = "Write one page for a browser there.")
    private @Nullable Path html;

    @Option(names = "--junit", paramLabel = "FILE", description = "Write JUnit XML there.")
    private @Nullable Path junit;

    @Option(names = "--no-shrink", description = "Show scenarios as they are.")
    private boolean whole;

    @Option(names = "--traces", paramLabel = "DIR", description = "Keep the traces there.")
    private @Nullable Path kept;

    @Option(names = "--syscalls", split = ",", paramLabel = "GET,RESET", description = "The numbers of the two system calls, where they are not 463 and 464.")
    private List<Integer> syscalls = List.of();

    @Option(names = "--helpers", split = ",", paramLabel = "COPY,LZO", description = "The numbers of the two helpers, where the kernel's BTF does not say them.")
    private List<Integer> helpers = List.of();

    @Option(names = "--append", paramLabel = "PARAMETERS", description = "More of the kernel's command line, such as compressor.mutant=1.")
    private String parameters = "";

    @Option(names = "--mutants", paramLabel = "FILE", description = "With the reference kernel: look for each mistake of the table reference-patch/mutants.json, and print a table of what finds it.")
    private @Nullable Path mutants;

    @Option(names = "--engine", paramLabel = "NAME", description = "What runs programs on the model and when traces are checked: ${DEFAULT-VALUE}.")
    private String engine = Engines.SPECIFICATION;

    @Option(names = "--json", description = "One JSON document.")
    private boolean json;

    GradeCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() throws IOException {
        if ("list".equals(mutant)) {
            listMutants();
            return ExitCode.OK;
        }
        List<Runner> runners = runners();
        Path folder = suite == null ? Installation.folder("suite", "--suite") : suite;
        List<Scenario> scenarios = new ArrayList<>(Suite.read(folder));
        scenarios.addAll(new ScenarioGenerator(seed).next(Math.max(generated, 0)));
        Path points = rubric == null ? folder.resolve("rubric.json") : rubric;
        Rubric marks = rubric == null && !Files.exists(points) ? Rubric.even() : Rubric.read(points);
        Progress progress = new Progress(terminal, false);
        Grader grader = new Grader(Engines.named(engine), CheckCommand.answers(insisted), marks, !whole, text -> {
            if (progress.isDue()) {
                progress.say(text);
            }
        });
        if (mutants != null) {
            return lookForMutants(grader, runners, scenarios, mutants);
        }
        List<GradeReport> reports = new ArrayList<>();
        for (Runner runner : runners) {
            try (runner) {
                reports.add(graded(grader, runner, scenarios));
            }
            progress.clear();
        }
        show(reports);
        return reports.stream().allMatch(
                report -> report.unfit() == null && report.count(ClauseRow.Verdict.VIOLATED) == 0)
                        ? ExitCode.OK
                        : ExitCode.NO;
    }

    private int lookForMutants(Grader grader, List<Runner> runners, List<Scenario> scenarios, Path table)
            throws IOException {
        if (!(runners.getFirst() instanceof GuestRunner runner)) {
            throw new InputException("--mutants needs a --kernel");
        }
        List<KernelMutants.Mutant> all = KernelMutants.read(table);
        Path folder = kept == null ? Files.createTempDirectory("bpfz-grade") : Files.createDirectories(kept);
        try (runner) {
            List<KernelMutants.Verdict> verdicts = new KernelMutants(grader, terminal.err()::println).judge(runner, all,
                    scenarios, folder);
            terminal.out().print(KernelMutants.table(verdicts));
            return verdicts.stream().allMatch(KernelMutants.Verdict::isFound) ? ExitCode.OK : ExitCode.NO;
        } finally {
            if (kept == null) {
                delete(folder);
            }
        }
    }

    private List<Runner> runners() {
        String named = mutant;
        if (named != null) {
            List<Mutant> mutants = named.equals("all") ? Mutant.all() : List.of(found(named));
            return mutants.stream().<Runner>map(
                    each -> new ModelRunner("model with " + each.name(), each.subject(), Engines.named(engine)))
                    .toList();
        }
        if (model) {
            return List.of(new ModelRunner("model", () -> Subject.MODEL, Engines.named(engine)));
        }
        if (kernels.isEmpty()) {
            throw new InputException("--kernel IMAGE, --model or --mutant NAME is needed");
        }
        Progress progress = new Progress(terminal, false);
        return kernels.stream().<Runner>map(image -> new GuestRunner(image, name(image), parameters, moved(), text -> {
            if (progress.isDue()) {
                progress.say(text);
            }
        })).toList();
    }

    /** The file's name, or where several submissions have the same, all of the path. */
    private String name(Path image) {
        long same = kernels.stream().filter(other -> String.valueOf(other.getFileName())
                .equals(String.valueOf(image.getFileName()))).count();
        return same == 1 ? String.valueOf(image.getFileName()) : image.toString();
    }

    private KernelFacts.Moved moved() {
        return new KernelFacts.Moved(pair("--syscalls", syscalls), pair("--helpers", helpers));
    }

    private static @Nullable List<Integer> pair(String option, List<Integer> numbers) {
        if (numbers.isEmpty()) {
            return null;
        }
        if (numbers.size() != 2) {
            throw new InputException(option + " needs two numbers");
        }
        return numbers;
    }

    private static Mutant found(String name) {
        Mutant mutant = Mutant.find(name);
        if (mutant == null) {
            throw new InputException("--mutant " + name + ": there is none; --mutant list lists them");
        }
        return mutant;
    }

    private void listMutants() {
        for (int i = 0; i < Mutant.all().size(); i++) {
            Mutant each = Mutant.all().get(i);
            terminal.out().printf("%3d  %-7s %-24s %s%n", i + 1, each.clause().id(), each.name(), each.mistake());
        }
    }

    private GradeReport graded(Grader grader, Runner runner, List<Scenario> scenarios) throws IOException {
        Path keep = kept;
        if (keep != null) {
            return grader.grade(runner, scenarios,
                    Files.createDirectories(keep.resolve(runner.kernel().replace('/', '_'))));
        }
        Path folder = Files.createTempDirectory("bpfz-grade");
        try {
            return grader.grade(runner, scenarios, folder);
        } finally {
            delete(folder);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }

    private void show(List<GradeReport> reports) throws IOException {
        if (html != null) {
            Files.writeString(html, HtmlGrade.of(reports), StandardCharsets.UTF_8);
        }
        if (junit != null) {
            Files.writeString(junit, JUnitGrade.of(reports), StandardCharsets.UTF_8);
        }
        if (json) {
            JsonWriter writer = Json.to(terminal);
            JsonGrade.write(writer, reports);
            Json.end(writer, terminal);
        } else if (reports.size() == 1) {
            TextGrade.print(reports.getFirst(), terminal.out()::println);
        } else {
            TextGrade.table(reports, terminal.out()::println);
        }
    }
}
