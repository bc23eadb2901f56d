package org.bpfz.spec.isa;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.ByteOrder;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Encoding and decoding undo each other. */
class CodingProperties {
    @Provide
    Arbitrary<Program> programs() {
        return LegalInstructions.programs();
    }

    @Property
    void decodingUndoesEncoding(@ForAll("programs") Program program) {
        assertEquals(program, Decoder.decode(Encoder.encode(program)));
    }

    @Property
    void bothByteOrdersHoldTheSameSlots(@ForAll("programs") Program program) {
        var slots = Encoder.encode(program);
        for (ByteOrder order : new ByteOrder[]{ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN}) {
            assertEquals(slots, Slots.ofBytes(Slots.toBytes(slots, order), order));
        }
    }

    @Property
    void slotsAreTheirWords(@ForAll long word) {
        assertEquals(word, RawInstruction.ofWord(word).toWord());
    }

    /** Slots that are near to legal ones: one field of a legal slot is replaced. */
    @Provide
    Arbitrary<RawInstruction> nearlyLegalSlots() {
        Arbitrary<RawInstruction> legal = LegalInstructions.any().map(i -> Encoder.encode(i).getFirst());
        Arbitrary<RawInstruction> any = Arbitraries.longs().map(RawInstruction::ofWord);
        return Combinators.combine(legal, any, Arbitraries.integers().between(0, 4))
                .as((a, b, field) -> switch (field) {
                    case 0 -> new RawInstruction(b.opcode(), a.dst(), a.src(), a.offset(), a.imm());
                    case 1 -> new RawInstruction(a.opcode(), b.dst(), a.src(), a.offset(), a.imm());
                    case 2 -> new RawInstruction(a.opcode(), a.dst(), b.src(), a.offset(), a.imm());
                    case 3 -> new RawInstruction(a.opcode(), a.dst(), a.src(), b.offset(), a.imm());
                    default -> new RawInstruction(a.opcode(), a.dst(), a.src(), a.offset(), b.imm());
                });
    }

    @Property(tries = 10_000)
    void aSlotIsMalformedOrComesBack(@ForAll("nearlyLegalSlots") RawInstruction slot, @ForAll int upperHalf) {
        RawInstruction next = new RawInstruction(0, 0, 0, (short) 0, upperHalf);
        switch (Decoder.decode(slot, next)) {
            case Decoder.Legal(Instruction instruction) -> {
                Encoding row = OpcodeTable.rowOf(instruction);
                short offset = row.offset().use() == Encoding.Use.IGNORED ? 0 : slot.offset();
                var slots = Encoder.encode(instruction);
                assertEquals(new RawInstruction(slot.opcode(), slot.dst(), slot.src(), offset, slot.imm()),
                        slots.getFirst());
                if (slots.size() == 2 && row.nextImm().use() != Encoding.Use.IGNORED) {
                    assertEquals(next, slots.getLast());
                }
            }
            case Decoder.Malformed malformed -> assertFalse(malformed.reason().isBlank());
        }
    }
}
