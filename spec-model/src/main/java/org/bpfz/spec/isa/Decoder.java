package org.bpfz.spec.isa;

import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Turns slots into instructions, or says why the verifier of Linux 6.12 refuses them, in its words (kernel/bpf/verifier.c).
 *
 * <p>The kernel looks at a program twice. {@code resolve_pseudo_ldimm64} goes over all slots and refuses what it can tell
 * from the opcode; the rest is found by {@code do_check} once a path reaches the instruction. Each {@link Malformed} says
 * which, so that a verifier can report what the kernel would have come to first.
 *
 * <p>Whether the program as a whole may have an instruction is not asked here. Twice the kernel asks that earlier: a packet
 * load needs a program type with packets before its fields are looked at (check_ld_abs), and a cast of an arena's pointer
 * needs an arena before its registers are (check_alu_op). Nor is it asked whether a constant makes sense (a shift by 64, a
 * division by 0), as RFC 9669 gives those a meaning.
 */
public final class Decoder {
    private Decoder() {
    }

    /** What a slot turns out to be. */
    public sealed interface Decoded {
    }

    /** The slot begins this instruction. */
    public record Legal(Instruction instruction) implements Decoded {}

    /**
     * The slot begins no instruction. The kernel's error number is EINVAL.
     *
     * @param reason    the kernel's line
     * @param stage     when the kernel finds it
     * @param readFirst which registers it asks to be readable before it comes to this, in that order
     */
    public record Malformed(String reason, Stage stage, List<Reg> readFirst) implements Decoded {}

    /** When the kernel finds a malformed instruction. */
    public enum Stage {
        /** Going over all slots before any is followed: resolve_pseudo_ldimm64. */
        SCAN,
        /** When a path reaches it: do_check. */
        REACHED
    }

    /**
     * Decodes one slot.
     *
     * @param next the slot behind it; null at the end of the program
     */
    public static Decoded decode(RawInstruction slot, @Nullable RawInstruction next) {
        String refused = scan(slot, next);
        if (refused != null) {
            return new Malformed(refused, Stage.SCAN, List.of());
        }
        Encoding row = rowOf(slot);
        boolean jump = OpcodeTable.rows(slot.opcode()).getFirst().prototype() instanceof Instruction.Jump;
        return jump ? reachJump(slot, row) : reach(slot, row, next == null ? 0 : next.imm());
    }

    /** The row of the table that the fields agree with, or null if one has a value that it must not have. */
    private static @Nullable Encoding rowOf(RawInstruction slot) {
        for (Encoding row : OpcodeTable.rows(slot.opcode())) {
            if (row.matches(slot) && !isMayGotoNowhere(slot)) {
                return row;
            }
        }
        return null;
    }

    /**
     * Decodes all slots, following no path.
     *
     * @throws MalformedInstruction for the first slot that begins no instruction
     */
    public static Program decode(List<RawInstruction> slots) {
        List<Instruction> instructions = new ArrayList<>(slots.size());
        for (int i = 0; i < slots.size();) {
            switch (decode(slots.get(i), i + 1 < slots.size() ? slots.get(i + 1) : null)) {
                case Legal(Instruction instruction) -> {
                    instructions.add(instruction);
                    i += instruction.slots();
                }
                case Malformed malformed -> throw new MalformedInstruction(i, malformed.reason());
            }
        }
        return Program.of(instructions);
    }

    /**
     * Decodes little-endian code.
     *
     * @throws MalformedInstruction for the first slot that begins no instruction
     */
    public static Program decode(byte[] code) {
        return decode(Slots.ofBytes(code, ByteOrder.LITTLE_ENDIAN));
    }

    /** What resolve_pseudo_ldimm64 says of a slot, or null. */
    private static @Nullable String scan(RawInstruction slot, @Nullable RawInstruction next) {
        int opcode = slot.opcode();
        if (OpcodeBits.classOf(opcode) == OpcodeBits.LDX) {
            int mode = OpcodeBits.modeOf(opcode);
            if ((mode != OpcodeBits.MEM && mode != OpcodeBits.MEMSX) || slot.imm() != 0) {
                return "BPF_LDX uses reserved fields";
            }
        }
        if (opcode == OpcodeBits.LDDW) {
            if (next == null || next.opcode() != 0 || next.dst() != 0 || next.src() != 0 || next.offset() != 0) {
                return "invalid bpf_ld_imm64 insn";
            }
            boolean known = OpcodeTable.rows(opcode).stream()
                    .anyMatch(row -> row.src().allows(slot.src()) && row.nextImm().allows(next.imm()));
            return known ? null : "unrecognized bpf_ld_imm64 insn";
        }
        return OpcodeTable.rows(opcode).isEmpty() ? String.format(Locale.ROOT, "unknown opcode %02x", opcode) : null;
    }

