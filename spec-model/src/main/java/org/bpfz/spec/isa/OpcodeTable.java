package org.bpfz.spec.isa;

import static org.bpfz.spec.isa.Encoding.Field.IGNORED;
import static org.bpfz.spec.isa.Encoding.Field.OPERAND;
import static org.bpfz.spec.isa.Encoding.Field.ZERO;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bpfz.spec.isa.Encoding.Field;
import org.bpfz.spec.isa.Instruction.AddrSpaceCast;
import org.bpfz.spec.isa.Instruction.Alu;
import org.bpfz.spec.isa.Instruction.Atomic;
import org.bpfz.spec.isa.Instruction.Call;
import org.bpfz.spec.isa.Instruction.CallTarget;
import org.bpfz.spec.isa.Instruction.End;
import org.bpfz.spec.isa.Instruction.Exit;
import org.bpfz.spec.isa.Instruction.Goto;
import org.bpfz.spec.isa.Instruction.ImmKind;
import org.bpfz.spec.isa.Instruction.Jump;
import org.bpfz.spec.isa.Instruction.LegacyPacketLoad;
import org.bpfz.spec.isa.Instruction.Load;
import org.bpfz.spec.isa.Instruction.LoadImm64;
import org.bpfz.spec.isa.Instruction.MayGoto;
import org.bpfz.spec.isa.Instruction.Mov;
import org.bpfz.spec.isa.Instruction.Neg;
import org.bpfz.spec.isa.Instruction.PacketMode;
import org.bpfz.spec.isa.Instruction.Store;

/**
 * Every legal encoding as a row: all of RFC 9669 and what Linux 6.12 has beyond it. Decoder, encoder, documentation and
 * generators read it; nothing else knows an opcode.
 *
 * <p>The rows come in the standard's order. An opcode byte can have several, told apart by the fields that are fixed;
 * {@code docs/ISA.md} prints them all. They are those of IANA's registry of BPF instructions but for two things: the
 * registry leaves out the sign-extending loads, which the standard's text puts into base32, and Linux uses the offset of a
 * call by BTF id for the module that the function is of.
 */
public final class OpcodeTable {
    private static final Reg R0 = Reg.R0;
    private static final Source K = Source.of(0);
    private static final Source X = Source.of(R0);

    private static final List<Encoding> ROWS;
    private static final List<List<Encoding>> BY_OPCODE;
    private static final Map<Instruction, Encoding> BY_PROTOTYPE = new HashMap<>();

    static {
        List<Encoding> rows = new ArrayList<>();
        arithmetic(rows);
        byteSwaps(rows);
        jumps(rows);
        loadsAndStores(rows);
        atomics(rows);
        immediates(rows);
        packetLoads(rows);
        ROWS = List.copyOf(rows);

        List<List<Encoding>> byOpcode = new ArrayList<>();
        for (int opcode = 0; opcode < 256; opcode++) {
            int wanted = opcode;
            byOpcode.add(ROWS.stream().filter(row -> row.opcode() == wanted).toList());
        }
        BY_OPCODE = List.copyOf(byOpcode);
        ROWS.forEach(row -> BY_PROTOTYPE.put(row.prototype(), row));
    }

    private OpcodeTable() {
    }

    /** All rows. */
    public static List<Encoding> rows() {
        return ROWS;
    }

    /** The rows of an opcode byte, 0 to 255; none if Linux 6.12 has no such opcode. */
    public static List<Encoding> rows(int opcode) {
        return BY_OPCODE.get(opcode);
    }

    /** The row that an instruction is an instance of. */
    public static Encoding rowOf(Instruction instruction) {
        Encoding row = BY_PROTOTYPE.get(Operands.PLACEHOLDERS.into(instruction));
        if (row == null) {
            throw new AssertionError("no row for " + instruction);
        }
        return row;
    }

