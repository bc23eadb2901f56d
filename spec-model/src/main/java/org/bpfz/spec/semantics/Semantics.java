package org.bpfz.spec.semantics;

import java.util.function.Function;
import org.bpfz.spec.isa.AluOp;
import org.bpfz.spec.isa.AtomicOp;
import org.bpfz.spec.isa.Condition;
import org.bpfz.spec.isa.Instruction.ByteOrder;
import org.bpfz.spec.isa.MemSize;
import org.bpfz.spec.isa.Reg;
import org.bpfz.spec.isa.Source;
import org.bpfz.spec.isa.Width;

/**
 * The meaning of the instructions, once, for whatever {@link Bits} takes a value to be. The order is that of RFC 9669.
 *
 * <p>Operands and results are whole registers. The modelled host is little-endian.
 *
 * @param <V64> a register's value
 * @param <V32> the low half of one
 * @param <B>   a truth value
 */
public final class Semantics<V64, V32, B> {
    /** The semantics that runs. */
    public static final Semantics<Long, Integer, Boolean> CONCRETE = new Semantics<>(LongBits.INSTANCE);

    private final Bits<V64, V32, B> bits;
    private final BitVectors<V64, B> v64;
    private final BitVectors<V32, B> v32;

    public Semantics(Bits<V64, V32, B> bits) {
        this.bits = bits;
        v64 = bits.v64();
        v32 = bits.v32();
    }

    // Section 4: the source operand.

    /** K is the immediate, "sign extended from 32 to 64 bits", X the value of a register. */
    public V64 source(Source source, Function<Reg, V64> registers) {
        return switch (source) {
            case Source.Imm(int imm) -> v64.constant(imm);
            case Source.Register(Reg reg) -> registers.apply(reg);
        };
    }

    // Section 4.1: arithmetic instructions.

    /** {@code dst op= src}; ALU is {@code dst = (u32) ((u32) dst op (u32) src)}. */
    public V64 alu(Width width, AluOp op, V64 dst, V64 src) {
        return switch (width) {
            case W32 -> bits.zext(arithmetic(v32, op, bits.low(dst), bits.low(src)));
            case W64 -> arithmetic(v64, op, dst, src);
        };
    }

    /** "Underflow and overflow are allowed during arithmetic operations, meaning the value will wrap." */
    private <V> V arithmetic(BitVectors<V, B> v, AluOp op, V dst, V src) {
        V zero = v.constant(0);
        B byZero = v.eq(src, zero);
        V shift = v.and(src, v.constant(v.width() - 1));
        return switch (op) {
            case ADD -> v.add(dst, src);
            case SUB -> v.sub(dst, src);
            case MUL -> v.mul(dst, src);
            case DIV -> v.ite(byZero, () -> zero, () -> v.udiv(dst, src));
            case SDIV -> v.ite(byZero, () -> zero, () -> v.sdiv(dst, src));
            case OR -> v.or(dst, src);
            case AND -> v.and(dst, src);
            case LSH -> v.shl(dst, shift);
            case RSH -> v.lshr(dst, shift);
            case MOD -> v.ite(byZero, () -> dst, () -> v.urem(dst, src));
            case SMOD -> v.ite(byZero, () -> dst, () -> v.srem(dst, src));
            case XOR -> v.xor(dst, src);
            case ARSH -> v.ashr(dst, shift);
        };
    }

    /** {@code dst = -dst}. */
    public V64 neg(Width width, V64 dst) {
        return switch (width) {
            case W32 -> bits.zext(v32.neg(bits.low(dst)));
            case W64 -> v64.neg(dst);
        };
    }

    /**
     * MOV, {@code dst = src}, and MOVSX, {@code dst = (s8,s16,s32)src}.
     *
     * @param signExtendFrom 0 for MOV, else how many low bits MOVSX takes
     */
    public V64 mov(Width width, int signExtendFrom, V64 src) {
        int low = signExtendFrom == 0 ? width.bits() : signExtendFrom;
        return switch (width) {
            case W32 -> bits.zext(v32.sext(bits.low(src), low));
            case W64 -> v64.sext(src, low);
        };
    }

    /**
     * addr_space_cast of Linux: an arena's pointer has 32 bits in the kernel's form (0), and in the user's form (1) the
     * upper half of the arena's user address above them, except for NULL. Source: arch/x86/net/bpf_jit_comp.c, do_jit.
     *
     * @param userStart the address at which user space sees the arena
     */
    public V64 addrSpaceCast(int toSpace, V64 src, V64 userStart) {
        V64 low = v64.zext(src, 32);
        V64 high = v64.sub(userStart, v64.zext(userStart, 32));
        return toSpace == 0 ? low : v64.ite(v64.eq(low, v64.constant(0)), () -> low, () -> v64.or(high, low));
    }

