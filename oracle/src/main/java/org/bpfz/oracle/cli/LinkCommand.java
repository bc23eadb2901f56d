package org.bpfz.oracle.cli;

import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.util.Map;
import org.bpfz.oracle.InputException;
import org.bpfz.oracle.attach.PinFolder;
import org.bpfz.oracle.attach.PinFolder.PinnedLink;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** {@code bpfz link}: the links that are pinned in a state folder, in bpftool's grammar. */
@CommandLine.Command(description = {
    "Shows and removes links that are pinned in a state folder, in the words of bpftool link:",
    "show|list; pin LINK PATH; detach LINK. LINK is pinned PATH or id N. Exit 0: done; 2: there is no such link."}, sortOptions = false)
final class LinkCommand extends PinnedCommand {
    private static final String LINK = "pinned PATH or id N";

    @Option(names = {"-j", "--json"}, description = "One JSON document, as bpftool prints it.")
    private boolean json;

    LinkCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    Integer call(PinFolder folder, Words line) throws IOException {
        if (line.isEmpty() || line.take("show") || line.take("list")) {
            line.end();
            show(folder);
            return ExitCode.OK;
        }
        String verb = line.take("a verb", "show");
        boolean pin = verb.equals("pin");
        if (!pin && !verb.equals("detach")) {
            throw new InputException("'" + verb + "': show, pin and detach are known");
        }
        String how = line.take("a link", LINK);
        String which = line.take("a link", LINK);
        String path = pin ? line.take("a path", "id 1 /sys/fs/bpf/other") : null;
        line.end();
        for (Map.Entry<String, PinnedLink> entry : folder.links().entrySet()) {
            String name = how.equals("pinned") ? entry.getKey() : String.valueOf(entry.getValue().id());
            boolean known = how.equals("pinned") || how.equals("id");
            if (known && name.equals(which)) {
                if (path == null) {
                    // Detached for good: no pin of it is left.
                    folder.links().values().removeIf(link -> link.id() == entry.getValue().id());
                } else if (canPin(folder, path)) {
                    folder.put(path, entry.getValue());
                } else {
                    return ExitCode.NO;
                }
                folder.save();
                return ExitCode.OK;
            }
        }
        throw new InputException("no link " + how + " " + which + " is pinned; there are " + folder.links().keySet());
    }

    /** A kprobe or tracepoint is a link of a perf event, everything with a trampoline one of tracing. */
    private static String type(PinnedLink link) {
        if (link.kind().equals("raw_tracepoint")) {
            return link.kind();
        }
        return link.kind().contains("probe") || link.kind().equals("tracepoint") ? "perf_event" : "tracing";
    }

    private void show(PinFolder folder) throws IOException {
        if (!json) {
            folder.links().forEach((path, link) -> {
                terminal.out().println(link.id() + ": " + type(link) + "  prog " + link.program());
                terminal.out().println("\tattach_type " + link.kind() + "  target " + link.function());
                terminal.out().println("\tpinned " + path);
            });
            return;
        }
        JsonWriter writer = Json.to(terminal);
        writer.beginArray();
        for (Map.Entry<String, PinnedLink> entry : folder.links().entrySet()) {
            PinnedLink link = entry.getValue();
            writer.beginObject().name("id").value(link.id()).name("type").value(type(link));
            writer.name("prog").value(link.program()).name("attach_type").value(link.kind());
            writer.name("target").value(link.function());
            writer.name("pinned").beginArray().value(entry.getKey()).endArray().endObject();
        }
        writer.endArray();
        Json.end(writer, terminal);
    }
}
