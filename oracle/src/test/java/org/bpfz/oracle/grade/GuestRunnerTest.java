package org.bpfz.oracle.grade;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.bpfz.oracle.UnavailableException;
import org.bpfz.oracle.check.Answers;
import org.bpfz.oracle.check.TraceChecker;
import org.bpfz.oracle.check.TraceVerdict;
import org.bpfz.oracle.model.Engines;
import org.bpfz.oracle.qemu.Boot;
import org.bpfz.oracle.qemu.Guest;
import org.bpfz.oracle.qemu.KernelFacts;
import org.bpfz.oracle.qemu.StockKernel;
import org.bpfz.oracle.qemu.VirtualMachine;
import org.bpfz.oracle.scenario.GuestScenario;
import org.bpfz.oracle.scenario.Scenario;
import org.bpfz.oracle.scenario.ScenarioParser;
import org.bpfz.oracle.trace.TraceWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Scenarios in a guest, on the distribution's kernel; skipped where QEMU, gcc or the kernel's package are not to be had. */
class GuestRunnerTest {
    /** Calls without programs: the distribution's kernel does what the specification says. */
    private static final String PLAIN = """
            about: Tasks, threads, waiting, faults and limits without programs.
            disk 64K
            file "/there" = lorem(100) mode=0600 uid=1000 gid=1000
            task p1
            task bob uid=1000 gid=1000 umask=077
            p1: pipe2([r, w], 0)
            p1: p2 = fork()
            p2: read(r, _, 10)
            p1: write(w, "late")
            p1: fd = open("/f", O_CREAT|O_RDWR|O_APPEND, 0644)
            p1: writev(fd, ["one", "two"])
            p1: write(fd, partial("abc"), 100)
            p1: write(fd, zeros(100000))
            p1: get = dup(fd)
            p1: t = clone(CLONE_VM|CLONE_FS|CLONE_FILES|CLONE_SIGHAND|CLONE_THREAD)
            together
            repeat 5 p1: pwrite64(fd, lorem(10), 10, 0)
            repeat 5 t: write(get, lorem(5))
            repeat 5 p2: write(w, "x")
            end
            t: close(get)
            p1: fstat(fd, {})
            p1: m = open("/m", O_CREAT|O_RDWR, 0644)
            t: store_mapped(m, "abc", 0)
            p1: store_mapped(m, "abc", 9)
            t: pwrite64(m, "0123456789", 10, 0)
            t: store_mapped(m, lorem(5000), 8)
            t: pread64(m, _, 100, 0)
            bob: b = open("/there", O_RDWR)
            bob: pread64(b, _, 200, 50)
            bob: open("/f", O_WRONLY)
            p2: close(r)
            p1: close(r)
            p2: write(w, "y")
            p2: exit_group()
            """;

    @TempDir
    Path folder;

    private static Path kernel() throws IOException {
        try {
            return StockKernel.findOrFetch();
        } catch (UnavailableException e) {
            return abort("skipped: " + e.getMessage());
        }
    }

    @Test
    void shouldSayOfAStockKernelThatItIsNotPatched() throws IOException {
        try (GuestRunner runner = new GuestRunner(kernel(), "stock", "", KernelFacts.Moved.UNKNOWN, _ -> {
        })) {
            Scenario scenario = ScenarioParser.parse(Files.writeString(folder.resolve("plain.scenario"), PLAIN));
            UnfitKernelException unfit = assertThrows(UnfitKernelException.class,
                    () -> runner.run(List.of(scenario), folder));

            assertEquals(UnfitKernelException.Reason.NO_PROGRAM_TYPE, unfit.reason());
        }
    }

    @Test
    void shouldDoWhatTasksAreToldTo() throws IOException {
        Scenario scenario = ScenarioParser.parse(Files.writeString(folder.resolve("plain.scenario"), PLAIN));
        Path trace = folder.resolve("plain.jsonl");
        try (VirtualMachine machine = VirtualMachine.boot(Boot.of(kernel()).withCpus(2));
                TraceWriter writer = new TraceWriter(trace, folder.resolve("data"), scenario, "stock",
                        machine.release())) {
            KernelFacts facts = KernelFacts.of(machine, KernelFacts.Moved.UNKNOWN);
            assertFalse(facts.hasCompressor());
            new GuestScenario(scenario, new Guest(machine, facts, 2), event -> {
                try {
                    writer.event(event);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }).run();
            writer.end();
        }
        TraceVerdict verdict = new TraceChecker(Engines.named(Engines.SPECIFICATION), Answers.all()).check(trace);

        assertEquals(List.of(), verdict.violations());
    }
}
