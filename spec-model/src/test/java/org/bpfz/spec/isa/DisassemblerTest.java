package org.bpfz.spec.isa;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The texts of the verifier's log, by examples. */
class DisassemblerTest {
    private static final Disassembler DISASSEMBLER = new Disassembler(new CallNames() {
        private final CallNames helpers = CallNames.ofHelpers(Map.of(15, "bpf_get_current_uid_gid"));

        @Override
        public String helper(int number) {
            return helpers.helper(number);
        }

        @Override
        public Integer helper(String name) {
            return helpers.helper(name);
        }

        @Override
        public String kfunc(int btfId, short moduleIndex) {
            return btfId == 77 ? "bpf_rcu_read_lock" : null;
        }
    });

    @ParameterizedTest
    @CsvSource(quoteCharacter = '"', delimiter = '|', textBlock = """
            b7 00 00 00 00 00 00 00 | (b7) r0 = 0
            b4 03 00 00 fe ff ff ff | (b4) w3 = -2
            3c 21 01 00 00 00 00 00 | (3c) w1 s/= w2
            9f 21 01 00 00 00 00 00 | (9f) r1 s%= r2
            c7 01 00 00 3f 00 00 00 | (c7) r1 s>>= 63
            bf 21 20 00 00 00 00 00 | (bf) r1 = (s32)r2
            bc 21 08 00 00 00 00 00 | (bc) w1 = (s8)w2
            bf 21 01 00 01 00 00 00 | (bf) r1 = addr_space_cast(r2, 0, 1)
            bf 21 01 00 00 00 01 00 | (bf) r1 = addr_space_cast(r2, 1, 0)
            84 01 00 00 00 00 00 00 | (84) w1 = -w1
            dc 00 00 00 10 00 00 00 | (dc) r0 = be16 r0
            d4 00 00 00 40 00 00 00 | (d4) r0 = le64 r0
            d7 00 00 00 20 00 00 00 | (d7) r0 = bswap32 r0
            79 10 08 00 00 00 00 00 | (79) r0 = *(u64 *)(r1 +8)
            91 a0 f8 ff 00 00 00 00 | (91) r0 = *(s8 *)(r10 -8)
            62 0a fc ff ff ff ff ff | (62) *(u32 *)(r10 -4) = -1
            db 1a f8 ff 00 00 00 00 | (db) lock *(u64 *)(r10 -8) += r1
            c3 1a f8 ff a1 00 00 00 | (c3) r1 = atomic_fetch_xor((u32 *)(r10 -8), r1)
            db 1a f8 ff f1 00 00 00 | (db) r0 = atomic64_cmpxchg((u64 *)(r10 -8), r0, r1)
            66 01 03 00 05 00 00 00 | (66) if w1 s> 0x5 goto pc+3
            25 01 fd ff ff ff ff ff | (25) if r1 > 0xffffffff goto pc-3
            4d 21 03 00 00 00 00 00 | (4d) if r1 & r2 goto pc+3
            05 00 ff ff 00 00 00 00 | (05) goto pc-1
            06 00 00 00 a0 86 01 00 | (06) gotol pc+100000
            e5 00 01 00 00 00 00 00 | (e5) may_goto pc+1
            85 00 00 00 0f 00 00 00 | (85) call bpf_get_current_uid_gid#15
            85 00 00 00 10 27 00 00 | (85) call unknown#10000
            85 10 00 00 05 00 00 00 | (85) call pc+5
            85 20 00 00 4d 00 00 00 | (85) call bpf_rcu_read_lock#77
            85 20 00 00 4e 00 00 00 | (85) call kernel-function#78
            95 00 00 00 00 00 00 00 | (95) exit
            30 00 00 00 00 f0 ff ff | (30) r0 = *(u8 *)skb[-4096]
            48 30 00 00 05 00 00 00 | (48) r0 = *(u16 *)skb[r3 + 5]
            """)
    void writesTheLogsText(String bytes, String text) {
        RawInstruction slot = RawInstruction
                .ofWord(Long.reverseBytes(HexFormat.fromHexDigitsToLong(bytes.replace(" ", ""))));
        assertEquals(text, DISASSEMBLER.logText(slot, null, true));
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '"', delimiter = '|', textBlock = """
            bf cf 03 00 07 00 00 00 | (bf) r15 = r12
            8f 21 00 00 00 00 00 00 | (8f) r1 = -r1
            db 1a f8 ff 02 00 00 00 | BUG_db
            e5 10 01 00 00 00 00 00 | (e5) if r0 (null) 0x0 goto pc+1
            85 70 00 00 01 00 00 00 | (85) call unknown#1
            bf 21 ff ff 00 00 00 00 | (bf) r1 = &(void __percpu *)(r2)
            """)
    void writesMalformedSlotsAsTheLogDoes(String bytes, String text) {
        writesTheLogsText(bytes, text);
    }

    @Test
    void hidesAddressesFromTheUnprivileged() {
        RawInstruction upper = new RawInstruction(0, 0, 0, (short) 0, 0x12345678);
        RawInstruction number = new RawInstruction(0x18, 1, 0, (short) 0, 5);
        RawInstruction map = new RawInstruction(0x18, 1, 1, (short) 0, 5);
        assertEquals("(18) r1 = 0x1234567800000005", DISASSEMBLER.logText(number, upper, false));
        assertEquals("(18) r1 = 0x1234567800000005", DISASSEMBLER.logText(map, upper, true));
        assertEquals("(18) r1 = 0x0", DISASSEMBLER.logText(map, upper, false));
    }

    @ParameterizedTest
    @ValueSource(strings = {"r1 = 0xfffffffffffffffb ll", "r1 = map[fd:5]", "r1 = map[fd:5][0]+8", "r1 = map[idx:0]",
        "r1 = map[idx:3][0]-8", "r1 = btf_id[17]", "r1 = btf_id[17]@3", "r1 = subprog[-4]",
        "call kernel-function#17@3"})
    void namesWhatTheLogLeavesOut(String text) {
        assertEquals(text, DISASSEMBLER.text(new Assembler(CallNames.none()).assemble(text).at(0)));
    }

    /** The raw programs of the benchmarks, made by another assembler. */
    @ParameterizedTest
    @ValueSource(strings = {"adler", "arith", "arith100k", "call", "copy8", "csum16"})
    void listsProgramsSoThatTheyReadBack(String name) throws IOException {
        byte[] code;
        try (InputStream in = Objects.requireNonNull(getClass().getResourceAsStream("bench/" + name + ".bin"))) {
            code = in.readAllBytes();
        }
        Program program = Decoder.decode(code);
        String listing = DISASSEMBLER.listing(program);
        assertEquals(HexFormat.of().formatHex(code),
                HexFormat.of().formatHex(Encoder.toBytes(new Assembler(CallNames.none()).assemble(listing))), listing);
    }

    @Test
    void listsSlotsOpcodesAndTexts() throws IOException {
        try (InputStream in = Objects.requireNonNull(getClass().getResourceAsStream("bench/arith.bin"))) {
            assertEquals("""
                    0: (b7) r0 = 4660
                    1: (b7) r3 = 1000000
                    2: (18) r2 = 0x9e3779b97f4a7c15 ll
                    4: (0f) r0 += r2
                    5: (bf) r4 = r0
                    6: (77) r4 >>= 13
                    7: (af) r0 ^= r4
                    8: (27) r0 *= 31
                    9: (17) r3 -= 1
                    10: (55) if r3 != 0x0 goto pc-7
                    11: (95) exit
                    """, DISASSEMBLER.listing(Decoder.decode(in.readAllBytes())));
        }
    }
}
