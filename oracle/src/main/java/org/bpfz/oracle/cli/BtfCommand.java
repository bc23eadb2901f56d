package org.bpfz.oracle.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.bpfz.loader.BtfDump;
import org.bpfz.loader.BtfFiles;
import org.bpfz.loader.BtfSource;
import org.bpfz.oracle.InputException;
import org.bpfz.spec.btf.Btf;
import org.bpfz.spec.btf.MalformedBtf;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code bpfz btf}: types, in bpftool's grammar. */
@CommandLine.Command(description = {
    "Prints the types of a file, in the words of bpftool btf: dump file F [format raw|c].",
    "F is bare BTF, as kernels give it out, or an ELF file with a section .BTF."}, sortOptions = false)
final class BtfCommand extends Command {
    private static final String EXAMPLE = "dump file /sys/kernel/btf/vmlinux format raw";

    @Parameters(index = "0..*", paramLabel = "WORD", description = "As above.")
    private List<String> words = List.of();

    @Option(names = {"-B", "--base-btf"}, paramLabel = "F", description = "The types that a module's continue.")
    private @Nullable Path base;

    BtfCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() throws IOException {
        Words line = new Words(words);
        if (!line.take("dump") || !line.take("file")) {
            throw new InputException("dump file F [format raw|c] is known: " + EXAMPLE);
        }
        Path file = Path.of(line.take("a file", EXAMPLE));
        boolean source = false;
        if (line.take("format")) {
            String format = line.take("a format", EXAMPLE);
            if (!format.equals("raw") && !format.equals("c")) {
                throw new InputException("format '" + format + "': raw and c are known");
            }
            source = format.equals("c");
        }
        line.end();
        Btf types = BtfFiles.read(file, base == null ? null : BtfFiles.read(base, null));
        terminal.out().write(print(file, types, source).getBytes(StandardCharsets.UTF_8));
        return ExitCode.OK;
    }

    private static String print(Path file, Btf types, boolean source) {
        try {
            return source ? BtfSource.header(types) : BtfDump.raw(types);
        } catch (MalformedBtf e) {
            throw new InputException(file, e.reason());
        }
    }
}
