package org.bpfz.oracle.grade;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.bpfz.oracle.InputException;
import org.bpfz.oracle.grade.UnfitKernelException.Reason;
import org.bpfz.oracle.qemu.Boot;
import org.bpfz.oracle.qemu.Guest;
import org.bpfz.oracle.qemu.GuestException;
import org.bpfz.oracle.qemu.KernelFacts;
import org.bpfz.oracle.qemu.VirtualMachine;
import org.bpfz.oracle.scenario.GuestScenario;
import org.bpfz.oracle.scenario.Scenario;
import org.bpfz.oracle.trace.TraceWriter;
import org.jspecify.annotations.Nullable;

/**
 * A kernel image in a virtual machine: scenarios one after the other in one boot, as long as the kernel lives. After a scenario in which
 * it complains, dies or hangs, the next one gets a machine of its own.
 */
public final class GuestRunner implements Runner {
    private static final String MUTANT = "/sys/module/compressor/parameters/mutant";
    private static final String HANG = "hang";
    private static final int CPUS = 2;
    private static final Duration BOOT = Duration.ofMinutes(3);
    private static final Duration ANSWER = Duration.ofSeconds(60);
    private static final int CONSOLE_LINES = 40;
    /** What shows a mistake instead of hiding it; a CPU that is stuck for twice ten seconds ends the machine. */
    private static final String STRICT = "slub_debug=FZPU watchdog_thresh=10 softlockup_panic=1";

    private final Path image;
    private final String name;
    private final Boot boot;
    private final KernelFacts.Moved moved;
    private final Consumer<String> progress;
    private @Nullable VirtualMachine machine;
    private @Nullable Guest guest;
    private int seen;
    private int mutant;
    private boolean probes;
    private boolean wasUp;
    private boolean hangs;

    /**
     * A runner whose machine boots when it is first needed.
     *
     * @param name       what the kernel is called in reports
     * @param parameters more of the kernel's command line, or the empty string
     * @param progress   hears what is being done
     */
    public GuestRunner(Path image, String name, String parameters, KernelFacts.Moved moved, Consumer<String> progress) {
        this.image = image;
        this.name = name;
        this.moved = moved;
        this.progress = progress;
        boot = Boot.of(image).withCpus(CPUS).withTimeouts(BOOT, ANSWER)
                .withParameters((STRICT + " " + parameters).strip());
    }

    @Override
    public String kernel() {
        return name;
    }

    @Override
    public List<Recording> run(List<Scenario> scenarios, Path folder) throws IOException, UnfitKernelException {
        List<Recording> recordings = new ArrayList<>();
        for (int i = 0; i < scenarios.size(); i++) {
            Scenario scenario = scenarios.get(i);
            progress.accept(kernel() + ": " + (i + 1) + " of " + scenarios.size() + ", " + scenario.name());
            Path trace = folder.resolve(i + "-" + scenario.name() + ".jsonl");
            Recording recording = record(scenario, trace, folder.resolve("data"));
            if (isHang(recording) && !hangs) {
                // On a busy host a machine may be late; a kernel that hangs does so again.
                recording = record(scenario, trace, folder.resolve("data"));
                hangs = isHang(recording);
            }
            recordings.add(recording);
        }
        return recordings;
    }

    private static boolean isHang(Recording recording) {
        Trouble trouble = recording.trouble();
        return trouble != null && trouble.kind().equals(HANG);
    }

    /**
     * Switches the reference kernel to one of its mistakes, from the next scenario on.
     *
     * @param number 0 for none
     */
    void mutate(int number) throws IOException {
        mutant = number;
        hangs = false;
        if (guest != null) {
            mutate(guest);
        }
    }

    private void mutate(Guest switched) throws IOException {
        if (!switched.write(MUTANT, String.valueOf(mutant))) {
            throw new InputException(image, "the kernel has no mutants: " + MUTANT + " can not be written");
        }
    }