    /** RFC 9669, section 4.1; addr_space_cast is Linux's (verifier.c, check_alu_op). */
    private static void arithmetic(List<Encoding> rows) {
        for (Width width : Width.values()) {
            for (AluOp op : AluOp.values()) {
                int code = op.code() << 4 | OpcodeBits.aluClass(width);
                Field offset = Field.fixed(op.offset());
                ConformanceGroup group = switch (op) {
                    case MUL, DIV, SDIV, MOD, SMOD -> byWidth(width, ConformanceGroup.DIVMUL32,
                            ConformanceGroup.DIVMUL64);
                    case ADD, SUB, OR, AND, LSH, RSH, XOR, ARSH -> base(width);
                };
                rows.add(immediate(code, offset, new Alu(width, op, R0, K), group));
                rows.add(register(code, offset, new Alu(width, op, R0, X), group));
            }
            int neg = OpcodeBits.NEG | OpcodeBits.aluClass(width);
            rows.add(new Encoding(neg, OPERAND, ZERO, ZERO, ZERO, ZERO, new Neg(width, R0), base(width)));
            int mov = OpcodeBits.MOV | OpcodeBits.aluClass(width);
            rows.add(immediate(mov, ZERO, new Mov(width, 0, R0, K), base(width)));
            rows.add(register(mov, ZERO, new Mov(width, 0, R0, X), base(width)));
            for (int bits = 8; bits < width.bits(); bits *= 2) {
                rows.add(register(mov, Field.fixed(bits), new Mov(width, bits, R0, X), base(width)));
            }
        }
        for (int to = 0; to <= 1; to++) {
            rows.add(new Encoding(OpcodeBits.MOV | OpcodeBits.X | OpcodeBits.ALU64, OPERAND, OPERAND, Field.fixed(1),
                    Field.fixed(to << 16 | 1 - to), ZERO, new AddrSpaceCast(R0, R0, to, 1 - to),
                    ConformanceGroup.LINUX));
        }
    }

    /** RFC 9669, section 4.2: "Width 64 operations belong to the base64 conformance group", the others to base32. */
    private static void byteSwaps(List<Encoding> rows) {
        for (Instruction.ByteOrder order : Instruction.ByteOrder.values()) {
            int code = OpcodeBits.END | switch (order) {
                case LE -> OpcodeBits.ALU | OpcodeBits.K;
                case BE -> OpcodeBits.ALU | OpcodeBits.X;
                case SWAP -> OpcodeBits.ALU64 | OpcodeBits.K;
            };
            for (int bits = 16; bits <= 64; bits *= 2) {
                rows.add(new Encoding(code, OPERAND, ZERO, ZERO, Field.fixed(bits), ZERO, new End(order, bits, R0),
                        bits == 64 ? ConformanceGroup.BASE64 : ConformanceGroup.BASE32));
            }
        }
    }

    /** RFC 9669, section 4.3; may_goto is Linux's (verifier.c, check_cond_jmp_op). */
    private static void jumps(List<Encoding> rows) {
        for (Width width : Width.values()) {
            for (Condition condition : Condition.values()) {
                int code = condition.code() << 4 | OpcodeBits.jumpClass(width);
                rows.add(immediate(code, OPERAND, new Jump(width, condition, R0, K, (short) 1), base(width)));
                rows.add(register(code, OPERAND, new Jump(width, condition, R0, X, (short) 1), base(width)));
            }
        }
        rows.add(control(OpcodeBits.JA | OpcodeBits.JMP, 0, OPERAND, ZERO, new Goto(false, 1)));
        rows.add(control(OpcodeBits.JA | OpcodeBits.JMP32, 0, ZERO, OPERAND, new Goto(true, 0)));
        int call = OpcodeBits.CALL | OpcodeBits.JMP;
        rows.add(control(call, 0, ZERO, OPERAND, new Call(new CallTarget.Helper(0))));
        rows.add(control(call, 1, ZERO, OPERAND, new Call(new CallTarget.Local(0))));
        rows.add(control(call, 2, OPERAND, OPERAND, new Call(new CallTarget.Kfunc(0, (short) 1))));
        rows.add(control(OpcodeBits.EXIT | OpcodeBits.JMP, 0, IGNORED, ZERO, new Exit()));
        rows.add(new Encoding(OpcodeBits.JCOND | OpcodeBits.JMP, ZERO, ZERO, OPERAND, ZERO, ZERO,
                new MayGoto((short) 1), ConformanceGroup.LINUX));
    }

