package org.bpfz.oracle.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.bpfz.loader.api.BpfCallException;
import org.bpfz.loader.elf.BadObject;
import org.bpfz.oracle.InputException;
import org.bpfz.oracle.UnavailableException;
import org.bpfz.oracle.model.ProgramFaultException;
import org.bpfz.oracle.model.RefusedProgramException;
import org.bpfz.spec.engine.MapCreationException;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/**
 * The command as a whole: finds the subcommand, makes that one only (a start pays for nothing else) and turns what goes wrong into
 * one line and an exit code.
 */
final class Bpfz {
    private final Terminal terminal;

    Bpfz(Terminal terminal) {
        this.terminal = terminal;
    }

    /** Runs one command line and returns the exit code. */
    int run(String... args) {
        String first = args.length == 0 ? "" : args[0];
        return switch (first) {
            case "" -> {
                usage().usage(terminal.err());
                yield ExitCode.UNUSABLE;
            }
            case "-h", "--help", "help" -> {
                usage().usage(terminal.out());
                yield ExitCode.OK;
            }
            case "-V", "--version" -> {
                terminal.out().println("bpfz " + version() + " (Linux 6.12 modelled; Java " + Runtime.version() + ")");
                yield ExitCode.OK;
            }
            default -> Subcommand.ALL.stream().filter(known -> known.name().equals(first)).findAny()
                    .map(known -> run(known, Arrays.copyOfRange(args, 1, args.length)))
                    .orElseGet(() -> complain("bpfz", "no command '" + first + "'; bpfz --help lists them",
                            ExitCode.UNUSABLE));
        };
    }

    private int run(Subcommand subcommand, String[] args) {
        String name = "bpfz " + subcommand.name();
        CommandLine line = line(subcommand);
        line.setCommandName(name);
        PrintWriter out = new PrintWriter(terminal.out(), true, StandardCharsets.UTF_8);
        line.setOut(out);
        line.setErr(new PrintWriter(terminal.err(), true, StandardCharsets.UTF_8));
        line.setUnmatchedOptionsArePositionalParams(false);
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setParameterExceptionHandler((problem, ignored) -> complain(
                problem.getCommandLine().getCommandSpec().qualifiedName(), firstLine(problem), ExitCode.UNUSABLE));
        line.setExecutionExceptionHandler((problem, command, parsed) -> explain(
                command.getCommandSpec().qualifiedName(), problem));
        try {
            int code = line.execute(args);
            out.flush();
            return code;
        } catch (OutOfMemoryError e) {
            return complain(name, "out of memory; BPFZ_JVM_OPTS=-Xmx... gives more", ExitCode.UNAVAILABLE);
        }
    }

    /** The subcommand with its own, if it gathers others. */
    private CommandLine line(Subcommand subcommand) {
        Callable<Integer> command = subcommand.factory().apply(terminal);
        CommandLine line = new CommandLine(command);
        if (command instanceof CommandGroup group) {
            for (Subcommand member : group.members()) {
                CommandLine inner = line(member);
                line.addSubcommand(member.name(), inner);
            }
        }
        return line;
    }

    private int explain(String name, Exception problem) {
        return switch (problem) {
            case InputException e -> complain(name, firstLine(e), ExitCode.UNUSABLE);
            case BadObject e -> complain(name, firstLine(e), ExitCode.UNUSABLE);
            case BpfCallException e -> complain(name, firstLine(e), ExitCode.NO);
            case MapCreationException e -> complain(name, firstLine(e), ExitCode.NO);
            case RefusedProgramException e -> complain(name, firstLine(e), ExitCode.NO);
            case ProgramFaultException e -> complain(name, firstLine(e), ExitCode.NO);
            case UnavailableException e -> complain(name, firstLine(e), ExitCode.UNAVAILABLE);
            case UncheckedIOException e -> explain(name, Objects.requireNonNull(e.getCause()));
            case NoSuchFileException e -> complain(name, e.getFile() + ": no such file", ExitCode.UNUSABLE);
            case AccessDeniedException e -> complain(name, e.getFile() + ": permission denied", ExitCode.UNUSABLE);
            case FileSystemException e -> complain(name,
                    e.getFile() + ": " + Objects.requireNonNullElse(e.getReason(), "can not be used"),
                    ExitCode.UNUSABLE);
            case IOException e -> complain(name, firstLine(e), ExitCode.UNUSABLE);
            default -> {
                problem.printStackTrace(terminal.err());
                yield complain(name, "a defect of bpfz, not of its input: please report the lines above",
                        ExitCode.DEFECT);
            }
        };
    }

    private int complain(String name, String message, int code) {
        terminal.err().println(name + ": " + message);
        return code;
    }

    private static String firstLine(Throwable problem) {
        String message = problem.getMessage();
        return message == null ? problem.getClass().getSimpleName() : message.lines().findFirst().orElse("");
    }

    private static CommandLine usage() {
        CommandSpec root = CommandSpec.create().name("bpfz");
        root.usageMessage().description("Executable model of the Linux 6.12 BPF compressor subsystem.%n");
        root.usageMessage().synopsisSubcommandLabel("COMMAND").commandListHeading("%nCommands:%n")
                .footer("%nbpfz COMMAND --help tells more. Exit codes: 0 done and everything held; 1 the answer is no;",
                        "2 unusable arguments or input; 3 an engine, kernel or tool is not to be had here.");
        root.addOption(CommandLine.Model.OptionSpec.builder("-h", "--help").usageHelp(true)
                .description("Show this help and exit.").build());
        root.addOption(CommandLine.Model.OptionSpec.builder("-V", "--version").versionHelp(true)
                .description("Print the version and exit.").build());
        for (Subcommand subcommand : Subcommand.ALL) {
            CommandSpec spec = CommandSpec.create().name(subcommand.name());
            spec.usageMessage().description(subcommand.summary());
            root.addSubcommand(subcommand.name(), spec);
        }
        return new CommandLine(root);
    }

    private static String version() {
        try (InputStream in = Objects.requireNonNull(Bpfz.class.getResourceAsStream("version.txt"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
