package org.bpfz.spec.isa;

/**
 * One instruction as a program means it: every legal encoding of RFC 9669 and of Linux 6.12 is exactly one of these values, and
 * every value has exactly one encoding.
 *
 * <p>Jump and call offsets count 8-byte slots from the slot behind the instruction, as encoded; {@link Program} turns them into
 * targets.
 */
public sealed interface Instruction {

    /** How many 8-byte slots the encoding takes: 2 for a 64-bit immediate, else 1. */
    default int slots() {
        return 1;
    }

    /** {@code dst = dst op src} (RFC 9669, section 4.1). A 32-bit operation zeroes the upper half of dst. */
    record Alu(Width width, AluOp op, Reg dst, Source src) implements Instruction {}

    /**
     * {@code dst = src}, or MOVSX: the low {@code signExtendFrom} bits of a register, sign-extended to the width.
     *
     * @param signExtendFrom 0 for a plain move; 8, 16 or (with 64 bits only) 32 for MOVSX, whose source is a register
     */
    record Mov(Width width, int signExtendFrom, Reg dst, Source src) implements Instruction {
        public Mov {
            boolean legal = switch (signExtendFrom) {
                case 0 -> true;
                case 8, 16 -> src instanceof Source.Register;
                case 32 -> width == Width.W64 && src instanceof Source.Register;
                default -> false;
            };
            if (!legal) {
                throw new IllegalArgumentException(
                        "no such move: " + width + ", sign bits " + signExtendFrom + ", " + src);
            }
        }
    }

    /** {@code dst = -dst}. */
    record Neg(Width width, Reg dst) implements Instruction {}

    /** Which way a byte swap goes (RFC 9669, section 4.2): to little or big endian from the host's order, or always. */
    enum ByteOrder {
        LE, BE, SWAP
    }

    /** Byte swap of the low 16, 32 or 64 bits of dst; the bits above become zero. */
    record End(ByteOrder order, int bits, Reg dst) implements Instruction {
        public End {
            if (bits != 16 && bits != 32 && bits != 64) {
                throw new IllegalArgumentException("no byte swap of " + bits + " bits");
            }
        }
    }

    /** {@code dst = *(size *)(base + offset)}; MEM zero-extends, MEMSX ({@code signed}, up to 4 bytes) sign-extends. */
    record Load(MemSize size, boolean signed, Reg dst, Reg base, short offset) implements Instruction {
        public Load {
            if (signed && size == MemSize.DW) {
                throw new IllegalArgumentException("no sign-extending load of 8 bytes");
            }
        }
    }

    /** {@code *(size *)(base + offset) = src} (ST with an immediate, STX with a register). */
    record Store(MemSize size, Reg base, short offset, Source src) implements Instruction {}

    /** An atomic read-modify-write of 4 or 8 bytes at {@code base + offset} with src (RFC 9669, section 5.3). */
    record Atomic(AtomicOp op, MemSize size, Reg base, short offset, Reg src) implements Instruction {
        public Atomic {
            if (size != MemSize.W && size != MemSize.DW) {
                throw new IllegalArgumentException("no atomic access of " + size.bytes() + " bytes");
            }
        }
    }

    /** {@code if (left cond right) goto +offset} on 64 or 32 bits. */
    record Jump(Width width, Condition condition, Reg left, Source right, short offset) implements Instruction {}

    /** {@code goto +offset}; {@code wide} is gotol, whose offset is in the imm field. */
    record Goto(boolean wide, int offset) implements Instruction {
        public Goto {
            if (!wide && offset != (short) offset) {
                throw new IllegalArgumentException("goto offset " + offset + " does not fit 16 bits");
            }
        }
    }

    /**
     * may_goto: jumps when the frame's hidden loop budget is used up (Linux 6.10, JCOND with src 0).
     *
     * @param offset not 0: Linux 6.12 refuses a may_goto that leads nowhere (verifier.c, check_cond_jmp_op)
     */
    record MayGoto(short offset) implements Instruction {
        public MayGoto {
            if (offset == 0) {
                throw new IllegalArgumentException("no may_goto with offset 0");
            }
        }
    }

