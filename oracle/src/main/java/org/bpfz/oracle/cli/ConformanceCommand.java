package org.bpfz.oracle.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.bpfz.loader.elf.ElfFile;
import org.bpfz.loader.elf.ElfSection;
import org.bpfz.oracle.InputException;
import org.bpfz.oracle.model.Engines;
import org.bpfz.oracle.model.HelperNames;
import org.bpfz.oracle.program.RawProgram;
import org.bpfz.spec.engine.Engine;
import org.bpfz.spec.engine.Facts;
import org.bpfz.spec.engine.Invocation;
import org.bpfz.spec.engine.Result;
import org.bpfz.spec.engine.Services;
import org.bpfz.spec.isa.Disassembler;
import org.bpfz.spec.memory.Layout;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code bpfz conformance}: an engine as a plug-in for the runner of the public suite bpf_conformance. */
@CommandLine.Command(description = {
    "Runs one program without asking the verifier: memory as hexadecimal bytes in the argument, the program as such on standard"
            + " input, R1 = address and R2 = length of the memory. Prints R0 in hexadecimal.",
    "For the runner: --plugin_path bpfz --plugin_options \"conformance --engine NAME\". A fault is a message on standard error and"
            + " exit code 1."}, sortOptions = false)
final class ConformanceCommand extends Command {
    private static final int MAX_INPUT = 1_000_000 * 8 * 4;
    private static final long BUDGET = 1L << 31;

    @Parameters(index = "0", arity = "0..1", paramLabel = "MEMORY", description = "The memory; none: there is no memory.")
    private String memory = "";

    @Option(names = "--program", paramLabel = "HEX", description = "The program, in place of standard input.")
    private @Nullable String program;

    @Option(names = "--engine", paramLabel = "NAME", description = "What runs it; default: the fastest that there is.")
    private @Nullable String engineName;

    @Option(names = "--elf", description = "The program is an ELF object; what runs is its first section of code.")
    private boolean elf;

    @Option(names = "--debug", description = "Show memory and instructions on standard error.")
    private boolean debug;

    ConformanceCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() throws IOException {
        Engine engine = Engines.namedOrFastest(engineName);
        byte[] bytes = HexCode.parse("MEMORY", memory.getBytes(StandardCharsets.UTF_8));
        if (bytes.length > Layout.RAW_LIMIT) {
            throw new InputException("MEMORY: longer than " + Layout.RAW_LIMIT + " bytes");
        }
        RawProgram raw = RawProgram.of(origin(), code());
        if (debug) {
            terminal.err().println("engine: " + engine.name());
            terminal.err().println("memory: " + HexCode.print(bytes).strip());
            terminal.err().print(new Disassembler(HelperNames.ofLinux()).listing(raw.image().decoded()));
        }
        Result result = engine.open(Services.repeatable(1)).load(raw.image(), Facts.NONE)
                .run(Invocation.raw(bytes).budget(BUDGET).build());
        if (result.fault() != null) {
            terminal.err().println("instruction " + result.fault().slot() + ": " + result.fault().explain());
            return ExitCode.NO;
        }
        terminal.out().println(Long.toHexString(result.r0()));
        return ExitCode.OK;
    }

    private String origin() {
        return program == null ? "standard input" : "--program";
    }

    private byte[] code() throws IOException {
        byte[] text = program == null
                ? Inputs.read(terminal, "-", MAX_INPUT)
                : program.getBytes(StandardCharsets.UTF_8);
        byte[] code = HexCode.parse(origin(), text);
        if (!elf) {
            return code;
        }
        ElfFile file = ElfFile.read(origin(), code);
        ElfSection section = file.sections().stream().filter(one -> one.isExecutable() && one.size() > 0).findFirst()
                .orElseThrow(() -> new InputException(origin() + ": no section of code"));
        return file.contents(section);
    }
}