    // Section 4.2: byte swap instructions.

    /** {@code dst = le16(dst)}, {@code dst = be16(dst)}, {@code dst = bswap16(dst)} and so on. */
    public V64 end(ByteOrder order, int width, V64 dst) {
        return switch (order) {
            case LE -> v64.zext(dst, width);
            case BE, SWAP -> byteSwap(dst, width);
        };
    }

    private V64 byteSwap(V64 value, int width) {
        V64 swapped = v64.constant(0);
        for (int bit = 0; bit < width; bit += 8) {
            V64 byteAtBit = v64.zext(v64.lshr(value, v64.constant(bit)), 8);
            swapped = v64.or(swapped, v64.shl(byteAtBit, v64.constant(width - 8 - bit)));
        }
        return swapped;
    }

    // Section 4.3: jump instructions.

    /** Whether {@code if dst cond src} jumps. JMP32 "uses 32-bit wide operands". */
    public B jumps(Width width, Condition condition, V64 dst, V64 src) {
        return switch (width) {
            case W32 -> holds(v32, condition, bits.low(dst), bits.low(src));
            case W64 -> holds(v64, condition, dst, src);
        };
    }

    private <V> B holds(BitVectors<V, B> v, Condition condition, V dst, V src) {
        return switch (condition) {
            case EQ -> v.eq(dst, src);
            case GT -> v.ult(src, dst);
            case GE -> bits.isFalse(v.ult(dst, src));
            case SET -> bits.isFalse(v.eq(v.and(dst, src), v.constant(0)));
            case NE -> bits.isFalse(v.eq(dst, src));
            case SGT -> v.slt(src, dst);
            case SGE -> bits.isFalse(v.slt(dst, src));
            case LT -> v.ult(dst, src);
            case LE -> bits.isFalse(v.ult(src, dst));
            case SLT -> v.slt(dst, src);
            case SLE -> bits.isFalse(v.slt(src, dst));
        };
    }

    // Sections 5.1 and 5.2: regular load and store operations, sign-extension load operations.

    /**
     * {@code dst = *(size *)(src + offset)}.
     *
     * @param memory what is there, as a little-endian number; bits above the size are not looked at
     * @param signed whether the mode is MEMSX
     */
    public V64 load(MemSize size, boolean signed, V64 memory) {
        return signed ? v64.sext(memory, size.bits()) : v64.zext(memory, size.bits());
    }

    /** What {@code *(size *)(dst + offset) = src} leaves there, as a little-endian number with zeroes above the size. */
    public V64 store(MemSize size, V64 src) {
        return v64.zext(src, size.bits());
    }

    // Section 5.3: atomic operations.

    /**
     * What an atomic operation does.
     *
     * @param stored what it leaves in memory, as {@link #store} does
     * @param old    "the value that was in memory before it was modified", zero-extended; for an operation that fetches, the
     *               new value of src or, for CMPXCHG, of R0
     */
    public record AtomicResult<V>(V stored, V old) {}

    /**
     * {@code *(size *)(dst + offset) op= src}, with FETCH, XCHG and CMPXCHG.
     *
     * @param memory what is there, as for {@link #load}
     * @param r0     what CMPXCHG compares with; the others do not look at it
     */
    public AtomicResult<V64> atomic(AtomicOp op, MemSize size, V64 memory, V64 src, V64 r0) {
        V64 old = load(size, false, memory);
        V64 stored = switch (op) {
            case ADD, FETCH_ADD -> v64.add(old, src);
            case OR, FETCH_OR -> v64.or(old, src);
            case AND, FETCH_AND -> v64.and(old, src);
            case XOR, FETCH_XOR -> v64.xor(old, src);
            case XCHG -> src;
            case CMPXCHG -> v64.ite(v64.eq(old, v64.zext(r0, size.bits())), () -> src, () -> old);
        };
        return new AtomicResult<>(store(size, stored), old);
    }

    // Section 5.4: 64-bit immediate instructions.

    /** {@code dst = (next_imm << 32) | imm}: the kind that stands for itself and for no address. */
    public V64 immediate64(int imm, int nextImm) {
        V64 high = v64.shl(v64.constant(nextImm), v64.constant(32));
        return v64.or(high, v64.zext(v64.constant(imm), 32));
    }

    // Section 5.5: legacy BPF packet access instructions.

    /** What a packet load gives R0: the bytes at its place, as for {@link #load}, from network order into the host's. */
    public V64 packetLoad(MemSize size, V64 memory) {
        return byteSwap(memory, size.bits());
    }
}
