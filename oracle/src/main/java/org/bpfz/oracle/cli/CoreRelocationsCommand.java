package org.bpfz.oracle.cli;

import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.bpfz.loader.CoreStep;
import org.bpfz.loader.core.CoreResolution;
import org.bpfz.loader.core.CoreSpec;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code bpfz core-relo}: what becomes of an object's CO-RE relocations on a kernel. */
@CommandLine.Command(description = {
    "Prints of each CO-RE relocation what is asked, which types of the kernel are candidates, which is chosen, and the patched value.",
    "Exit 0: all are carried out, if only by an instruction that must never run; 1: one or more can not be."}, sortOptions = false)
final class CoreRelocationsCommand extends Command {
    @Parameters(index = "0", paramLabel = "OBJ", description = "An ELF object made by clang or gcc for BPF.")
    private Path object = Path.of("");

    @Mixin
    private final KernelOptions kernel = new KernelOptions();

    @Option(names = "--json", description = "One JSON document.")
    private boolean json;

    CoreRelocationsCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() throws IOException {
        List<CoreStep> steps = Inputs.object(object).on(kernel.target()).relocations();
        if (json) {
            printJson(steps);
        } else {
            steps.forEach(this::print);
            long poisoned = steps.stream().filter(CoreStep::poisoned).count();
            long refused = steps.stream().filter(step -> step.refusal() != null).count();
            terminal.out().println(steps.size() + " relocations, " + poisoned + " of them poisoned, " + refused
                    + " not carried out");
        }
        return steps.stream().allMatch(step -> step.refusal() == null) ? ExitCode.OK : ExitCode.NO;
    }

    private void print(CoreStep step) {
        terminal.out().println(step.function() + " insn #" + step.slot() + ": " + step.described());
        CoreResolution resolution = step.resolution();
        if (resolution != null && resolution.candidates() != null) {
            for (int id : resolution.candidates()) {
                CoreSpec match = match(resolution, id);
                terminal.out().println("  candidate " + (match == null ? "[" + id + "] has no match" : match)
                        + (match != null && match.equals(resolution.matching().getFirst()) ? ", chosen" : ""));
            }
            if (resolution.candidates().isEmpty()) {
                terminal.out().println("  no candidates");
            }
        }
        step.changes().forEach(change -> terminal.out().println("  " + change));
        if (step.refusal() != null) {
            terminal.out().println("  can not be carried out: " + step.refusal());
        }
    }

    private static @Nullable CoreSpec match(CoreResolution resolution, int id) {
        return resolution.matching().stream().filter(spec -> spec.rootType() == id).findFirst().orElse(null);
    }

    private void printJson(List<CoreStep> steps) throws IOException {
        JsonWriter writer = Json.to(terminal);
        writer.beginObject();
        writer.name("relocations").beginArray();
        for (CoreStep step : steps) {
            printJson(writer, step);
        }
        writer.endArray();
        writer.endObject();
        Json.end(writer, terminal);
    }

    private static void printJson(JsonWriter writer, CoreStep step) throws IOException {
        writer.beginObject();
        writer.name("function").value(step.function());
        writer.name("insn").value(step.slot());
        writer.name("kind").value(step.relocation().kind().name().toLowerCase(Locale.ROOT));
        writer.name("local").value(step.described());
        CoreResolution resolution = step.resolution();
        if (resolution != null) {
            writer.name("candidates").beginArray();
            for (int id : resolution.candidates() == null ? List.<Integer>of() : resolution.candidates()) {
                writer.value(id);
            }
            writer.endArray();
            writer.name("matching").beginArray();
            for (CoreSpec match : resolution.matching()) {
                writer.value(match.toString());
            }
            writer.endArray();
            writer.name("original").value(resolution.original());
            if (!step.poisoned()) {
                writer.name("value").value(resolution.value());
            }
        }
        writer.name("poisoned").value(step.poisoned());
        writer.name("changes").beginArray();
        for (String change : step.changes()) {
            writer.value(change);
        }
        writer.endArray();
        if (step.refusal() != null) {
            writer.name("refusal").value(step.refusal());
        }
        writer.endObject();
    }
}