    /** What do_check says of a conditional jump: check_cond_jmp_op reads dst before it looks at the other fields. */
    private static Decoded reachJump(RawInstruction slot, @Nullable Encoding row) {
        if (slot.dst() >= Reg.COUNT) {
            return reached(invalid(slot.dst()));
        }
        Reg dst = Reg.of(slot.dst());
        if (row == null) {
            return reached(reservedFields(slot), dst);
        }
        if (slot.src() >= Reg.COUNT) {
            return reached(invalid(slot.src()), dst);
        }
        return legal(slot, row, 0);
    }

    /** What do_check says of any other slot that {@link #scan} has let through: the fields come first, then src, then dst. */
    private static Decoded reach(RawInstruction slot, @Nullable Encoding row, int nextImm) {
        if (row == null) {
            return reached(reservedFields(slot));
        }
        if (slot.src() >= Reg.COUNT) {
            // check_ld_abs reads the context before the index.
            boolean packetLoad = row.prototype() instanceof Instruction.LegacyPacketLoad;
            return packetLoad ? reached(invalid(slot.src()), Reg.R6) : reached(invalid(slot.src()));
        }
        if (slot.dst() >= Reg.COUNT) {
            return row.src().isOperand()
                    ? reached(invalid(slot.dst()), Reg.of(slot.src()))
                    : reached(invalid(slot.dst()));
        }
        return legal(slot, row, nextImm);
    }

    private static Legal legal(RawInstruction slot, Encoding row, int nextImm) {
        return new Legal(row.instruction(Reg.of(slot.dst()), Reg.of(slot.src()), slot.offset(), slot.imm(), nextImm));
    }

    private static boolean isMayGotoNowhere(RawInstruction slot) {
        return slot.opcode() == (OpcodeBits.JCOND | OpcodeBits.JMP) && slot.offset() == 0;
    }

    private static Malformed reached(String reason, Reg... readFirst) {
        return new Malformed(reason, Stage.REACHED, List.of(readFirst));
    }

    private static String invalid(int register) {
        return "R" + register + " is invalid";
    }

    /** How the kernel calls a wrong value in a field that the opcode reserves or that selects the operation. */
    private static String reservedFields(RawInstruction slot) {
        int opcode = slot.opcode();
        return switch (OpcodeBits.classOf(opcode)) {
            case OpcodeBits.LD ->
                opcode == OpcodeBits.LDDW
                        ? "BPF_LD_IMM64 uses reserved fields"
                        : "BPF_LD_[ABS|IND] uses reserved fields";
            case OpcodeBits.ST -> "BPF_ST uses reserved fields";
            case OpcodeBits.STX -> OpcodeBits.modeOf(opcode) == OpcodeBits.ATOMIC
                    ? String.format(Locale.ROOT, "BPF_ATOMIC uses invalid atomic opcode %02x", slot.imm())
                    : "BPF_STX uses reserved fields";
            case OpcodeBits.JMP, OpcodeBits.JMP32 -> switch (OpcodeBits.codeOf(opcode)) {
                case OpcodeBits.JA -> "BPF_JA uses reserved fields";
                case OpcodeBits.CALL -> "BPF_CALL uses reserved fields";
                case OpcodeBits.EXIT -> "BPF_EXIT uses reserved fields";
                case OpcodeBits.JCOND -> "invalid may_goto off " + slot.offset() + " imm " + slot.imm();
                default -> "BPF_JMP/JMP32 uses reserved fields";
            };
            case OpcodeBits.ALU, OpcodeBits.ALU64 -> switch (OpcodeBits.codeOf(opcode)) {
                case OpcodeBits.NEG -> "BPF_NEG uses reserved fields";
                case OpcodeBits.END -> "BPF_END uses reserved fields";
                case OpcodeBits.MOV ->
                    opcode == (OpcodeBits.MOV | OpcodeBits.X | OpcodeBits.ALU64) && slot.offset() == 1
                            ? "addr_space_cast insn can only convert between address space 1 and 0"
                            : "BPF_MOV uses reserved fields";
                default -> "BPF_ALU uses reserved fields";
            };
            default -> throw new AssertionError("LDX is checked by the scan: " + slot);
        };
    }
}
