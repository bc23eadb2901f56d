package org.bpfz.oracle.fuzz;

import java.util.List;
import org.bpfz.oracle.fuzz.Held.Kind;
import org.bpfz.spec.isa.AluOp;
import org.bpfz.spec.isa.Condition;
import org.bpfz.spec.isa.Instruction.Alu;
import org.bpfz.spec.isa.Instruction.Call;
import org.bpfz.spec.isa.Instruction.CallTarget;
import org.bpfz.spec.isa.Instruction.Exit;
import org.bpfz.spec.isa.Instruction.Goto;
import org.bpfz.spec.isa.Instruction.ImmKind;
import org.bpfz.spec.isa.Instruction.Jump;
import org.bpfz.spec.isa.Instruction.LoadImm64;
import org.bpfz.spec.isa.Instruction.MayGoto;
import org.bpfz.spec.isa.Instruction.Mov;
import org.bpfz.spec.isa.Reg;
import org.bpfz.spec.isa.Source;
import org.bpfz.spec.isa.Width;

/** Writes the body of one function: statements that make sense where they stand, and now and then one that a rule forbids. */
final class FunctionWriter extends Statements {
    private static final int HELPER_LOOP = 181;
    private static final int MAX_DEPTH = 3;

    private final NumberStatements numbers;
    private final StackStatements stack;
    private final MapStatements maps;
    private final ContextStatements contexts;
    /** How many things that a rule forbids are still to be done. */
    private int sins;

    FunctionWriter(ProgramWriter program, int sins) {
        super(program, new Sketch());
        this.sins = sins;
        numbers = new NumberStatements(program, now);
        stack = new StackStatements(program, now);
        maps = new MapStatements(program, now);
        contexts = new ContextStatements(program, now, numbers);
    }

    /** The main function: R1 is the context, or memory with its length in R2. */
    void main(int statements) {
        if (program.profile().raw()) {
            now.set(Reg.R1, Held.OTHER);
            now.set(Reg.R2, Held.numberUpTo(ProgramWriter.RAW_BYTES));
        } else {
            now.set(Reg.R1, Held.CONTEXT);
        }
        if (dice.percent(80)) {
            move(Reg.R6, Reg.R1);
        }
        body(statements);
    }

    /** A function that is called with two numbers; nothing is known of R3 to R5. */
    void local(int statements) {
        now.set(Reg.R1, Held.NUMBER);
        now.set(Reg.R2, Held.NUMBER);
        body(statements);
    }

    /** A callback of bpf_loop: an index and a pointer to the caller's stack. */
    void callback(int statements) {
        now.set(Reg.R1, Held.NUMBER);
        now.set(Reg.R2, Held.OTHER);
        for (int i = 0; i < statements; i++) {
            statement(MAX_DEPTH);
        }
        code.emit(new Mov(Width.W64, 0, Reg.R0, Source.of(dice.below(2))));
        code.emit(new Exit());
    }

    private void body(int statements) {
        for (int i = 0; i < statements; i++) {
            statement(0);
        }
        List<Reg> results = now.which(held -> held.is(Kind.NUMBER));
        if (!results.isEmpty() && program.returnsAnything() && dice.percent(60)) {
            code.emit(new Mov(Width.W64, 0, Reg.R0, Source.of(dice.of(results))));
        } else if (!now.get(Reg.R0).is(Kind.NUMBER) || !program.returnsAnything() || dice.oneIn(2)) {
            code.emit(new Mov(Width.W64, 0, Reg.R0, Source.of(dice.below(2))));
        }
        code.emit(new Exit());
    }

    private void statement(int depth) {
        if (sins > 0 && dice.oneIn(6)) {
            sins--;
            new SinStatements(program, now).write();
            return;
        }
        switch (dice.below(24)) {
            case 0, 1 -> numbers.constant();
            case 2, 3, 4, 5 -> numbers.arithmetic();
            case 6 -> numbers.unary();
            case 7, 8 -> stack.store();
            case 9, 10 -> stack.load();
            case 11 -> contexts.context();
            case 12, 13 -> maps.value();
            case 14 -> maps.lookup();
            case 15 -> maps.variableOffset();
            case 16 -> new HelperStatements(program, now).write();
            case 17, 18 -> condition(depth);
            case 19 -> loop(depth);
            case 20 -> call(depth);
            case 21 -> contexts.packet();
            case 22 -> stack.atomic();
            default -> contexts.raw();
        }
    }

