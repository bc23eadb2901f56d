package org.bpfz.oracle.cli;

import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A command that only gathers others: {@code bpfz prog run}. */
abstract class CommandGroup extends Command {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    private final List<Subcommand> members;

    CommandGroup(Terminal terminal, List<Subcommand> members) {
        super(terminal);
        this.members = members;
    }

    /** The commands in it, in the order of the help. */
    final List<Subcommand> members() {
        return members;
    }

    @Override
    public final Integer call() {
        throw new ParameterException(spec.commandLine(), "which one? "
                + String.join(", ", members.stream().map(Subcommand::name).toList()));
    }
}
