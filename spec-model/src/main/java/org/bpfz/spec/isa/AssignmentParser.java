package org.bpfz.spec.isa;

import java.util.Arrays;
import org.bpfz.spec.isa.AssemblyLine.Numeral;
import org.bpfz.spec.isa.Instruction.AddrSpaceCast;
import org.bpfz.spec.isa.Instruction.Atomic;
import org.bpfz.spec.isa.Instruction.End;
import org.bpfz.spec.isa.Instruction.ImmKind;
import org.bpfz.spec.isa.Instruction.LegacyPacketLoad;
import org.bpfz.spec.isa.Instruction.Load;
import org.bpfz.spec.isa.Instruction.LoadImm64;
import org.bpfz.spec.isa.Instruction.Mov;
import org.bpfz.spec.isa.Instruction.Neg;
import org.bpfz.spec.isa.Instruction.PacketMode;
import org.bpfz.spec.isa.OperandParser.Cell;
import org.bpfz.spec.isa.OperandParser.Register;

/** The grammar of what a register can be set to, for {@link StatementParser}. */
final class AssignmentParser {
    private final AssemblyLine line;
    private final OperandParser operands;
    private final Register dst;

    /** A parser of what stands behind {@code dst =}. */
    AssignmentParser(AssemblyLine line, OperandParser operands, Register dst) {
        this.line = line;
        this.operands = operands;
        this.dst = dst;
    }

    /**
     * The whole instruction.
     *
     * @param wideConstant whether a constant is a 64-bit immediate without {@code ll}
     */
    Instruction value(boolean wideConstant) {
        int position = line.position();
        if (line.isNumber()) {
            return constant(line.numeral(), wideConstant);
        }
        if (line.accept("-")) {
            operands.same(dst);
            return new Neg(dst.width(), dst.reg());
        }
        if (line.accept("*")) {
            return load();
        }
        if (line.accept("(")) {
            return signExtension();
        }
        Register src = operands.acceptRegister();
        if (src != null) {
            line.reset(position);
            return new Mov(dst.width(), 0, dst.reg(), Source.of(operands.register(dst.width())));
        }
        String name = line.acceptName();
        return switch (name == null ? "" : name) {
            case "" -> throw line.error("expected a value, found " + line.found());
            case "be16", "be32", "be64", "le16", "le32", "le64", "bswap16", "bswap32", "bswap64" -> byteSwap(name);
            case "addr_space_cast" -> addrSpaceCast();
            case "map" -> mapAddress();
            case "btf_id" -> {
                int id = bracketed();
                yield immediate(ImmKind.BTF_ID, id, line.accept("@") ? operands.number() : 0);
            }
            case "subprog" -> {
                line.expect("[");
                int offset = operands.longOffset();
                line.expect("]");
                yield immediate(ImmKind.FUNC, offset, 0);
            }
            default -> atomicWithResult(name, position);
        };
    }

    private Instruction constant(Numeral numeral, boolean wide) {
        if (!line.accept("ll") && !wide) {
            int imm = operands.constant(numeral, dst.width() == Width.W32);
            return new Mov(dst.width(), 0, dst.reg(), Source.of(imm));
        }
        if (!numeral.fits64Bits()) {
            throw line.errorAt(numeral.position(), "constant does not fit 64 bits");
        }
        return immediate(ImmKind.VALUE, (int) numeral.value(), (int) (numeral.value() >> 32));
    }

    private LoadImm64 immediate(ImmKind kind, int imm, int nextImm) {
        requireWide("a 64-bit immediate");
        return new LoadImm64(kind, dst.reg(), imm, nextImm);
    }

    private void requireWide(String what) {
        if (dst.width() != Width.W64) {
            throw line.error(what + " sets all 64 bits: use " + dst.reg().name64());
        }
    }

    /** {@code (u32 *)(r1 +8)} or {@code (u16 *)skb[5]}. */
    private Instruction load() {
        int position = line.position();
        line.expect("(");
        String type = line.acceptName();
        line.expect("*");
        line.expect(")");
        if (type != null && line.accept("skb")) {
            return packetLoad(type, position);
        }
        line.reset(position);
        Cell cell = operands.typedCell();
        if (cell.signed() && cell.size() == MemSize.DW) {
            throw line.errorAt(cell.position(), "a load of 8 bytes has no sign to extend: use u64");
        }
        if (cell.signed() || cell.size() == MemSize.DW) {
            requireWide("this load");
        }
        return new Load(cell.size(), cell.signed(), dst.reg(), cell.base(), cell.offset());
    }

    /** {@code [r3 + 5]} or {@code [5]}. */
    private LegacyPacketLoad packetLoad(String type, int position) {
        MemSize size = Arrays.stream(MemSize.values()).filter(s -> s.typeName(false).equals(type)).findFirst()
                .orElse(MemSize.DW);
        if (size == MemSize.DW || dst.reg() != Reg.R0) {
            throw line.errorAt(position, "a packet load is of u8, u16 or u32 into r0");
        }
        line.expect("[");
        LegacyPacketLoad load;
        if (line.isNumber()) {
            load = new LegacyPacketLoad(PacketMode.ABS, size, Reg.R0, operands.number());
        } else {
            Reg src = operands.register(Width.W64);
            load = new LegacyPacketLoad(PacketMode.IND, size, src, line.accept("+") ? operands.number() : 0);
        }
        line.expect("]");
        return load;
    }

