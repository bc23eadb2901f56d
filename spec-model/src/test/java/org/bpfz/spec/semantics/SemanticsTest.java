package org.bpfz.spec.semantics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.bpfz.spec.isa.AluOp;
import org.bpfz.spec.isa.AtomicOp;
import org.bpfz.spec.isa.Condition;
import org.bpfz.spec.isa.Instruction.ByteOrder;
import org.bpfz.spec.isa.MemSize;
import org.bpfz.spec.isa.Reg;
import org.bpfz.spec.isa.Source;
import org.bpfz.spec.isa.Width;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a reader must know of the semantics: the standard's own examples and the edges that implementations got wrong. */
class SemanticsTest {
    private static final Semantics<Long, Integer, Boolean> SEMANTICS = Semantics.CONCRETE;

    @ParameterizedTest
    @CsvSource(textBlock = """
            # width, op,   dst,                  src,                  result
            W64,     ADD,  0xffffffffffffffff,   0x1,                  0x0
            W32,     ADD,  0xffffffff,           0x1,                  0x0
            W32,     ADD,  0xaaaaaaaa00000001,   0xbbbbbbbb00000002,   0x3
            W64,     DIV,  0x7,                  0x0,                  0x0
            W64,     SDIV, 0x7,                  0x0,                  0x0
            W32,     DIV,  0xaaaaaaaa00000007,   0xbbbbbbbb00000000,   0x0
            W64,     MOD,  0xaaaaaaaa00000007,   0x0,                  0xaaaaaaaa00000007
            W64,     SMOD, 0xaaaaaaaa00000007,   0x0,                  0xaaaaaaaa00000007
            # "for ALU the upper 32 bits of the destination register are zeroed"
            W32,     MOD,  0xaaaaaaaa00000007,   0x0,                  0x7
            W32,     SMOD, 0xaaaaaaaa80000007,   0x0,                  0x80000007
            # the one quotient that overflows
            W64,     SDIV, 0x8000000000000000,   0xffffffffffffffff,   0x8000000000000000
            W64,     SMOD, 0x8000000000000000,   0xffffffffffffffff,   0x0
            W32,     SDIV, 0x80000000,           0xffffffff,           0x80000000
            W32,     SMOD, 0x80000000,           0xffffffff,           0x0
            # "-13 % 3 == -1"
            W64,     SMOD, 0xfffffffffffffff3,   0x3,                  0xffffffffffffffff
            W32,     SMOD, 0xfffffff3,           0x3,                  0xffffffff
            W64,     SMOD, 0xd,                  0xfffffffffffffffd,   0x1
            # "shift operations use a mask of 0x3F (63) for 64-bit operations and 0x1F (31) for 32-bit operations"
            W64,     LSH,  0x1,                  0x41,                 0x2
            W32,     LSH,  0x1,                  0x21,                 0x2
            W64,     RSH,  0x8000000000000000,   0x7f,                 0x1
            W32,     RSH,  0xffffffff80000000,   0x3f,                 0x1
            W64,     ARSH, 0x8000000000000000,   0x3f,                 0xffffffffffffffff
            W32,     ARSH, 0x80000000,           0x1f,                 0xffffffff
            W32,     ARSH, 0xffffffff40000000,   0x1e,                 0x1
            """)
    void arithmetic(Width width, AluOp op, String dst, String src, String result) {
        assertHex(result, SEMANTICS.alu(width, op, hex(dst), hex(src)));
    }