    private Guest guest() throws IOException, UnfitKernelException {
        if (guest != null) {
            return guest;
        }
        progress.accept(kernel() + ": booting");
        VirtualMachine booted = boot();
        machine = booted;
        try {
            KernelFacts facts = KernelFacts.of(booted, moved);
            if (facts.types() == null) {
                throw new UnfitKernelException(Reason.NO_BTF, "", "");
            }
            if (!facts.hasCompressor()) {
                throw new UnfitKernelException(Reason.NO_PROGRAM_TYPE, "", "");
            }
            Guest ready = new Guest(booted, facts, CPUS);
            if (mutant != 0) {
                mutate(ready);
            }
            probes = ready.hooksAreFree();
            seen = booted.console().length();
            wasUp = true;
            guest = ready;
            return ready;
        } catch (GuestException e) {
            throw unfit(Reason.DIES_AT_ONCE, e);
        }
    }

    private static UnfitKernelException unfit(Reason reason, GuestException why) {
        return new UnfitKernelException(reason, Objects.requireNonNull(why.getMessage()), last(why.console()));
    }

    /** One that has come up, or was only slow, gets a second chance: the host may be busy. */
    private VirtualMachine boot() throws IOException, UnfitKernelException {
        try {
            return VirtualMachine.boot(boot);
        } catch (GuestException e) {
            if (!wasUp && !e.isHang()) {
                throw unfit(Reason.NO_USER_SPACE, e);
            }
        }
        try {
            return VirtualMachine.boot(boot);
        } catch (GuestException e) {
            throw unfit(wasUp ? Reason.COMES_UP_NO_MORE : Reason.NO_USER_SPACE, e);
        }
    }

    private static List<String> lines(String console) {
        return console.replace("\r", "").lines().toList();
    }

    private static String last(String console) {
        List<String> lines = lines(console);
        return String.join("\n", lines.subList(Math.max(0, lines.size() - CONSOLE_LINES), lines.size()));
    }

    private Recording record(Scenario scenario, Path trace, Path data) throws IOException, UnfitKernelException {
        Guest running = guest();
        try (TraceWriter writer = new TraceWriter(trace, data, scenario, kernel(),
                Objects.requireNonNull(machine).release())) {
            Optional<Trouble> trouble = Optional.empty();
            GuestScenario run = new GuestScenario(scenario, running, event -> {
                try {
                    writer.event(event);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            try {
                run.run();
                trouble = complaint();
            } catch (InputException e) {
                // The model can do it: a call before has come out in a way that leaves nothing to go on with.
                writer.kernel("message", "the rest is not done: " + e.getMessage(), run.line());
                trouble = complaint();
            } catch (GuestException e) {
                trouble = Optional.of(end(e, seen));
            } catch (UncheckedIOException e) {
                throw Objects.requireNonNull(e.getCause());
            }
            if (trouble.isPresent()) {
                // After a defect of its own the kernel is not to be trusted any more.
                writer.kernel(trouble.get().kind(), trouble.get().text() + during(scenario, run.line()), run.line());
                close();
            } else if (probes && isUnclean(running)) {
                close();
            }
            writer.end();
            return Recording.of(scenario, trace, trouble);
        }
    }

    private static String during(Scenario scenario, int line) {
        String step = scenario.lines().get(line);
        return step == null ? "" : "; in: " + step.strip();
    }

    /** What a scenario leaves on a hook would be seen by all that follow. */
    private static boolean isUnclean(Guest running) throws IOException {
        try {
            return !running.hooksAreFree();
        } catch (GuestException e) {
            return true;
        }
    }

    /**
     * How a machine ended in a scenario.
     *
     * @param before how much its console had shown before the scenario
     */
    private static Trouble end(GuestException e, int before) {
        String console = e.console();
        return new Trouble(e.isHang() ? HANG : "panic", Objects.requireNonNull(e.getMessage()),
                lines(console.substring(Math.min(before, console.length()))));
    }

    /** What the kernel's log says of a defect since the last time. */
    private Optional<Trouble> complaint() {
        String console = Objects.requireNonNull(machine).console();
        String news = console.substring(Math.min(seen, console.length()));
        seen = console.length();
        return VirtualMachine.complaint(news).map(text -> new Trouble(text.contains("WARNING: ") ? "warning" : "oops",
                text, lines(news)));
    }

    @Override
    public void close() throws IOException {
        guest = null;
        if (machine != null) {
            machine.close();
            machine = null;
        }
    }
}
