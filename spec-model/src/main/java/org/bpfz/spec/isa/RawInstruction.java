package org.bpfz.spec.isa;

/**
 * The five fields of an encoded 8-byte slot, whatever they mean (RFC 9669, section 3; struct bpf_insn).
 *
 * @param opcode 0 to 255
 * @param dst    0 to 15
 * @param src    0 to 15
 */
public record RawInstruction(int opcode, int dst, int src, short offset, int imm) {
    public RawInstruction {
        if ((opcode & ~0xff) != 0 || (dst & ~0xf) != 0 || (src & ~0xf) != 0) {
            throw new IllegalArgumentException(
                    "field out of range: opcode " + opcode + ", dst " + dst + ", src " + src);
        }
    }

    /** Whether it is the first of the two slots of an LDDW. */
    public boolean isLoadImm64() {
        return opcode == OpcodeBits.LDDW;
    }

    /** Whether it is the first slot of an LDDW of a kind. */
    public boolean loads(Instruction.ImmKind kind) {
        return isLoadImm64() && src == kind.ordinal();
    }

    /** The same slot of an LDDW with another kind and immediate. */
    public RawInstruction loading(Instruction.ImmKind kind, int otherImm) {
        return new RawInstruction(opcode, dst, kind.ordinal(), offset, otherImm);
    }

    /** The slot as a little-endian word: opcode, src:dst, offset, imm from the low bits up. */
    public long toWord() {
        return (long) imm << 32 | (offset & 0xffffL) << 16 | src << 12 | dst << 8 | opcode;
    }

    /** The slot with the given little-endian word. */
    public static RawInstruction ofWord(long word) {
        return new RawInstruction((int) word & 0xff, (int) (word >>> 8) & 0xf, (int) (word >>> 12) & 0xf,
                (short) (word >>> 16),
                (int) (word >>> 32));
    }
}
