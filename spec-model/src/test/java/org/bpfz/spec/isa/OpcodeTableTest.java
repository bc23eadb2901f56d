package org.bpfz.spec.isa;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import org.bpfz.spec.isa.Instruction.Load;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The table has what the standard has, and its rows do not overlap. */
class OpcodeTableTest {
    /** The opcodes of each group, once a row, in IANA's registry "BPF Instruction Set" (2024-11-22). */
    @ParameterizedTest
    @CsvSource(textBlock = """
            BASE32,   04 05 06 0c 14 16 1c 1e 26 2e 36 3e 44 46 4c 4e 54 56 5c 5e 61 62 63 64 66 69 6a 6b 6c 6e 71 72 \
            73 74 76 7c 7e 84 85 85 85 95 a4 a6 ac ae b4 b6 bc bc bc be c4 c6 cc ce d4 d4 d6 d7 d7 dc dc de
            BASE64,   07 0f 15 17 18 18 18 18 18 18 18 1d 1f 25 2d 35 3d 45 47 4d 4f 55 57 5d 5f 65 67 6d 6f 75 77 79 \
            7a 7b 7d 7f 87 a5 a7 ad af b5 b7 bd bf bf bf bf c5 c7 cd cf d4 d5 d7 dc dd
            ATOMIC32, c3 c3 c3 c3 c3 c3 c3 c3 c3 c3
            ATOMIC64, db db db db db db db db db db
            DIVMUL32, 24 2c 34 34 3c 3c 94 94 9c 9c
            DIVMUL64, 27 2f 37 37 3f 3f 97 97 9f 9f
            PACKET,   20 28 30 40 48 50
            """)
    void hasTheRegistrysRows(ConformanceGroup group, String opcodes) {
        assertEquals(opcodes, opcodes(OpcodeTable.rows().stream().filter(row -> row.group() == group)
                .filter(row -> !(row.prototype() instanceof Load load && load.signed())).toList()));
    }

    @Test
    void hasTheSignExtendingLoadsAndWhatLinuxAdds() {
        assertEquals("81 89 91", opcodes(OpcodeTable.rows().stream()
                .filter(row -> row.prototype() instanceof Load load && load.signed()).toList()));
        assertEquals("bf bf e5", opcodes(
                OpcodeTable.rows().stream().filter(row -> row.group() == ConformanceGroup.LINUX).toList()));
    }

    @Test
    void rowsOfAnOpcodeExcludeEachOther() {
        for (Encoding a : OpcodeTable.rows()) {
            for (Encoding b : OpcodeTable.rows(a.opcode())) {
                assertTrue(a.equals(b) || excludes(a.src(), b.src()) || excludes(a.offset(), b.offset())
                        || excludes(a.imm(), b.imm()), () -> a + " overlaps " + b);
            }
        }
    }

    private static boolean excludes(Encoding.Field a, Encoding.Field b) {
        return a.use() == Encoding.Use.FIXED && b.use() == Encoding.Use.FIXED && a.value() != b.value();
    }

    @Test
    void groupsIncludeTheirSmallerSister() {
        assertTrue(ConformanceGroup.BASE64.includes(ConformanceGroup.BASE32));
        assertTrue(ConformanceGroup.ATOMIC64.includes(ConformanceGroup.ATOMIC32));
        assertTrue(ConformanceGroup.DIVMUL64.includes(ConformanceGroup.DIVMUL32));
        assertTrue(ConformanceGroup.PACKET.includes(ConformanceGroup.PACKET));
        assertEquals(3 + ConformanceGroup.values().length, List.of(ConformanceGroup.values()).stream()
                .mapToLong(a -> List.of(ConformanceGroup.values()).stream().filter(a::includes).count()).sum());
    }

    private static String opcodes(List<Encoding> rows) {
        return rows.stream().map(row -> HexFormat.of().toHexDigits((byte) row.opcode())).sorted()
                .collect(Collectors.joining(" "));
    }
}
