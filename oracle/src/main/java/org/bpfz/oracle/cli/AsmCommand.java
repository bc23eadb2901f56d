package org.bpfz.oracle.cli;

import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Objects;
import org.bpfz.oracle.InputException;
import org.bpfz.oracle.model.HelperNames;
import org.bpfz.spec.isa.Assembler;
import org.bpfz.spec.isa.AssemblyException;
import org.bpfz.spec.isa.Encoder;
import org.bpfz.spec.isa.Program;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code bpfz asm}: text to bytes. */
@CommandLine.Command(description = {"Turns instructions in the syntax of the verifier's log into bytes.",
    "A line is an instruction such as r0 = *(u64 *)(r1 +8), if r0 > 5 goto done, or a label such as done:."}, sortOptions = false)
final class AsmCommand extends Command {
    /** Text of a million instructions, which is as long as a program may be, at a hundred characters each. */
    private static final int MAX_TEXT = 100_000_000;

    @Parameters(index = "0", paramLabel = "FILE", description = "The text; - is standard input.")
    private String file = "";

    @Option(names = {"-o",
        "--output"}, paramLabel = "OUT", description = "Where the bytes go; default: standard output.")
    private @Nullable Path output;

    @Option(names = "--hex", description = "Bytes as hexadecimal text, an instruction slot a line.")
    private boolean hex;

    @Option(names = "--json", description = "One JSON document with the bytes as hexadecimal text.")
    private boolean json;

    AsmCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() throws IOException {
        String text = new String(Inputs.read(terminal, file, MAX_TEXT), StandardCharsets.UTF_8);
        Program program = assemble(text);
        byte[] bytes = Encoder.toBytes(program);
        byte[] written = hex ? HexCode.print(bytes).getBytes(StandardCharsets.US_ASCII) : bytes;
        if (output != null) {
            Files.write(output, written);
        }
        if (json) {
            JsonWriter writer = Json.to(terminal);
            writer.beginObject();
            writer.name("instructions").value(program.instructions().size());
            writer.name("slots").value(program.slotCount());
            writer.name("bytes").value(HexFormat.of().formatHex(bytes));
            writer.endObject();
            Json.end(writer, terminal);
        } else if (output == null) {
            terminal.out().write(written);
        }
        return ExitCode.OK;
    }

    private Program assemble(String text) {
        try {
            return new Assembler(HelperNames.ofLinux()).assemble(text);
        } catch (AssemblyException e) {
            // The message begins with the place in words: here it goes in front, as compilers have it.
            String message = Objects.requireNonNull(e.getMessage());
            throw new InputException(Path.of(file), e.line(), e.column(), message.substring(message.indexOf(": ") + 2));
        }
    }
}