    private void condition(int depth) {
        if (depth >= MAX_DEPTH) {
            numbers.arithmetic();
            return;
        }
        Reg left = number();
        Source right = dice.oneIn(2) ? Source.of(dice.immediate()) : Source.of(number());
        int jump = code.jump(new Jump(width(), dice.of(Condition.values()), left, right, (short) 1));
        Sketch before = now.copy();
        for (int i = dice.between(1, 3); i > 0; i--) {
            statement(depth + 1);
        }
        if (dice.oneIn(2)) {
            int end = code.jump(new Goto(dice.oneIn(4), 1));
            code.land(jump);
            Sketch first = now.copy();
            now.become(before);
            for (int i = dice.between(1, 3); i > 0; i--) {
                statement(depth + 1);
            }
            code.land(end);
            now.meet(first);
        } else {
            code.land(jump);
            now.meet(before);
        }
    }

    /** A counted loop, bpf_loop, or one that may_goto bounds. */
    private void loop(int depth) {
        if (depth >= MAX_DEPTH - 1) {
            numbers.arithmetic();
            return;
        }
        if (dice.oneIn(3) && program.mayCallBack()) {
            int context = -8 * dice.between(1, 8);
            code.emit(new Mov(Width.W64, 0, Reg.R1, Source.of(dice.of(List.of(0, 1, 2, 5, 17)))));
            int function = code.here();
            code.emit(new LoadImm64(ImmKind.FUNC, Reg.R2, 0, 0));
            code.emit(new Mov(Width.W64, 0, Reg.R3, Source.of(Reg.R10)));
            code.emit(new Alu(Width.W64, AluOp.ADD, Reg.R3, Source.of(context)));
            code.emit(new Mov(Width.W64, 0, Reg.R4, Source.of(0)));
            code.emit(new Call(new CallTarget.Helper(HELPER_LOOP)));
            program.wantCallback(function);
            now.call(Held.NUMBER);
            return;
        }
        Reg counter = Reg.of(dice.between(6, 9));
        Sketch before = now.copy();
        before.set(counter, Held.NUMBER);
        boolean may = dice.oneIn(3);
        code.emit(new Mov(Width.W64, 0, counter, Source.of(0)));
        now.set(counter, Held.NOTHING);
        int start = code.here();
        int out = may ? code.jump(new MayGoto((short) 1)) : -1;
        code.emit(new Alu(width(), AluOp.ADD, counter, Source.of(1)));
        for (int i = dice.between(1, 3); i > 0; i--) {
            // Inside, only what can not destroy the counter or what was known before.
            Reg scratch = Reg.of(dice.between(0, 5));
            code.emit(new Mov(Width.W64, 0, scratch, Source.of(counter)));
            code.emit(new Alu(width(), dice.of(List.of(AluOp.ADD, AluOp.XOR, AluOp.AND, AluOp.MUL)), scratch,
                    Source.of(dice.immediate())));
            before.set(scratch, Held.NOTHING);
        }
        int back = code.jump(new Jump(width(), dice.of(List.of(Condition.LT, Condition.NE, Condition.SLT)), counter,
                Source.of(dice.of(List.of(1, 2, 3, 8, 20))), (short) 1));
        code.aim(back, start);
        if (may) {
            code.land(out);
        }
        now.become(before);
    }

    private void call(int depth) {
        if (!program.mayCall() || depth >= MAX_DEPTH) {
            numbers.arithmetic();
            return;
        }
        Reg first = number();
        Reg second = number();
        if (second == Reg.R1) {
            code.emit(new Mov(Width.W64, 0, Reg.R2, Source.of(second)));
            code.emit(new Mov(Width.W64, 0, Reg.R1, Source.of(first == Reg.R2 ? Reg.R2 : first)));
        } else {
            code.emit(new Mov(Width.W64, 0, Reg.R1, Source.of(first)));
            code.emit(new Mov(Width.W64, 0, Reg.R2, Source.of(second)));
        }
        int call = code.jump(new Call(new CallTarget.Local(0)));
        program.wantFunction(call);
        now.call(Held.NUMBER);
    }
}
