package org.bpfz.spec.isa;

import java.util.Arrays;
import org.bpfz.spec.isa.Instruction.Call;
import org.bpfz.spec.isa.Instruction.CallTarget;
import org.bpfz.spec.isa.Instruction.LoadImm64;
import org.jspecify.annotations.Nullable;

/**
 * Writes instructions down in the syntax of the verifier's log, which {@link Assembler} reads.
 *
 * <p>The log of Linux 6.12 (kernel/bpf/disasm.c, print_bpf_insn) is written before an instruction is checked, and so has a
 * text for malformed ones as well: {@link #logText} takes raw slots and agrees with it to the byte for all that
 * {@link Decoder.Stage#SCAN} lets through. It does not tell what a 64-bit immediate stands for or which module a kernel
 * function is of; {@link #text} does.
 */
public final class Disassembler {
    /** The name of helper 0, which is none (BPF_FUNC_unspec). */
    static final String UNSPEC = "bpf_unspec";

    /** By the upper four bits of an opcode; "(null)" is what printf makes of a gap in the kernel's tables. */
    private static final String[] ALU = new String[16];

    private static final String[] CONDITION = new String[16];

    static {
        Arrays.fill(ALU, "(null)");
        Arrays.fill(CONDITION, "(null)");
        ALU[OpcodeBits.MOV >> 4] = "=";
        for (AluOp op : AluOp.values()) {
            if (op.offset() == 0) {
                ALU[op.code()] = op.symbol();
            }
        }
        for (Condition condition : Condition.values()) {
            CONDITION[condition.code()] = condition.symbol();
        }
    }

    private final CallNames names;

    public Disassembler(CallNames names) {
        this.names = names;
    }

    /** The whole program, a line an instruction: {@code 0: (b7) r0 = 0}. */
    public String listing(Program program) {
        StringBuilder lines = new StringBuilder();
        for (int slot = 0; slot < program.slotCount(); slot = program.next(slot)) {
            Instruction instruction = program.at(slot);
            RawInstruction first = Encoder.encode(instruction).getFirst();
            lines.append(slot).append(": ").append(opcode(first)).append(text(instruction)).append('\n');
        }
        return lines.toString();
    }

    /** One instruction: {@code r0 = 0}. */
    public String text(Instruction instruction) {
        return switch (instruction) {
            case LoadImm64 load -> load.dst().name64() + " = " + immediate(load);
            case Call(CallTarget.Kfunc(int _, short moduleIndex)) when moduleIndex != 0 ->
                body(Encoder.encode(instruction).getFirst(), null, true) + '@' + moduleIndex;
            default -> body(Encoder.encode(instruction).getFirst(), null, true);
        };
    }

    private static String immediate(LoadImm64 load) {
        return switch (load.kind()) {
            case VALUE -> "0x" + Long.toHexString(load.value()) + " ll";
            case MAP_FD -> "map[fd:" + load.imm() + "]";
            case MAP_VALUE -> "map[fd:" + load.imm() + "][0]" + signed(load.nextImm());
            case BTF_ID -> "btf_id[" + load.imm() + "]" + (load.nextImm() == 0 ? "" : "@" + load.nextImm());
            case FUNC -> "subprog[" + signed(load.imm()) + "]";
            case MAP_IDX -> "map[idx:" + load.imm() + "]";
            case MAP_IDX_VALUE -> "map[idx:" + load.imm() + "][0]" + signed(load.nextImm());
        };
    }

    /**
     * A slot as the log has it behind its number: {@code (b7) r0 = 0}.
     *
     * @param next          the slot behind it, which a 64-bit immediate takes its upper half from; null if there is none
     * @param allowPtrLeaks whether addresses are shown (CAP_PERFMON); where not, they are 0
     */
    public String logText(RawInstruction slot, @Nullable RawInstruction next, boolean allowPtrLeaks) {
        String body = body(slot, next, allowPtrLeaks);
        return body.startsWith("BUG_") ? body : opcode(slot) + body;
    }

    private static String opcode(RawInstruction slot) {
        return "(" + hexByte(slot.opcode()) + ") ";
    }

