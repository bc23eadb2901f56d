package org.bpfz.spec.semantics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.bpfz.spec.isa.AluOp;
import org.bpfz.spec.isa.AtomicOp;
import org.bpfz.spec.isa.Condition;
import org.bpfz.spec.isa.Instruction.ByteOrder;
import org.bpfz.spec.isa.MemSize;
import org.bpfz.spec.isa.Width;

/** The semantics that runs equals the standard written over unbounded integers, for all operations and all numbers. */
class SemanticsProperties {
    private static final Semantics<Long, Integer, Boolean> SEMANTICS = Semantics.CONCRETE;

    /** Numbers near the edges of all widths, and any. */
    @Provide
    Arbitrary<Long> values() {
        Arbitrary<Long> nearPowers = Arbitraries.integers().between(0, 63).flatMap(
                bit -> Arbitraries.longs().between(-2, 2).map(delta -> (1L << bit) + delta));
        return Arbitraries.oneOf(nearPowers, nearPowers.map(value -> -value), Arbitraries.longs(),
                Arbitraries.longs().between(-70, 70));
    }

    @Property(tries = 20_000)
    void arithmetic(@ForAll Width width, @ForAll AluOp op, @ForAll("values") long dst, @ForAll("values") long src) {
        assertEquals(BigIntegerReference.alu(width.bits(), op, dst, src), SEMANTICS.alu(width, op, dst, src));
    }

    @Property(tries = 10_000)
    void jumps(@ForAll Width width, @ForAll Condition condition, @ForAll("values") long dst,
            @ForAll("values") long src) {
        assertEquals(BigIntegerReference.jumps(width.bits(), condition, dst, src),
                SEMANTICS.jumps(width, condition, dst, src));
    }

    @Property
    void equalValuesJumpAsEqual(@ForAll Width width, @ForAll Condition condition, @ForAll("values") long value) {
        assertEquals(BigIntegerReference.jumps(width.bits(), condition, value, value),
                SEMANTICS.jumps(width, condition, value, value));
    }

    @Property
    void negation(@ForAll Width width, @ForAll("values") long dst) {
        assertEquals(BigIntegerReference.alu(width.bits(), AluOp.SUB, 0, dst), SEMANTICS.neg(width, dst));
    }

    @Property
    void moves(@ForAll("values") long src) {
        assertEquals(src, SEMANTICS.mov(Width.W64, 0, src));
        assertEquals(low(src, 32), SEMANTICS.mov(Width.W32, 0, src));
        for (int from = 8; from <= 32; from *= 2) {
            assertEquals(BigIntegerReference.signed(src, from).longValue(), SEMANTICS.mov(Width.W64, from, src));
        }
        for (int from = 8; from <= 16; from *= 2) {
            assertEquals(low(BigIntegerReference.signed(src, from).longValue(), 32),
                    SEMANTICS.mov(Width.W32, from, src));
        }
    }

    @Property
    void byteSwaps(@ForAll("values") long dst) {
        for (int width = 16; width <= 64; width *= 2) {
            assertEquals(low(dst, width), SEMANTICS.end(ByteOrder.LE, width, dst));
            assertEquals(BigIntegerReference.byteSwap(dst, width), SEMANTICS.end(ByteOrder.BE, width, dst));
            assertEquals(BigIntegerReference.byteSwap(dst, width), SEMANTICS.end(ByteOrder.SWAP, width, dst));
        }
    }

    @Property
    void loadsAndStores(@ForAll MemSize size, @ForAll("values") long value) {
        assertEquals(low(value, size.bits()), SEMANTICS.load(size, false, value));
        assertEquals(BigIntegerReference.signed(value, size.bits()).longValue(), SEMANTICS.load(size, true, value));
        assertEquals(low(value, size.bits()), SEMANTICS.store(size, value));
        assertEquals(BigIntegerReference.byteSwap(value, size.bits()), SEMANTICS.packetLoad(size, value));
    }

    @Property(tries = 5_000)
    void atomics(@ForAll AtomicOp op, @ForAll boolean wide, @ForAll("values") long memory, @ForAll("values") long src,
            @ForAll("values") long r0) {
        MemSize size = wide ? MemSize.DW : MemSize.W;
        var result = SEMANTICS.atomic(op, size, memory, src, r0);
        assertEquals(BigIntegerReference.atomicStores(size.bits(), op, memory, src, r0), result.stored());
        assertEquals(low(memory, size.bits()), result.old());
    }

    @Property
    void compareAndExchangeOfEqualHalves(@ForAll("values") long memory, @ForAll("values") long src,
            @ForAll int upperHalf) {
        long r0 = (long) upperHalf << 32 | low(memory, 32);
        assertEquals(low(src, 32), SEMANTICS.atomic(AtomicOp.CMPXCHG, MemSize.W, memory, src, r0).stored());
        assertEquals(src, SEMANTICS.atomic(AtomicOp.CMPXCHG, MemSize.DW, memory, src, memory).stored());
    }

    @Property
    void immediates(@ForAll int imm, @ForAll int nextImm) {
        assertEquals(low(imm, 32) + ((long) nextImm << 32), SEMANTICS.immediate64(imm, nextImm));
    }

    @Property
    void castsOfArenaPointers(@ForAll("values") long src, @ForAll("values") long userStart) {
        assertEquals(low(src, 32), SEMANTICS.addrSpaceCast(0, src, userStart));
        long inUserForm = low(src, 32) == 0 ? 0 : userStart - low(userStart, 32) + low(src, 32);
        assertEquals(inUserForm, SEMANTICS.addrSpaceCast(1, src, userStart));
    }

    private static long low(long value, int width) {
        return BigIntegerReference.unsigned(value, width).longValue();
    }
}
