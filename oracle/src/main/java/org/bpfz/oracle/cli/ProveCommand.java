package org.bpfz.oracle.cli;

import java.util.List;
import org.bpfz.oracle.UnavailableException;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Stands for the proofs in the list of commands. The launcher starts them from a jar of their own, since they bring a solver; who starts
 * this jar without it is told so.
 */
@picocli.CommandLine.Command(description = "Prove the theorems about the class files that run, by machine.")
final class ProveCommand extends Command {
    @SuppressWarnings("UnusedVariable") // Whatever is asked for, the answer is the same.
    @Parameters(paramLabel = "THEOREM", description = "Theorems by name; all if none.")
    private List<String> theorems = List.of();

    @SuppressWarnings("UnusedVariable")
    @Option(names = "--json", description = "One JSON document.")
    private boolean json;

    ProveCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() {
        throw new UnavailableException("the proofs are not in this jar: run them as ./bpfz prove in the source tree, "
                + "or java -jar proofs/target/bpfz-prove.jar");
    }
}
