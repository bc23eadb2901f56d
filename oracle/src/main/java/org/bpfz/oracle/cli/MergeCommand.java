package org.bpfz.oracle.cli;

import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.bpfz.oracle.InputException;
import org.bpfz.oracle.fuzz.CampaignKind;
import org.bpfz.oracle.fuzz.Tally;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code bpfz merge}: the sum of a campaign's shards. */
@CommandLine.Command(description = {"Adds up what bpfz diff --out has written into several folders.",
    "Exit 1: something differs in one of them."}, sortOptions = false)
final class MergeCommand extends Command {
    @Parameters(paramLabel = "DIR", arity = "1..*", description = "Folders of bpfz diff --out.")
    private List<Path> folders = List.of();

    @Option(names = "--json", description = "One JSON document.")
    private boolean json;

    MergeCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() throws IOException {
        Tally sum = new Tally();
        CampaignKind kind = CampaignKind.of(Tally.read(folders.getFirst()));
        for (Path folder : folders) {
            Tally part = Tally.read(folder);
            if (CampaignKind.of(part) != kind) {
                throw new InputException(folder, "is of another kind of campaign than " + folders.getFirst());
            }
            sum.add(part.counts());
        }
        if (json) {
            JsonWriter writer = Json.to(terminal);
            writer.beginObject().name("shards").value(folders.size());
            writer.name("differences").value(kind.differences(sum));
            writeCounts(writer, sum);
            writer.endObject();
            Json.end(writer, terminal);
        } else {
            terminal.out().println(folders.size() + " shards, " + sum.get("programs") + " programs");
            kind.summary(sum).forEach(terminal.out()::println);
        }
        return kind.differences(sum) == 0 ? ExitCode.OK : ExitCode.NO;
    }

    /** The counts as a member of the open object. */
    static void writeCounts(JsonWriter writer, Tally tally) throws IOException {
        writer.name("counts").beginObject();
        for (Map.Entry<String, Long> count : tally.counts().entrySet()) {
            writer.name(count.getKey()).value(count.getValue());
        }
        writer.endObject();
    }
}
