package org.bpfz.oracle.cli;

import java.util.List;
import picocli.CommandLine;

/** {@code bpfz prog}: single programs. */
@CommandLine.Command(description = "Works on single programs, in the grammar of bpftool prog.", sortOptions = false)
final class ProgCommand extends CommandGroup {
    private static final List<Subcommand> MEMBERS = List
            .of(new Subcommand("run", "Run a program by itself: what it returns, and how long it takes.",
                    ProgRunCommand::new));

    ProgCommand(Terminal terminal) {
        super(terminal, MEMBERS);
    }
}