    /** What a call names: the src field of the CALL opcode. */
    sealed interface CallTarget {
        /** A helper by its number. */
        record Helper(int number) implements CallTarget {}

        /** A function of this program, {@code offset} slots behind the slot after the call. */
        record Local(int offset) implements CallTarget {}

        /** A kernel function by BTF id; {@code moduleIndex} picks the module's BTF in fd_array, 0 is vmlinux. */
        record Kfunc(int btfId, short moduleIndex) implements CallTarget {}
    }

    /** A call; arguments in R1–R5, result in R0. */
    record Call(CallTarget target) implements Instruction {}

    /** Return from the function, or from the program with R0 as its result. */
    record Exit() implements Instruction {}

    /** What a 64-bit immediate stands for (RFC 9669, section 5.4, and bpf.h's BPF_PSEUDO_*): the src field, in its order. */
    enum ImmKind {
        /** src 0: a plain number. */
        VALUE,
        /** src 1: imm is a map's descriptor. */
        MAP_FD,
        /** src 2: imm is a map's descriptor, next_imm an offset into its first value. */
        MAP_VALUE,
        /** src 3: the address of a kernel variable; imm is its BTF id, next_imm the module's BTF descriptor. */
        BTF_ID,
        /** src 4: imm is the slot offset of a function of this program. */
        FUNC,
        /** src 5: imm is an index into fd_array. */
        MAP_IDX,
        /** src 6: imm is an index into fd_array, next_imm an offset into the map's first value. */
        MAP_IDX_VALUE
    }

    /**
     * LDDW: {@code dst = imm64}, in two slots.
     *
     * @param nextImm the imm field of the second slot; 0 for MAP_FD, FUNC and MAP_IDX, which do not use it
     */
    record LoadImm64(ImmKind kind, Reg dst, int imm, int nextImm) implements Instruction {
        public LoadImm64 {
            boolean unused = kind == ImmKind.MAP_FD || kind == ImmKind.FUNC || kind == ImmKind.MAP_IDX;
            if (unused && nextImm != 0) {
                throw new IllegalArgumentException(kind + " does not use the second slot: " + nextImm);
            }
        }

        @Override
        public int slots() {
            return 2;
        }

        /** Both halves as one number: {@code nextImm:imm}. */
        public long value() {
            return (long) nextImm << 32 | Integer.toUnsignedLong(imm);
        }
    }

    /** How a legacy packet load addresses the packet (RFC 9669, section 5.5). */
    enum PacketMode {
        /** At imm. */
        ABS,
        /** At src + imm. */
        IND
    }

    /**
     * {@code r0 = ntoh(*(size *)skb[imm (+ src)])}, 1, 2 or 4 bytes; ends the program with 0 outside of the packet.
     *
     * @param src R0 where the mode is ABS
     */
    record LegacyPacketLoad(PacketMode mode, MemSize size, Reg src, int imm) implements Instruction {
        public LegacyPacketLoad {
            if (size == MemSize.DW || (mode == PacketMode.ABS && src != Reg.R0)) {
                throw new IllegalArgumentException("no such packet load: " + mode + ", " + size + ", " + src);
            }
        }
    }

    /** {@code dst = addr_space_cast(src, toSpace, fromSpace)}: arena pointers between user (1) and kernel (0) form. */
    record AddrSpaceCast(Reg dst, Reg src, int toSpace, int fromSpace) implements Instruction {
        public AddrSpaceCast {
            if ((toSpace != 0 || fromSpace != 1) && (toSpace != 1 || fromSpace != 0)) {
                throw new IllegalArgumentException("no cast from address space " + fromSpace + " to " + toSpace);
            }
        }
    }
}
