package org.bpfz.spec.isa;

import java.util.Arrays;
import java.util.List;
import org.bpfz.spec.isa.AssemblyLine.Numeral;
import org.bpfz.spec.isa.Instruction.Alu;
import org.bpfz.spec.isa.Instruction.Atomic;
import org.bpfz.spec.isa.Instruction.Call;
import org.bpfz.spec.isa.Instruction.CallTarget;
import org.bpfz.spec.isa.Instruction.Exit;
import org.bpfz.spec.isa.Instruction.Goto;
import org.bpfz.spec.isa.Instruction.Jump;
import org.bpfz.spec.isa.Instruction.MayGoto;
import org.bpfz.spec.isa.Instruction.Store;
import org.bpfz.spec.isa.OperandParser.Cell;
import org.bpfz.spec.isa.OperandParser.Register;

/** The grammar of one instruction, for {@link Assembler}; what stands behind "dst =" is {@link AssignmentParser}'s. */
final class StatementParser {
    private static final List<String> ALU_SYMBOLS = Arrays.stream(AluOp.values()).map(AluOp::symbol).toList();

    private static final List<String> CONDITION_SYMBOLS = Arrays.stream(Condition.values()).map(Condition::symbol)
            .toList();

    private final AssemblyLine line;
    private final OperandParser operands;
    private final CallNames names;
    private final boolean wideConstant;

    /**
     * A parser of the rest of a line.
     *
     * @param wideConstant whether a constant is a 64-bit immediate without {@code ll}
     */
    StatementParser(AssemblyLine line, OperandParser operands, CallNames names, boolean wideConstant) {
        this.line = line;
        this.operands = operands;
        this.names = names;
        this.wideConstant = wideConstant;
    }

    Instruction statement() {
        if (line.accept("exit")) {
            return new Exit();
        }
        if (line.accept("goto")) {
            return new Goto(false, operands.shortOffset());
        }
        if (line.accept("gotol")) {
            return new Goto(true, operands.longOffset());
        }
        if (line.accept("may_goto")) {
            return mayGoto();
        }
        if (line.accept("call")) {
            return new Call(callee());
        }
        if (line.accept("if")) {
            return jump();
        }
        if (line.accept("lock")) {
            return atomicWithoutResult();
        }
        if (line.accept("*")) {
            return store();
        }
        Register dst = operands.acceptRegister();
        if (dst == null) {
            throw line.error("expected an instruction, found " + line.found());
        }
        String symbol = line.acceptAny(ALU_SYMBOLS);
        if (symbol != null) {
            AluOp op = AluOp.values()[ALU_SYMBOLS.indexOf(symbol)];
            return new Alu(dst.width(), op, dst.reg(), operands.source(dst.width()));
        }
        line.expect("=");
        return new AssignmentParser(line, operands, dst).value(wideConstant);
    }

    private MayGoto mayGoto() {
        int position = line.position();
        short offset = operands.shortOffset();
        if (offset == 0) {
            throw line.errorAt(position, "may_goto must not lead to the next instruction");
        }
        return new MayGoto(offset);
    }

    /** {@code w1 s> 0x5 goto pc+3}. */
    private Jump jump() {
        Register left = operands.register();
        String symbol = line.acceptAny(CONDITION_SYMBOLS);
        if (symbol == null) {
            throw line.error("expected a condition, found " + line.found());
        }
        Condition condition = Condition.values()[CONDITION_SYMBOLS.indexOf(symbol)];
        Source right;
        if (line.isNumber()) {
            // The log writes the constant as 32 bits of hexadecimal, also where 64 bits are compared.
            Numeral numeral = line.numeral();
            right = Source.of(operands.constant(numeral, left.width() == Width.W32 || numeral.hex()));
        } else {
            right = Source.of(operands.register(left.width()));
        }
        line.expect("goto");
        return new Jump(left.width(), condition, left.reg(), right, operands.shortOffset());
    }

    /** {@code pc+3}, {@code bpf_map_lookup_elem#1}, {@code kernel-function#5@1}, {@code 1}, or a label or helper's name. */
    private CallTarget callee() {
        int position = line.position();
        if (line.accept("pc")) {
            line.reset(position);
            return new CallTarget.Local(operands.longOffset());
        }
        if (line.isNumber() && !line.isSigned()) {
            return new CallTarget.Helper(operands.number());
        }
        if (line.accept("kernel-function")) {
            line.expect("#");
            return kfunc(operands.number());
        }
        String name = line.acceptName();
        if (name == null) {
            throw line.error("expected a function, found " + line.found());
        }
        return line.accept("#")
                ? numbered(name, operands.number(), position)
                : named(name, position);
    }

    private CallTarget numbered(String name, int number, int position) {
        Integer helper = name.equals(Disassembler.UNSPEC) ? (Integer) 0 : names.helper(name);
        if (helper == null) {
            return name.equals("unknown") ? new CallTarget.Helper(number) : kfunc(number);
        }
        if (helper != number) {
            throw line.errorAt(position, name + " is helper " + helper + ", not " + number);
        }
        return new CallTarget.Helper(number);
    }

    private CallTarget named(String name, int position) {
        Integer offset = operands.offsetOf(name);
        if (offset != null) {
            return new CallTarget.Local(offset);
        }
        Integer helper = names.helper(name);
        if (helper == null) {
            throw line.errorAt(position, "neither a label nor a helper: '" + name + "'");
        }
        return new CallTarget.Helper(helper);
    }

    private CallTarget kfunc(int btfId) {
        short moduleIndex = line.accept("@") ? (short) line.number(Short.MIN_VALUE, Short.MAX_VALUE) : 0;
        return new CallTarget.Kfunc(btfId, moduleIndex);
    }

    /** {@code *(u64 *)(r10 -8) += r1}. */
    private Atomic atomicWithoutResult() {
        line.expect("*");
        Cell cell = operands.typedCell();
        int position = line.position();
        String symbol = line.acceptAny(ALU_SYMBOLS);
        AtomicOp op = switch (symbol == null ? "" : symbol) {
            case "+=" -> AtomicOp.ADD;
            case "|=" -> AtomicOp.OR;
            case "&=" -> AtomicOp.AND;
            case "^=" -> AtomicOp.XOR;
            default -> throw line.errorAt(position, "expected +=, |=, &= or ^=");
        };
        return AssignmentParser.atomic(line, op, cell, operands.register(cell.size()));
    }

    /** {@code (u32 *)(r1 +8) = r2}. */
    private Store store() {
        Cell cell = operands.typedCell();
        if (cell.signed()) {
            throw line.errorAt(cell.position(), "a store has no sign: use " + cell.size().typeName(false));
        }
        line.expect("=");
        Source src = line.isNumber()
                ? Source.of(operands.constant(line.numeral(), cell.size() != MemSize.DW))
                : Source.of(operands.register(cell.size()));
        return new Store(cell.size(), cell.base(), cell.offset(), src);
    }
}
