package org.bpfz.spec.isa;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a slot means, by examples. */
class DecoderTest {
    private static final Instruction ADD = new Instruction.Alu(Width.W64, AluOp.ADD, Reg.R1, Source.of(0x11223344));

    @Test
    void readsTheStandardsExampleInBothByteOrders() {
        // RFC 9669, section 3.1
        assertEquals(Program.of(ADD), Decoder.decode(hex("07 01 00 00 44 33 22 11")));
        assertEquals(Program.of(ADD),
                Decoder.decode(Slots.ofBytes(hex("07 10 00 00 11 22 33 44"), ByteOrder.BIG_ENDIAN)));
    }

    @Test
    void readsA64BitImmediateFromTwoSlots() {
        assertEquals(
                Program.of(new Instruction.LoadImm64(Instruction.ImmKind.VALUE, Reg.R2, 0xdeadbeef, 0x12345678)),
                Decoder.decode(hex("18 02 00 00 ef be ad de 00 00 00 00 78 56 34 12")));
    }

    @Test
    void namesTheFirstMalformedSlot() {
        MalformedInstruction e = assertThrows(MalformedInstruction.class,
                () -> Decoder.decode(hex("18 02 00 00 00 00 00 00 00 00 00 00 00 00 00 00 8d 00 00 00 00 00 00 00")));
        assertEquals(2, e.index());
        assertEquals("unknown opcode 8d", e.reason());
    }

    @Test
    void refusesAHalfSlot() {
        MalformedInstruction e = assertThrows(MalformedInstruction.class,
                () -> Decoder.decode(hex("95 00 00 00 00 00 00 00 95 00 00")));
        assertEquals(1, e.index());
        assertEquals("ends after 3 of 8 bytes", e.reason());
    }