    /** {@code s8)r2}. */
    private Mov signExtension() {
        int position = line.position();
        int from = line.accept("s8") ? 8 : line.accept("s16") ? 16 : line.accept("s32") ? 32 : 0;
        if (from == 0 || from >= dst.width().bits()) {
            throw line.errorAt(position, "expected " + (dst.width() == Width.W64 ? "s8, s16 or s32" : "s8 or s16"));
        }
        line.expect(")");
        return new Mov(dst.width(), from, dst.reg(), Source.of(operands.register(dst.width())));
    }

    /** {@code r1}, behind {@code be16}. */
    private End byteSwap(String name) {
        requireWide(name);
        operands.same(dst);
        int digits = name.length() - 2;
        Instruction.ByteOrder order = switch (name.substring(0, digits)) {
            case "le" -> Instruction.ByteOrder.LE;
            case "be" -> Instruction.ByteOrder.BE;
            default -> Instruction.ByteOrder.SWAP;
        };
        return new End(order, Integer.parseInt(name, digits, name.length(), 10), dst.reg());
    }

    /** {@code (r1, 0, 1)}. */
    private AddrSpaceCast addrSpaceCast() {
        requireWide("addr_space_cast");
        line.expect("(");
        Reg src = operands.register(Width.W64);
        line.expect(",");
        int to = (int) line.number(0, 1);
        line.expect(",");
        int from = (int) line.number(1 - to, 1 - to);
        line.expect(")");
        return new AddrSpaceCast(dst.reg(), src, to, from);
    }

    /** {@code [fd:5]} or {@code [idx:5]}, either with {@code [0]+8} behind for an address in the first value. */
    private LoadImm64 mapAddress() {
        line.expect("[");
        boolean byIndex = line.accept("idx");
        if (!byIndex) {
            line.expect("fd");
        }
        line.expect(":");
        int map = operands.number();
        line.expect("]");
        if (!line.accept("[")) {
            return immediate(byIndex ? ImmKind.MAP_IDX : ImmKind.MAP_FD, map, 0);
        }
        line.number(0, 0);
        line.expect("]");
        return immediate(byIndex ? ImmKind.MAP_IDX_VALUE : ImmKind.MAP_VALUE, map, operands.number());
    }

    private int bracketed() {
        line.expect("[");
        int number = operands.number();
        line.expect("]");
        return number;
    }

    /**
     * The log's {@code atomic64_fetch_add((u64 *)(r1 +0), r2)} and {@code atomic_cmpxchg((u32 *)(r1 +0), r0, r2)}; LLVM's
     * {@code xchg_64(r1 + 0, r2)}.
     */
    private Atomic atomicWithResult(String name, int position) {
        AtomicOp op = switch (name) {
            case "atomic_fetch_add", "atomic64_fetch_add" -> AtomicOp.FETCH_ADD;
            case "atomic_fetch_or", "atomic64_fetch_or" -> AtomicOp.FETCH_OR;
            case "atomic_fetch_and", "atomic64_fetch_and" -> AtomicOp.FETCH_AND;
            case "atomic_fetch_xor", "atomic64_fetch_xor" -> AtomicOp.FETCH_XOR;
            case "atomic_xchg", "atomic64_xchg", "xchg_64", "xchg32_32" -> AtomicOp.XCHG;
            case "atomic_cmpxchg", "atomic64_cmpxchg", "cmpxchg_64", "cmpxchg32_32" -> AtomicOp.CMPXCHG;
            default -> throw line.errorAt(position, "no function '" + name + "'");
        };
        line.expect("(");
        Cell cell = name.startsWith("atomic")
                ? operands.typedCell()
                : operands.cell(line.position(), name.endsWith("_64") ? MemSize.DW : MemSize.W, false);
        if (cell.size() == MemSize.DW) {
            requireWide(name);
        }
        if (name.startsWith("atomic64") && cell.size() != MemSize.DW) {
            throw line.errorAt(cell.position(), name + " is on u64");
        }
        line.expect(",");
        int argument = line.position();
        Reg src = operands.register(cell.size());
        Reg result = src;
        if (op == AtomicOp.CMPXCHG) {
            if (src != Reg.R0) {
                throw line.errorAt(argument, name + " compares with r0");
            }
            line.expect(",");
            result = Reg.R0;
            src = operands.register(cell.size());
        }
        line.expect(")");
        if (dst.reg() != result) {
            throw line.errorAt(position, name + " here returns into " + result.name64());
        }
        return atomic(line, op, cell, src);
    }

    /** The operation on the cell. */
    static Atomic atomic(AssemblyLine line, AtomicOp op, Cell cell, Reg src) {
        if (cell.signed() || (cell.size() != MemSize.W && cell.size() != MemSize.DW)) {
            throw line.errorAt(cell.position(), "an atomic operation is on u32 or u64");
        }
        return new Atomic(op, cell.size(), cell.base(), cell.offset(), src);
    }
}
