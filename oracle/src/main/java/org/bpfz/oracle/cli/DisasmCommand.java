package org.bpfz.oracle.cli;

import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import org.bpfz.oracle.InputException;
import org.bpfz.oracle.model.HelperNames;
import org.bpfz.spec.isa.Decoder;
import org.bpfz.spec.isa.Disassembler;
import org.bpfz.spec.isa.Encoder;
import org.bpfz.spec.isa.MalformedInstruction;
import org.bpfz.spec.isa.Program;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code bpfz disasm}: bytes to text. */
@CommandLine.Command(description = {"Turns bare little-endian instructions into the syntax of the verifier's log.",
    "What it prints, bpfz asm reads."}, sortOptions = false)
final class DisasmCommand extends Command {
    /** The kernel takes no program of more instructions (BPF_COMPLEXITY_LIMIT_INSNS); room for that many as spaced hex text. */
    private static final int MAX_INPUT = 1_000_000 * 8 * 3;

    private static final byte[] ELF = {0x7f, 'E', 'L', 'F'};

    @Parameters(index = "0", paramLabel = "FILE", description = "The bytes; - is standard input.")
    private String file = "";

    @Option(names = "--hex", description = "FILE holds hexadecimal text.")
    private boolean hex;

    @Option(names = {"-o",
        "--output"}, paramLabel = "OUT", description = "Where the text goes; default: standard output.")
    private @Nullable Path output;

    @Option(names = "--json", description = "One JSON document.")
    private boolean json;

    DisasmCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() throws IOException {
        byte[] input = Inputs.read(terminal, file, MAX_INPUT);
        if (Arrays.equals(input, 0, Math.min(4, input.length), ELF, 0, 4)) {
            throw new InputException(file + ": an ELF object, and no bare instructions");
        }
        Program program = decode(hex ? HexCode.parse(file, input) : input);
        Disassembler disassembler = new Disassembler(HelperNames.ofLinux());
        if (output != null) {
            Files.writeString(output, disassembler.listing(program));
        }
        if (json) {
            printJson(program, disassembler);
        } else if (output == null) {
            terminal.out().write(disassembler.listing(program).getBytes(StandardCharsets.UTF_8));
        }
        return ExitCode.OK;
    }

    private Program decode(byte[] code) {
        try {
            return Decoder.decode(code);
        } catch (MalformedInstruction e) {
            throw new InputException(
                    file + ": instruction " + e.index() + " (offset " + 8 * e.index() + "): " + e.reason());
        }
    }

    private void printJson(Program program, Disassembler disassembler) throws IOException {
        JsonWriter writer = Json.to(terminal);
        writer.beginObject();
        writer.name("instructions").beginArray();
        for (int slot = 0; slot < program.slotCount(); slot = program.next(slot)) {
            writer.beginObject();
            writer.name("slot").value(slot);
            writer.name("bytes").value(HexFormat.of().formatHex(Encoder.toBytes(Program.of(program.at(slot)))));
            writer.name("text").value(disassembler.text(program.at(slot)));
            writer.endObject();
        }
        writer.endArray();
        writer.endObject();
        Json.end(writer, terminal);
    }
}
