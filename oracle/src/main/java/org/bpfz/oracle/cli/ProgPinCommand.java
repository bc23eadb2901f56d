package org.bpfz.oracle.cli;

import java.io.IOException;
import org.bpfz.oracle.attach.PinFolder;
import org.bpfz.oracle.attach.PinFolder.PinnedProgram;
import org.bpfz.oracle.cli.Selector.Found;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** {@code bpfz prog pin} and {@code unpin}. */
@CommandLine.Command(description = {
    "Pins a program under another path, in the words of bpftool prog: pin PROG PATH; or removes the pin that is named: unpin PROG.",
    "PROG is pinned PATH, id N, tag TAG or name NAME."}, sortOptions = false)
final class ProgPinCommand extends PinnedCommand {
    private final boolean pin;

    @Option(names = {"-j", "--json"}, description = "Nothing is printed, as by bpftool; errors are exit codes.")
    @SuppressWarnings("UnusedVariable") // taken so that scripts may say it everywhere
    private boolean json;

    ProgPinCommand(Terminal terminal, boolean pin) {
        super(terminal);
        this.pin = pin;
    }

    @Override
    Integer call(PinFolder folder, Words line) throws IOException {
        Found<PinnedProgram> found = Selector.program(folder, line);
        if (pin) {
            String path = line.take("a path", "id 1 /sys/fs/bpf/other");
            line.end();
            if (!canPin(folder, path)) {
                return ExitCode.NO;
            }
            folder.put(path, found.pinned());
        } else {
            line.end();
            folder.remove(found.path());
        }
        folder.save();
        return ExitCode.OK;
    }
}