    @Test
    void anImmediateOperandIsSignExtended() {
        assertHex("0xffffffffffffffff", SEMANTICS.source(Source.of(-1), reg -> 0L));
        assertHex("0x5", SEMANTICS.source(Source.of(Reg.R3), reg -> reg == Reg.R3 ? 5L : 0L));
        // "if dst <= (u64)(s64)imm goto +offset"
        assertEquals(true, SEMANTICS.jumps(Width.W64, Condition.LE, 0xffff_ffff_0000_0000L,
                SEMANTICS.source(Source.of(-1), reg -> 0L)));
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            # width, from, src,                result
            W32,     0,    0xaaaaaaaabbbbbbbb, 0xbbbbbbbb
            W32,     8,    0xffffffffffffff80, 0xffffff80
            W32,     16,   0x7fff,             0x7fff
            W64,     8,    0x80,               0xffffffffffffff80
            W64,     16,   0x18000,            0xffffffffffff8000
            W64,     32,   0x7fffffff80000000, 0xffffffff80000000
            """)
    void moves(Width width, int signExtendFrom, String src, String result) {
        assertHex(result, SEMANTICS.mov(width, signExtendFrom, hex(src)));
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            LE,   16, 0x5566
            LE,   32, 0x33445566
            LE,   64, 0x7722334433445566
            BE,   16, 0x6655
            BE,   32, 0x66554433
            BE,   64, 0x6655443344332277
            SWAP, 16, 0x6655
            SWAP, 32, 0x66554433
            SWAP, 64, 0x6655443344332277
            """)
    void byteSwapsClearWhatIsAboveTheirWidth(ByteOrder order, int width, String result) {
        assertHex(result, SEMANTICS.end(order, width, 0x7722_3344_3344_5566L));
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            # width, cond, dst,                src,                jumps
            W64,     GT,   0xffffffffffffffff, 0x0,                true
            W64,     SGT,  0xffffffffffffffff, 0x0,                false
            W32,     SGE,  0x80000000,         0x0,                false
            W64,     SGE,  0x80000000,         0x0,                true
            W32,     EQ,   0xaaaaaaaa00000001, 0x1,                true
            W64,     EQ,   0xaaaaaaaa00000001, 0x1,                false
            W32,     SET,  0xffffffff00000000, 0xffffffffffffffff, false
            W64,     SET,  0xffffffff00000000, 0xffffffffffffffff, true
            W64,     SLE,  0x8000000000000000, 0x8000000000000000, true
            """)
    void jumps(Width width, Condition condition, String dst, String src, boolean jumps) {
        assertEquals(jumps, SEMANTICS.jumps(width, condition, hex(dst), hex(src)));
    }

    @Test
    void loadsExtendAndStoresTruncate() {
        assertHex("0xfe", SEMANTICS.load(MemSize.B, false, 0xcafe_babe_dead_fefeL));
        assertHex("0xfffffffffffffffe", SEMANTICS.load(MemSize.B, true, 0xcafe_babe_dead_fefeL));
        assertHex("0xffffffffdeadfefe", SEMANTICS.load(MemSize.W, true, 0xcafe_babe_dead_fefeL));
        assertHex("0xfefe", SEMANTICS.store(MemSize.H, 0xcafe_babe_dead_fefeL));
        assertHex("0xfefe", SEMANTICS.packetLoad(MemSize.H, 0xfefeL));
        assertHex("0x112233", SEMANTICS.packetLoad(MemSize.W, 0x3322_1100L));
    }

    @Test
    void a32BitCompareAndExchangeLooksAtLowHalvesAndClearsTheUpperHalfOfR0() {
        var exchanged = SEMANTICS.atomic(AtomicOp.CMPXCHG, MemSize.W, 5L, 0xffff_ffff_0000_0007L,
                0xaaaa_aaaa_0000_0005L);
        assertEquals(new Semantics.AtomicResult<>(7L, 5L), exchanged);
        var kept = SEMANTICS.atomic(AtomicOp.CMPXCHG, MemSize.W, 5L, 7L, 6L);
        assertEquals(new Semantics.AtomicResult<>(5L, 5L), kept);
    }

    @Test
    void a32BitAdditionInMemoryWraps() {
        assertEquals(new Semantics.AtomicResult<>(1L, 0xffff_ffffL),
                SEMANTICS.atomic(AtomicOp.FETCH_ADD, MemSize.W, 0xffff_ffffL, 2L, 0L));
    }

    private static long hex(String text) {
        return Long.parseUnsignedLong(text.substring(2), 16);
    }

    private static void assertHex(String expected, long actual) {
        assertEquals(expected, "0x" + Long.toHexString(actual));
    }
}
