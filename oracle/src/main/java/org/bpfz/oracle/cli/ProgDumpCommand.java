package org.bpfz.oracle.cli;

import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.bpfz.oracle.InputException;
import org.bpfz.oracle.attach.PinFolder;
import org.bpfz.oracle.attach.PinFolder.PinnedProgram;
import org.bpfz.oracle.model.HelperNames;
import org.bpfz.spec.btf.Btf;
import org.bpfz.spec.btf.BtfType;
import org.bpfz.spec.btf.FuncInfo;
import org.bpfz.spec.btf.LineInfo;
import org.bpfz.spec.isa.Disassembler;
import org.bpfz.spec.isa.Instruction;
import org.bpfz.spec.isa.Instruction.ImmKind;
import org.bpfz.spec.isa.Program;
import org.bpfz.spec.isa.RawInstruction;
import org.bpfz.spec.isa.Slots;
import org.bpfz.spec.program.ProgramImage;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** {@code bpfz prog dump xlated}: the instructions of a pinned program, in bpftool's text and JSON. */
@CommandLine.Command(description = {
    "Prints the instructions of a program that is pinned in a state folder, in the words of bpftool prog:",
    "dump xlated PROG [file FILE | opcodes]. PROG is pinned PATH, id N, tag TAG or name NAME.",
    "The instructions are those that were loaded: the kernel's are rewritten where a context is read or a helper is inlined."}, sortOptions = false)
final class ProgDumpCommand extends PinnedCommand {
    @Option(names = {"-j", "--json"}, description = "One JSON document, as bpftool prints it.")
    private boolean json;

    ProgDumpCommand(Terminal terminal) {
        super(terminal);
    }

    /** What is printed of one instruction; prototype and source are null where none belongs there. */
    private record Line(int slot, @Nullable String prototype, @Nullable String source, String text,
            List<RawInstruction> raw) {}

    @Override
    Integer call(PinFolder folder, Words line) throws IOException {
        if (!line.take("xlated")) {
            throw new InputException("dump xlated PROG is known: there is no image for a machine to be dumped");
        }
        PinnedProgram pinned = Selector.program(folder, line).pinned();
        String file = line.take("file") ? line.take("a file", "file out.bin") : null;
        boolean opcodes = file == null && line.take("opcodes");
        line.end();
        ProgramImage image = ProgLoadCommand.image(folder, pinned);
        if (file != null) {
            Files.write(Path.of(file), Slots.toBytes(image.code(), ByteOrder.LITTLE_ENDIAN));
            return ExitCode.OK;
        }
        List<Line> lines = lines(folder, pinned, image);
        if (json) {
            print(Json.to(terminal), lines, opcodes);
        } else {
            lines.forEach(each -> print(each, opcodes));
        }
        return ExitCode.OK;
    }

    private static List<Line> lines(PinFolder folder, PinnedProgram pinned, ProgramImage image) {
        Disassembler disassembler = new Disassembler(HelperNames.ofLinux());
        Map<Integer, String> sources = new HashMap<>();
        Map<Integer, String> prototypes = new HashMap<>();
        if (image.btf() != null) {
            for (LineInfo info : image.btf().lines()) {
                sources.put(info.slot(), info.text().strip());
            }
            for (FuncInfo info : image.btf().functions()) {
                prototypes.put(info.slot(), prototype(image.btf().btf(), info.typeId()));
            }
        }
        Program program = image.decoded();
        List<Line> lines = new ArrayList<>();
        for (int slot = 0; slot < program.slotCount(); slot = program.next(slot)) {
            RawInstruction first = image.code().get(slot);
            Instruction instruction = program.at(slot);
            boolean map = first.loads(ImmKind.MAP_IDX) || first.loads(ImmKind.MAP_IDX_VALUE);
            String text = map
                    ? map(folder, pinned, image, slot)
                    : disassembler.text(instruction);
            String source = sources.get(slot);
            lines.add(new Line(slot, prototypes.get(slot), source == null || source.isEmpty() ? null : source,
                    String.format(Locale.ROOT, "(%02x) %s", first.opcode(), text),
                    image.code().subList(slot, program.next(slot))));
        }
        return lines;
    }

    private static String map(PinFolder folder, PinnedProgram pinned, ProgramImage image, int slot) {
        RawInstruction first = image.code().get(slot);
        String place = Objects.requireNonNull(pinned.maps().get(image.maps().get(first.imm()).name()));
        PinFolder.PinnedMap map = folder.map(place);
        String id = "r" + first.dst() + " = map[id:" + (map == null ? 0 : map.id()) + "]";
        return first.loads(ImmKind.MAP_IDX) ? id : id + "[0]+" + image.code().get(slot + 1).imm();
    }

    /** {@code int limits(struct __sk_buff * skb)} (btf_dumper_type_only in tools/bpf/bpftool/btf_dumper.c). */
    private static String prototype(Btf btf, int id) {
        if (!(btf.type(id) instanceof BtfType.Func function
                && btf.type(function.proto()) instanceof BtfType.FuncProto proto)) {
            return "";
        }
        List<String> parameters = proto.params().stream()
                .map(param -> param.type() == 0 ? "..." : btf.describe(param.type()) + " " + param.name()).toList();
        return btf.describe(proto.returned()) + " " + function.name() + "("
                + (parameters.isEmpty() ? "void" : String.join(", ", parameters)) + ")";
    }

    private void print(Line line, boolean opcodes) {
        if (line.prototype() != null) {
            terminal.out().println(line.prototype() + ":");
        }
        if (line.source() != null) {
            terminal.out().println("; " + line.source());
        }
        terminal.out().println(String.format(Locale.ROOT, "%4d: %s", line.slot(), line.text()));
        if (opcodes) {
            StringBuilder bytes = new StringBuilder("      ");
            for (byte each : Slots.toBytes(line.raw(), ByteOrder.LITTLE_ENDIAN)) {
                bytes.append(String.format(Locale.ROOT, " %02x", each & 0xff));
            }
            terminal.out().println(bytes);
        }
    }

    private void print(JsonWriter writer, List<Line> lines, boolean opcodes) throws IOException {
        writer.beginArray();
        for (Line line : lines) {
            writer.beginObject();
            if (line.prototype() != null) {
                writer.name("proto").value(line.prototype());
            }
            if (line.source() != null) {
                writer.name("src").value(line.source());
            }
            writer.name("disasm").value(line.text());
            if (opcodes) {
                byte[] bytes = Slots.toBytes(line.raw(), ByteOrder.LITTLE_ENDIAN);
                writer.name("opcodes").beginObject();
                writer.name("code").value(Json.hex(bytes[0]));
                writer.name("src_reg").value("0x" + Integer.toHexString(line.raw().getFirst().src()));
                writer.name("dst_reg").value("0x" + Integer.toHexString(line.raw().getFirst().dst()));
                Json.bytes(writer, "off", Arrays.copyOfRange(bytes, 2, 4));
                Json.bytes(writer, "imm", Arrays.copyOfRange(bytes, 4, bytes.length));
                writer.endObject();
            }
            writer.endObject();
        }
        writer.endArray();
        Json.end(writer, terminal);
    }
}
