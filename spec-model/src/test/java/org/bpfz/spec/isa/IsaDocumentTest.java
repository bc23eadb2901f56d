package org.bpfz.spec.isa;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bpfz.spec.isa.Encoding.Field;
import org.junit.jupiter.api.Test;

/** docs/ISA.md is what the opcode table says. To write it anew: {@code mvn test -pl spec-model -Dtest=IsaDocumentTest -Dbpfz.docs=write}. */
class IsaDocumentTest {
    private static final Path DOCUMENT = Path.of("..", "docs", "ISA.md");

    private static final String HEAD = """
            # The instruction set

            All instructions of RFC 9669 and of Linux 6.12, a row an encoding. This page is generated from
            `org.bpfz.spec.isa.OpcodeTable`; the test `IsaDocumentTest` holds the two together.

            A field is the operand that it holds, the one value that it must have, or `-` where nothing looks at it. The example
            is written as the verifier's log has it, with r1 as dst, r2 as src, 8 as offset and 5 as imm. The group `linux` is
            none of the standard's: those instructions are Linux's own. A 64-bit immediate (opcode 18) is followed by a slot whose
            fields are 0 but for imm.

            | opcode | dst | src | offset | imm | second imm | example | group |
            |---|---|---|---|---|---|---|---|
            """;

    @Test
    void theDocumentIsUpToDate() throws IOException {
        String text = generate();
        if ("write".equals(System.getProperty("bpfz.docs"))) {
            Files.createDirectories(DOCUMENT.getParent());
            Files.writeString(DOCUMENT, text);
        }
        assertEquals(text, Files.readString(DOCUMENT));
    }

    private static String generate() {
        StringBuilder text = new StringBuilder(HEAD);
        Disassembler disassembler = new Disassembler(CallNames.none());
        for (Encoding row : OpcodeTable.rows()) {
            Instruction example = row.instruction(Reg.R1, Reg.R2, (short) 8, 5, 0);
            text.append(String.format("| `%02x` | %s | %s | %s | %s | %s | `%s` | %s |%n", row.opcode(),
                    cell("dst", row.dst()), cell("src", row.src()), cell("offset", row.offset()),
                    cell("imm", row.imm()), example.slots() == 1 ? "" : cell("imm", row.nextImm()),
                    disassembler.text(example).replace("|", "\\|"), row.group().label()));
        }
        return text.toString();
    }

    private static String cell(String operand, Field field) {
        return switch (field.use()) {
            case OPERAND -> operand;
            case FIXED -> field.value() == 0 ? "0" : String.format("0x%x", field.value());
            case IGNORED -> "-";
        };
    }
}
