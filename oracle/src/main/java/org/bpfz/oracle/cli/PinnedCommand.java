package org.bpfz.oracle.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.bpfz.oracle.InputException;
import org.bpfz.oracle.attach.PinFolder;
import org.bpfz.spec.Errno;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A command on what is pinned in a state folder, in bpftool's grammar. */
abstract class PinnedCommand extends Command {
    @Parameters(index = "0..*", paramLabel = "WORD", description = "As above.")
    private List<String> words = List.of();

    @Option(names = "--state", required = true, paramLabel = "DIR", description = "The folder that stands for the BPF file system.")
    private Path state = Path.of("");

    PinnedCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public final Integer call() throws IOException {
        return call(PinFolder.open(state), new Words(words));
    }

    /** Does what the words say and returns the exit code; saves the folder where it has changed. */
    abstract Integer call(PinFolder folder, Words line) throws IOException;

    /** Takes only paths of the BPF file system. */
    static void requirePath(String path) {
        if (!PinFolder.isPath(path)) {
            throw new InputException(path + " is not below " + PinFolder.MOUNT);
        }
    }

    /** Whether something can be pinned under a path; if it is taken, says so as bpftool does. */
    final boolean canPin(PinFolder folder, String path) {
        requirePath(path);
        boolean free = !folder.isTaken(path);
        if (!free) {
            terminal.err().println("Error: can't pin the object (" + path + "): " + Errno.EEXIST);
        }
        return free;
    }
}
