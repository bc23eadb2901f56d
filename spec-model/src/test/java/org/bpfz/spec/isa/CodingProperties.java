package org.bpfz.spec.isa;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteOrder;
import net.jqwik.api.Arbitrary;
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
}