    /** Each fault once; {@link LiveDecodingTest} compares them all with a kernel's. */
    @ParameterizedTest
    @CsvSource(quoteCharacter = '"', delimiter = '|', textBlock = """
            # slots                                            | stage   | reads | reason
            00 00 00 00 00 00 00 00                            | SCAN    |       | unknown opcode 00
            8d 01 00 00 00 00 00 00                            | SCAN    |       | unknown opcode 8d
            99 21 00 00 00 00 00 00                            | SCAN    |       | unknown opcode 99
            df 01 00 00 10 00 00 00                            | SCAN    |       | unknown opcode df
            c1 21 00 00 00 00 00 00                            | SCAN    |       | BPF_LDX uses reserved fields
            79 21 00 00 01 00 00 00                            | SCAN    |       | BPF_LDX uses reserved fields
            18 01 00 00 00 00 00 00                            | SCAN    |       | invalid bpf_ld_imm64 insn
            18 01 00 00 00 00 00 00 00 00 01 00 00 00 00 00    | SCAN    |       | invalid bpf_ld_imm64 insn
            18 71 00 00 00 00 00 00 00 00 00 00 00 00 00 00    | SCAN    |       | unrecognized bpf_ld_imm64 insn
            18 11 00 00 00 00 00 00 00 00 00 00 01 00 00 00    | SCAN    |       | unrecognized bpf_ld_imm64 insn
            18 01 01 00 00 00 00 00 00 00 00 00 00 00 00 00    | REACHED |       | BPF_LD_IMM64 uses reserved fields
            18 0b 00 00 00 00 00 00 00 00 00 00 00 00 00 00    | REACHED |       | R11 is invalid
            07 21 00 00 00 00 00 00                            | REACHED |       | BPF_ALU uses reserved fields
            0f 21 01 00 00 00 00 00                            | REACHED |       | BPF_ALU uses reserved fields
            3f 21 02 00 00 00 00 00                            | REACHED |       | BPF_ALU uses reserved fields
            0f c1 00 00 00 00 00 00                            | REACHED |       | R12 is invalid
            0f 2c 00 00 00 00 00 00                            | REACHED | R2    | R12 is invalid
            07 0c 00 00 00 00 00 00                            | REACHED |       | R12 is invalid
            bf 21 40 00 00 00 00 00                            | REACHED |       | BPF_MOV uses reserved fields
            bc 21 20 00 00 00 00 00                            | REACHED |       | BPF_MOV uses reserved fields
            b7 01 08 00 00 00 00 00                            | REACHED |       | BPF_MOV uses reserved fields
            bf 21 01 00 02 00 00 00                            | REACHED |       | addr_space_cast insn can only convert between address space 1 and 0
            87 01 00 00 01 00 00 00                            | REACHED |       | BPF_NEG uses reserved fields
            dc 01 00 00 08 00 00 00                            | REACHED |       | BPF_END uses reserved fields
            7a 21 00 00 00 00 00 00                            | REACHED |       | BPF_ST uses reserved fields
            7b 21 00 00 01 00 00 00                            | REACHED |       | BPF_STX uses reserved fields
            7b 3c 00 00 00 00 00 00                            | REACHED | R3    | R12 is invalid
            79 3c 00 00 00 00 00 00                            | REACHED | R3    | R12 is invalid
            db 21 00 00 e0 00 00 00                            | REACHED |       | BPF_ATOMIC uses invalid atomic opcode e0
            c3 21 00 00 fe ff ff ff                            | REACHED |       | BPF_ATOMIC uses invalid atomic opcode fffffffe
            15 31 00 00 00 00 00 00                            | REACHED | R1    | BPF_JMP/JMP32 uses reserved fields
            1d 31 00 00 01 00 00 00                            | REACHED | R1    | BPF_JMP/JMP32 uses reserved fields
            1d 3d 00 00 01 00 00 00                            | REACHED |       | R13 is invalid
            1d d3 00 00 00 00 00 00                            | REACHED | R3    | R13 is invalid
            05 01 00 00 00 00 00 00                            | REACHED |       | BPF_JA uses reserved fields
            06 00 01 00 00 00 00 00                            | REACHED |       | BPF_JA uses reserved fields
            85 30 00 00 01 00 00 00                            | REACHED |       | BPF_CALL uses reserved fields
            85 00 01 00 01 00 00 00                            | REACHED |       | BPF_CALL uses reserved fields
            95 00 00 00 01 00 00 00                            | REACHED |       | BPF_EXIT uses reserved fields
            e5 00 00 00 00 00 00 00                            | REACHED |       | invalid may_goto off 0 imm 0
            e5 10 02 00 ff ff ff ff                            | REACHED |       | invalid may_goto off 2 imm -1
            20 10 00 00 00 00 00 00                            | REACHED |       | "BPF_LD_[ABS|IND] uses reserved fields"
            40 c0 00 00 00 00 00 00                            | REACHED | R6    | R12 is invalid
            """)
    void malformed(String slots, Decoder.Stage stage, @Nullable Reg readFirst, String reason) {
        var code = Slots.ofBytes(hex(slots), ByteOrder.LITTLE_ENDIAN);
        assertEquals(
                new Decoder.Malformed(reason, stage, readFirst == null ? List.of() : List.of(readFirst)),
                Decoder.decode(code.getFirst(), code.size() == 1 ? null : code.get(1)));
    }

    /** What the kernel lets pass in a field that it does not use. */
    @ParameterizedTest
    @CsvSource(textBlock = """
            95 00 05 00 00 00 00 00,                         95 00 00 00 00 00 00 00
            18 41 00 00 03 00 00 00 00 00 00 00 09 00 00 00, 18 41 00 00 03 00 00 00 00 00 00 00 00 00 00 00
            """)
    void readsOverWhatLinuxDoesNotLookAt(String slots, String canonical) {
        assertArrayEquals(hex(canonical), Encoder.toBytes(Decoder.decode(hex(slots))));
    }

    private static byte[] hex(String bytes) {
        return HexFormat.ofDelimiter(" ").parseHex(bytes);
    }
}
