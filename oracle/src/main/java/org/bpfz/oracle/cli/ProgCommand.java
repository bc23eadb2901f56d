package org.bpfz.oracle.cli;

import java.util.List;
import picocli.CommandLine;

/** {@code bpfz prog}: single programs. */
@CommandLine.Command(description = "Works on single programs, in the grammar of bpftool prog.", sortOptions = false)
final class ProgCommand extends CommandGroup {
    private static final List<Subcommand> MEMBERS = List.of(
            new Subcommand("run", "Run a program by itself: what it returns, and how long it takes.",
                    ProgRunCommand::new),
            new Subcommand("load", "Load an object and pin its first program.",
                    terminal -> new ProgLoadCommand(terminal, false)),
            new Subcommand("loadall", "Load an object and pin all its programs.",
                    terminal -> new ProgLoadCommand(terminal, true)),
            new Subcommand("show", "Programs that are pinned in a state folder.", ProgShowCommand::new),
            new Subcommand("list", "The same.", ProgShowCommand::new),
            new Subcommand("dump", "The instructions of a pinned program.", ProgDumpCommand::new),
            new Subcommand("pin", "Pin a program under another path.",
                    terminal -> new ProgPinCommand(terminal, true)),
            new Subcommand("unpin", "Remove the pin of a program.", terminal -> new ProgPinCommand(terminal, false)));

    ProgCommand(Terminal terminal) {
        super(terminal, MEMBERS);
    }
}