    /** RFC 9669, sections 5.1 and 5.2: "instructions using DW belong to the base64 conformance group". */
    private static void loadsAndStores(List<Encoding> rows) {
        for (MemSize size : MemSize.values()) {
            ConformanceGroup group = size == MemSize.DW ? ConformanceGroup.BASE64 : ConformanceGroup.BASE32;
            int mem = OpcodeBits.MEM | OpcodeBits.size(size);
            rows.add(new Encoding(mem | OpcodeBits.ST, OPERAND, ZERO, OPERAND, OPERAND, ZERO,
                    new Store(size, R0, (short) 1, K), group));
            rows.add(new Encoding(mem | OpcodeBits.STX, OPERAND, OPERAND, OPERAND, ZERO, ZERO,
                    new Store(size, R0, (short) 1, X), group));
            rows.add(new Encoding(mem | OpcodeBits.LDX, OPERAND, OPERAND, OPERAND, ZERO, ZERO,
                    new Load(size, false, R0, R0, (short) 1), group));
            if (size != MemSize.DW) {
                rows.add(new Encoding(OpcodeBits.MEMSX | OpcodeBits.size(size) | OpcodeBits.LDX, OPERAND, OPERAND,
                        OPERAND, ZERO, ZERO, new Load(size, true, R0, R0, (short) 1), group));
            }
        }
    }

    /** RFC 9669, section 5.3. */
    private static void atomics(List<Encoding> rows) {
        for (MemSize size : List.of(MemSize.W, MemSize.DW)) {
            int code = OpcodeBits.ATOMIC | OpcodeBits.size(size) | OpcodeBits.STX;
            ConformanceGroup group = size == MemSize.W ? ConformanceGroup.ATOMIC32 : ConformanceGroup.ATOMIC64;
            for (AtomicOp op : AtomicOp.values()) {
                rows.add(new Encoding(code, OPERAND, OPERAND, OPERAND, Field.fixed(op.imm()), ZERO,
                        new Atomic(op, size, R0, (short) 1, R0), group));
            }
        }
    }

    /** RFC 9669, section 5.4; which kinds use the upper half: verifier.c, resolve_pseudo_ldimm64. */
    private static void immediates(List<Encoding> rows) {
        for (ImmKind kind : ImmKind.values()) {
            Field upper = switch (kind) {
                case VALUE, MAP_VALUE, BTF_ID, MAP_IDX_VALUE -> OPERAND;
                case FUNC -> IGNORED;
                case MAP_FD, MAP_IDX -> ZERO;
            };
            rows.add(new Encoding(OpcodeBits.LDDW, OPERAND, Field.fixed(kind.ordinal()), ZERO, OPERAND, upper,
                    new LoadImm64(kind, R0, 0, 0), ConformanceGroup.BASE64));
        }
    }

    /** RFC 9669, section 5.5; the fields: verifier.c, check_ld_abs. */
    private static void packetLoads(List<Encoding> rows) {
        for (PacketMode mode : PacketMode.values()) {
            for (MemSize size : List.of(MemSize.B, MemSize.H, MemSize.W)) {
                int code = OpcodeBits.size(size) | OpcodeBits.LD
                        | (mode == PacketMode.ABS ? OpcodeBits.ABS : OpcodeBits.IND);
                rows.add(new Encoding(code, ZERO, mode == PacketMode.ABS ? ZERO : OPERAND, ZERO, OPERAND, ZERO,
                        new LegacyPacketLoad(mode, size, R0, 0), ConformanceGroup.PACKET));
            }
        }
    }

    private static Encoding immediate(int code, Field offset, Instruction prototype, ConformanceGroup group) {
        return new Encoding(code | OpcodeBits.K, OPERAND, ZERO, offset, OPERAND, ZERO, prototype, group);
    }

    private static Encoding register(int code, Field offset, Instruction prototype, ConformanceGroup group) {
        return new Encoding(code | OpcodeBits.X, OPERAND, OPERAND, offset, ZERO, ZERO, prototype, group);
    }

    /** "All CALL and JA instructions belong to the base32 conformance group"; so does EXIT. */
    private static Encoding control(int code, int src, Field offset, Field imm, Instruction prototype) {
        return new Encoding(code, ZERO, Field.fixed(src), offset, imm, ZERO, prototype, ConformanceGroup.BASE32);
    }

    private static ConformanceGroup base(Width width) {
        return byWidth(width, ConformanceGroup.BASE32, ConformanceGroup.BASE64);
    }

    private static ConformanceGroup byWidth(Width width, ConformanceGroup at32, ConformanceGroup at64) {
        return width == Width.W32 ? at32 : at64;
    }
}
