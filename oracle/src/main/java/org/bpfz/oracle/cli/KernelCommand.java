package org.bpfz.oracle.cli;

import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.bpfz.oracle.UnavailableException;
import org.bpfz.oracle.qemu.Boot;
import org.bpfz.oracle.qemu.GuestException;
import org.bpfz.oracle.qemu.StockKernel;
import org.bpfz.oracle.qemu.VirtualMachine;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code bpfz kernel}: a stock 6.12 kernel as a peer. */
@CommandLine.Command(description = {
    "Fetches and boots a stock Linux 6.12, the peer of bpfz diff and bpfz selftest."}, sortOptions = false)
final class KernelCommand extends Command {
    private static final String JSON = "One JSON document.";

    KernelCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() {
        terminal.err().println("bpfz kernel: say fetch or boot; bpfz kernel --help tells more");
        return ExitCode.UNUSABLE;
    }

    /** {@code bpfz kernel fetch}. */
    @CommandLine.Command(name = "fetch", mixinStandardHelpOptions = true, description = {
        "Fetches the distribution's package linux-image-6.12...-cloud-amd64 and keeps its image in the user's cache folder.",
        "Nothing is installed. Exit 3: the package is not to be had here."})
    int fetch(
            @Option(names = "--again", description = "Even if an image was fetched before.") boolean again,
            @Option(names = "--json", description = JSON) boolean json)
            throws IOException {
        Optional<Path> known = again ? Optional.empty() : StockKernel.find();
        Path image;
        if (known.isPresent()) {
            image = known.get();
        } else {
            String name = StockKernel.candidate();
            terminal.err().println("bpfz kernel fetch: " + name + ", some 35 MB");
            image = StockKernel.fetch(name);
        }
        if (json) {
            JsonWriter writer = Json.to(terminal);
            writer.beginObject().name("kernel").value(image.toString()).name("fetched").value(known.isEmpty());
            writer.endObject();
            Json.end(writer, terminal);
        } else {
            terminal.out().println(image);
        }
        return ExitCode.OK;
    }

    /** {@code bpfz kernel boot}. */
    @CommandLine.Command(name = "boot", mixinStandardHelpOptions = true, description = {
        "Boots a kernel in QEMU with bpfz's agent, prints what it says of itself, and powers it off.",
        "Exit 1: it does not come up; its console is printed."})
    int boot(
            @Parameters(paramLabel = "BZIMAGE", arity = "0..1", description = "The image; default: the one that fetch has fetched.") @Nullable Path image,
            @Option(names = "--console", description = "Print what the console shows, too.") boolean console,
            @Option(names = "--json", description = JSON) boolean json)
            throws IOException {
        Path kernel = image != null ? image : stock();
        long start = System.nanoTime();
        try (VirtualMachine machine = VirtualMachine.boot(Boot.of(kernel))) {
            double seconds = (System.nanoTime() - start) / 1e9;
            if (json) {
                JsonWriter writer = Json.to(terminal);
                writer.beginObject().name("kernel").value(kernel.toString()).name("up").value(true);
                writer.name("release").value(machine.release()).name("seconds").value(seconds);
                writer.name("console").value(machine.console()).endObject();
                Json.end(writer, terminal);
            } else {
                if (console) {
                    terminal.out().print(machine.console());
                }
                terminal.out().println("Linux " + machine.release() + " is up after "
                        + String.format(Locale.ROOT, "%.1f s", seconds) + ": " + kernel);
            }
            return ExitCode.OK;
        } catch (GuestException e) {
            if (json) {
                JsonWriter writer = Json.to(terminal);
                writer.beginObject().name("kernel").value(kernel.toString()).name("up").value(false);
                writer.name("reason").value(e.getMessage()).name("console").value(e.console()).endObject();
                Json.end(writer, terminal);
            } else {
                terminal.out().print(e.console());
                terminal.out().println(kernel + ": not up: " + e.getMessage());
            }
            return ExitCode.NO;
        }
    }

    private static Path stock() throws IOException {
        return StockKernel.find().orElseThrow(() -> new UnavailableException(
                "no kernel fetched yet: bpfz kernel fetch, or name a bzImage"));
    }
}