    private String body(RawInstruction slot, @Nullable RawInstruction next, boolean allowPtrLeaks) {
        return switch (OpcodeBits.classOf(slot.opcode())) {
            case OpcodeBits.ALU, OpcodeBits.ALU64 -> arithmetic(slot);
            case OpcodeBits.STX -> store(slot);
            case OpcodeBits.ST -> OpcodeBits.modeOf(slot.opcode()) == OpcodeBits.MEM
                    ? memory(slot, slot.dst()) + " = " + slot.imm()
                    : "BUG_st_" + hexByte(slot.opcode());
            case OpcodeBits.LDX -> load(slot);
            case OpcodeBits.LD -> nonStandardLoad(slot, next, allowPtrLeaks);
            default -> jump(slot);
        };
    }

    private static String arithmetic(RawInstruction slot) {
        int opcode = slot.opcode();
        boolean wide = OpcodeBits.classOf(opcode) == OpcodeBits.ALU64;
        int code = OpcodeBits.codeOf(opcode);
        String dst = register(wide, slot.dst());
        if (code == OpcodeBits.END) {
            String order = wide ? "bswap" : OpcodeBits.isX(opcode) ? "be" : "le";
            return "r" + slot.dst() + " = " + order + slot.imm() + " r" + slot.dst();
        }
        if (code == OpcodeBits.NEG) {
            return dst + " = -" + dst;
        }
        String operator = (isSigned(slot) ? "s" : "") + ALU[code >> 4];
        if (!OpcodeBits.isX(opcode)) {
            return dst + ' ' + operator + ' ' + slot.imm();
        }
        if (code == OpcodeBits.MOV && wide && slot.offset() == 1) {
            return dst + " = addr_space_cast(r" + slot.src() + ", " + (slot.imm() >>> 16) + ", "
                    + (slot.imm() & 0xffff) + ')';
        }
        if (code == OpcodeBits.MOV && wide && slot.offset() == -1) {
            return dst + " = &(void __percpu *)(r" + slot.src() + ')';
        }
        boolean movsx = code == OpcodeBits.MOV && (slot.offset() == 8 || slot.offset() == 16 || slot.offset() == 32);
        return dst + ' ' + operator + ' ' + (movsx ? "(s" + slot.offset() + ')' : "") + register(wide, slot.src());
    }

    /** SDIV and SMOD. */
    private static boolean isSigned(RawInstruction slot) {
        int code = OpcodeBits.codeOf(slot.opcode()) >> 4;
        return slot.offset() == 1 && (code == AluOp.SDIV.code() || code == AluOp.SMOD.code());
    }

    private static String store(RawInstruction slot) {
        int mode = OpcodeBits.modeOf(slot.opcode());
        if (mode == OpcodeBits.MEM) {
            return memory(slot, slot.dst()) + " = r" + slot.src();
        }
        if (mode == OpcodeBits.ATOMIC) {
            for (AtomicOp op : AtomicOp.values()) {
                if (op.imm() == slot.imm()) {
                    return atomic(op, slot);
                }
            }
        }
        return "BUG_" + hexByte(slot.opcode());
    }

    private static String atomic(AtomicOp op, RawInstruction slot) {
        String src = "r" + slot.src();
        String cell = memory(slot, slot.dst());
        if (!op.fetches()) {
            return "lock " + cell + ' ' + ALU[op.imm() >> 4] + ' ' + src;
        }
        String name = switch (op) {
            case FETCH_ADD -> "fetch_add";
            case FETCH_OR -> "fetch_or";
            case FETCH_AND -> "fetch_and";
            case FETCH_XOR -> "fetch_xor";
            case XCHG -> "xchg";
            default -> "cmpxchg";
        };
        String prefix = (slot.opcode() & 0x18) == 0x18 ? "atomic64_" : "atomic_";
        String arguments = '(' + cell.substring(1) + ", " + (op == AtomicOp.CMPXCHG ? "r0, " : "") + src + ')';
        return (op == AtomicOp.CMPXCHG ? "r0" : src) + " = " + prefix + name + arguments;
    }

