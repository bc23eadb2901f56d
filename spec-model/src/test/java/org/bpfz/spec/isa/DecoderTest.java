package org.bpfz.spec.isa;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

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
    void ignoresTheOffsetOfExitAsLinuxDoes() {
        assertEquals(Program.of(new Instruction.Exit()), Decoder.decode(hex("95 00 05 00 00 00 00 00")));
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

    @Test
    void saysWhichRegistersTheKernelReadsBeforeItComesToTheFault() {
        // *(u64 *)(r12 +0) = r3: check_store_reg asks for r3 first.
        assertEquals(new Decoder.Malformed("R12 is invalid", Decoder.Stage.REACHED, List.of(Reg.R3)),
                Decoder.decode(new RawInstruction(0x7b, 12, 3, (short) 0, 0), null));
    }

    private static byte[] hex(String bytes) {
        return HexFormat.ofDelimiter(" ").parseHex(bytes);
    }
}
