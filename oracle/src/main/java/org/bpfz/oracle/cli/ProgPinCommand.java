package org.bpfz.oracle.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.bpfz.oracle.InputException;
import org.bpfz.oracle.attach.PinFolder;
import org.bpfz.spec.Errno;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code bpfz prog pin} and {@code unpin}. */
@CommandLine.Command(description = {
    "Pins a program under another path, in the words of bpftool prog: pin PROG PATH; or removes the pin that is named: unpin PROG.",
    "PROG is pinned PATH, id N, tag TAG or name NAME."}, sortOptions = false)
final class ProgPinCommand extends Command {
    private final boolean pin;

    @Parameters(index = "0..*", paramLabel = "WORD", description = "As above.")
    private List<String> words = List.of();

    @Option(names = "--state", required = true, paramLabel = "DIR", description = "The folder that stands for the BPF file system.")
    private Path state = Path.of("");

    @Option(names = {"-j", "--json"}, description = "Nothing is printed, as by bpftool; errors are exit codes.")
    @SuppressWarnings("UnusedVariable") // taken so that scripts may say it everywhere
    private boolean json;

    ProgPinCommand(Terminal terminal, boolean pin) {
        super(terminal);
        this.pin = pin;
    }

    @Override
    public Integer call() throws IOException {
        PinFolder folder = PinFolder.open(state);
        Words line = new Words(words);
        ProgSelector found = ProgSelector.find(folder, line);
        if (pin) {
            String path = line.take("a path", "id 1 /sys/fs/bpf/other");
            line.end();
            if (!PinFolder.isPath(path)) {
                throw new InputException(path + " is not below " + PinFolder.MOUNT);
            }
            if (folder.isTaken(path)) {
                terminal.err().println("Error: can't pin the object (" + path + "): " + Errno.EEXIST);
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
