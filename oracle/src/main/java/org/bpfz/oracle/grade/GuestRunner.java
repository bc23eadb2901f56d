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
    private static final int CPUS = 2;
    private static final Duration BOOT = Duration.ofMinutes(3);
    private static final Duration ANSWER = Duration.ofSeconds(60);
    private static final int CONSOLE_LINES = 40;

    private final Path image;
    private final Boot boot;
    private final KernelFacts.Moved moved;
    private final Consumer<String> progress;
    private @Nullable VirtualMachine machine;
    private @Nullable Guest guest;
    private int seen;
    private int mutant;
    private boolean probes;

    /**
     * A runner whose machine boots when it is first needed.
     *
     * @param parameters more of the kernel's command line, or the empty string
     * @param progress   hears what is being done
     */
    public GuestRunner(Path image, String parameters, KernelFacts.Moved moved, Consumer<String> progress) {
        this.image = image;
        this.moved = moved;
        this.progress = progress;
        boot = Boot.of(image).withCpus(CPUS).withTimeouts(BOOT, ANSWER)
                .withParameters(parameters.isEmpty() ? "slub_debug=FZPU" : "slub_debug=FZPU " + parameters);
    }

    @Override
    public String kernel() {
        return String.valueOf(image.getFileName());
    }

    @Override
    public List<Recording> run(List<Scenario> scenarios, Path folder) throws IOException, UnfitKernelException {
        List<Recording> recordings = new ArrayList<>();
        for (int i = 0; i < scenarios.size(); i++) {
            Scenario scenario = scenarios.get(i);
            progress.accept(kernel() + ": " + (i + 1) + " of " + scenarios.size() + ", " + scenario.name());
            recordings.add(record(scenario, folder.resolve(i + "-" + scenario.name() + ".jsonl"),
                    folder.resolve("data")));
        }
        return recordings;
    }

    /**
     * Switches the reference kernel to one of its mistakes, from the next scenario on.
     *
     * @param number 0 for none
     */
    void mutate(int number) throws IOException {
        mutant = number;
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
        VirtualMachine booted;
        try {
            booted = VirtualMachine.boot(boot);
        } catch (GuestException e) {
            throw new UnfitKernelException(Reason.NO_USER_SPACE, last(e.console()));
        }
        machine = booted;
        KernelFacts facts = KernelFacts.of(booted, moved);
        if (facts.types() == null) {
            throw new UnfitKernelException(Reason.NO_BTF, "");
        }
        if (!facts.hasCompressor()) {
            throw new UnfitKernelException(Reason.NO_PROGRAM_TYPE, "");
        }
        seen = booted.console().length();
        Guest ready = new Guest(booted, facts, CPUS);
        if (mutant != 0) {
            mutate(ready);
        }
        probes = ready.hooksAreFree();
        guest = ready;
        return ready;
    }

    private static String last(String console) {
        List<String> lines = console.replace("\r", "").lines().toList();
        return String.join("\n", lines.subList(Math.max(0, lines.size() - CONSOLE_LINES), lines.size()));
    }

    private Recording record(Scenario scenario, Path trace, Path data) throws IOException, UnfitKernelException {
        Guest running = guest();
        try (TraceWriter writer = new TraceWriter(trace, data, scenario, kernel(),
                Objects.requireNonNull(machine).release())) {
            try {
                new GuestScenario(scenario, running, event -> {
                    try {
                        writer.event(event);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                }).run();
                complain(writer);
            } catch (InputException e) {
                // The model can do it: a call before has come out in a way that leaves nothing to go on with.
                writer.kernel("message", "the rest is not done: " + e.getMessage());
            } catch (GuestException e) {
                writer.kernel(e.kind() == GuestException.Kind.SILENT ? "hang" : "panic",
                        Objects.requireNonNull(e.getMessage()));
                close();
            } catch (UncheckedIOException e) {
                throw Objects.requireNonNull(e.getCause());
            }
            // What a scenario leaves on a hook would be seen by all that follow.
            if (guest != null && probes && !running.hooksAreFree()) {
                close();
            }
            writer.end();
            return Recording.of(scenario, trace);
        }
    }

    /** What the kernel's log says of a defect since the last time; after one the machine is not to be trusted any more. */
    private void complain(TraceWriter writer) throws IOException {
        String console = Objects.requireNonNull(machine).console();
        String news = console.substring(Math.min(seen, console.length()));
        seen = console.length();
        Optional<String> complaint = VirtualMachine.complaint(news);
        if (complaint.isPresent()) {
            writer.kernel(complaint.get().contains("WARNING: ") ? "warning" : "oops", complaint.get());
            close();
        }
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