    private static String load(RawInstruction slot) {
        int mode = OpcodeBits.modeOf(slot.opcode());
        if (mode != OpcodeBits.MEM && mode != OpcodeBits.MEMSX) {
            return "BUG_ldx_" + hexByte(slot.opcode());
        }
        return "r" + slot.dst() + " = " + memory(slot, slot.src());
    }

    /** {@code *(u64 *)(r1 +8)}. */
    private static String memory(RawInstruction slot, int base) {
        boolean signed = OpcodeBits.modeOf(slot.opcode()) == OpcodeBits.MEMSX;
        return "*(" + typeName(slot, signed) + " *)(r" + base + ' ' + signed(slot.offset()) + ')';
    }

    private static String typeName(RawInstruction slot, boolean signed) {
        return OpcodeBits.sizeOf(slot.opcode()).typeName(signed);
    }

    private static String nonStandardLoad(RawInstruction slot, @Nullable RawInstruction next, boolean allowPtrLeaks) {
        int opcode = slot.opcode();
        if (opcode == OpcodeBits.LDDW) {
            int upper = next == null ? 0 : next.imm();
            long value = (long) upper << 32 | Integer.toUnsignedLong(slot.imm());
            boolean hidden = !allowPtrLeaks && isAddress(slot.src());
            return "r" + slot.dst() + " = 0x" + Long.toHexString(hidden ? 0 : value);
        }
        return switch (OpcodeBits.modeOf(opcode)) {
            case OpcodeBits.ABS -> "r0 = *(" + typeName(slot, false) + " *)skb[" + slot.imm() + ']';
            case OpcodeBits.IND ->
                "r0 = *(" + typeName(slot, false) + " *)skb[r" + slot.src() + " + " + slot.imm() + ']';
            default -> "BUG_ld_" + hexByte(opcode);
        };
    }

    /** Whether an LDDW of this src is one whose value disasm.c hides from those who must not see addresses. */
    private static boolean isAddress(int src) {
        return src != Instruction.ImmKind.VALUE.ordinal() && src != Instruction.ImmKind.FUNC.ordinal()
                && src < Instruction.ImmKind.values().length;
    }

    private String jump(RawInstruction slot) {
        int opcode = slot.opcode();
        boolean wide = OpcodeBits.classOf(opcode) == OpcodeBits.JMP;
        int code = OpcodeBits.codeOf(opcode);
        if (code == OpcodeBits.CALL) {
            return "call " + callee(slot);
        }
        if (opcode == (OpcodeBits.JA | OpcodeBits.JMP)) {
            return "goto pc" + signed(slot.offset());
        }
        if (opcode == (OpcodeBits.JCOND | OpcodeBits.JMP) && slot.src() == 0) {
            return "may_goto pc" + signed(slot.offset());
        }
        if (opcode == (OpcodeBits.JA | OpcodeBits.JMP32)) {
            return "gotol pc" + signed(slot.imm());
        }
        if (opcode == (OpcodeBits.EXIT | OpcodeBits.JMP)) {
            return "exit";
        }
        String right = OpcodeBits.isX(opcode) ? register(wide, slot.src()) : "0x" + Integer.toHexString(slot.imm());
        return "if " + register(wide, slot.dst()) + ' ' + CONDITION[code >> 4] + ' ' + right + " goto pc"
                + signed(slot.offset());
    }

    private String callee(RawInstruction slot) {
        return switch (slot.src()) {
            case 0 -> orElse(slot.imm() == 0 ? UNSPEC : names.helper(slot.imm()), "unknown") + '#' + slot.imm();
            case 1 -> "pc" + signed(slot.imm());
            case 2 -> orElse(names.kfunc(slot.imm(), slot.offset()), "kernel-function") + '#' + slot.imm();
            default -> "unknown#" + slot.imm();
        };
    }

    private static String orElse(@Nullable String name, String fallback) {
        return name == null ? fallback : name;
    }

    private static String register(boolean wide, int number) {
        return (wide ? "r" : "w") + number;
    }

    /** As printf's %+d. */
    private static String signed(int value) {
        return value < 0 ? Integer.toString(value) : "+" + value;
    }

    /** As printf's %02x. */
    private static String hexByte(int value) {
        return (value < 0x10 ? "0" : "") + Integer.toHexString(value);
    }
}
