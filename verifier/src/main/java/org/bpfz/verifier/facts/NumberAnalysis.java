package org.bpfz.verifier.facts;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;
import org.bpfz.spec.engine.Facts.BranchFact;
import org.bpfz.spec.engine.Facts.MemoryFact;
import org.bpfz.spec.engine.Facts.NumberFact;
import org.bpfz.spec.isa.Instruction;
import org.bpfz.spec.isa.Instruction.Alu;
import org.bpfz.spec.isa.Instruction.AddrSpaceCast;
import org.bpfz.spec.isa.Instruction.Atomic;
import org.bpfz.spec.isa.Instruction.Call;
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
import org.bpfz.spec.isa.Instruction.Store;
import org.bpfz.spec.isa.Program;
import org.bpfz.spec.isa.Reg;
import org.bpfz.spec.isa.Source;
import org.bpfz.spec.isa.Width;
import org.bpfz.verifier.domain.Branch;
import org.bpfz.verifier.domain.Range32;
import org.bpfz.verifier.domain.Range64;
import org.bpfz.verifier.domain.Scalar;
import org.bpfz.verifier.domain.ScalarAlu;
import org.bpfz.verifier.domain.Tnum;
import org.jspecify.annotations.Nullable;

/**
 * The numbers in registers before each instruction, on all paths together: a forward analysis over the control flow with the verifier's own
 * domain.
 *
 * <p>What the search has seen of numbers can't be used: a path that is pruned may have others (see {@link org.bpfz.verifier.Facts}). Here
 * nothing is pruned; paths join instead:
 *
 * <table>
 * <caption>How numbers join</caption>
 * <tr><td>bits</td><td>known where both know them and agree</td></tr>
 * <tr><td>bounds</td><td>the least that has both</td></tr>
 * <tr><td>at a place that has changed {@value #PATIENCE} times</td><td>any number where it changes again: loops end</td></tr>
 * </table>
 *
 * <p>An address is a number like any other; memory is not followed, so what is loaded is anything of its size.
 */
public final class NumberAnalysis {
    /** How often what is known of a place may change before what changes is given up. */
    private static final int PATIENCE = 8;
    /** Longer programs are not analysed. */
    private static final int MAX_SLOTS = 100_000;
    private static final int LAST_CALLER_SAVED = 5;

    private final Program program;
    private final BitSet live;
    private final FactCollector facts;
    private final @Nullable Scalar[][] before;
    private final int[] changes;
    private final Deque<Integer> work = new ArrayDeque<>();

    private NumberAnalysis(Program program, BitSet live, FactCollector facts) {
        this.program = program;
        this.live = live;
        this.facts = facts;
        before = new @Nullable Scalar[program.slotCount()][];
        changes = new int[program.slotCount()];
    }

    /**
     * Analyses a program.
     *
     * @param live      the slots that a path comes to
     * @param functions the first slots of its functions: nothing is known of what they get
     */
    public static NumberAnalysis of(Program program, BitSet live, FactCollector facts, List<Integer> functions) {
        NumberAnalysis analysis = new NumberAnalysis(program, live, facts);
        if (program.slotCount() <= MAX_SLOTS) {
            functions.forEach(analysis::enter);
            analysis.run();
        }
        return analysis;
    }

    private void enter(int function) {
        Scalar[] unknown = new Scalar[Reg.COUNT];
        Arrays.fill(unknown, Scalar.UNKNOWN);
        flow(function, unknown);
    }

    private void run() {
        while (!work.isEmpty()) {
            int slot = work.pop();
            Scalar[] numbers = before[slot];
            if (numbers != null) {
                step(slot, numbers.clone());
            }
        }
    }

    private void step(int slot, Scalar[] numbers) {
        switch (program.at(slot)) {
            case Jump jump -> jump(slot, jump, numbers);
            case Goto target -> flow(program.target(slot, target.offset()), numbers);
            case MayGoto target -> {
                flow(program.next(slot), numbers);
                flow(program.target(slot, target.offset()), numbers);
            }
            case Exit _ -> {
            }
            case Instruction other -> {
                transfer(slot, other, numbers);
                flow(program.next(slot), numbers);
            }
        }
    }

    private void transfer(int slot, Instruction instruction, Scalar[] numbers) {
        switch (instruction) {
            case Alu alu -> set(numbers, alu.dst(), ScalarAlu.apply(alu.width(), alu.op(), of(numbers, alu.dst()),
                    of(numbers, alu.src())), alu.width());
            case Mov mov -> set(numbers, mov.dst(), moved(mov, of(numbers, mov.src())), mov.width());
            case Neg neg -> set(numbers, neg.dst(), Scalar.UNKNOWN, neg.width());
            case End end -> set(numbers, end.dst(), end.bits() == Long.SIZE
                    ? Scalar.UNKNOWN
                    : Scalar.UNKNOWN.truncated(end.bits() / Byte.SIZE), Width.W64);
            case Load load -> set(numbers, load.dst(), loaded(slot, load), Width.W64);
            case LoadImm64 load -> set(numbers, load.dst(), load.kind() == ImmKind.VALUE
                    ? Scalar.constant((long) load.nextImm() << 32 | Integer.toUnsignedLong(load.imm()))
                    : Scalar.UNKNOWN, Width.W64);
            case AddrSpaceCast cast -> set(numbers, cast.dst(), Scalar.UNKNOWN, Width.W64);
            case Atomic atomic -> {
                if (atomic.op().fetches()) {
                    set(numbers, atomic.src(), Scalar.UNKNOWN, Width.W64);
                    set(numbers, Reg.R0, Scalar.UNKNOWN, Width.W64);
                }
            }
            case Call _,LegacyPacketLoad _ -> Arrays.fill(numbers, 0, LAST_CALLER_SAVED + 1, Scalar.UNKNOWN);
            case Store _,Jump _,Goto _,MayGoto _,Exit _ -> {
            }
        }
    }

    private static Scalar moved(Mov mov, Scalar source) {
        if (mov.signExtendFrom() == 0) {
            return source;
        }
        int bytes = mov.signExtendFrom() / Byte.SIZE;
        return mov.width() == Width.W64 ? source.signExtended(bytes).sync() : source.signExtendedLow(bytes);
    }

    /** A narrow field of a context may stand for a whole address. */
    private Scalar loaded(int slot, Load load) {
        MemoryFact from = facts.memory(slot);
        boolean plain = from instanceof MemoryFact.OwnFrame || from instanceof MemoryFact.MapValue
                || from instanceof MemoryFact.Packet;
        return plain && !load.signed() && load.size().bytes() < Long.BYTES
                ? Scalar.UNKNOWN.truncated(load.size().bytes())
                : Scalar.UNKNOWN;
    }

    private static Scalar of(Scalar[] numbers, Reg register) {
        return numbers[register.ordinal()];
    }

    private static Scalar of(Scalar[] numbers, Source source) {
        return switch (source) {
            case Source.Register register -> of(numbers, register.reg());
            case Source.Imm immediate -> Scalar.constant(immediate.value());
        };
    }

    private static void set(Scalar[] numbers, Reg register, Scalar value, Width width) {
        Scalar narrow = width == Width.W32 ? value.zeroExtended().sync() : value;
        numbers[register.ordinal()] = narrow.violation() == null ? narrow : Scalar.UNKNOWN;
    }

    private void jump(int slot, Jump jump, Scalar[] numbers) {
        BranchFact ways = facts.branch(slot);
        if (ways != BranchFact.ALWAYS) {
            flow(program.next(slot), refined(jump, false, numbers));
        }
        if (ways != BranchFact.NEVER) {
            flow(program.target(slot, jump.offset()), refined(jump, true, numbers));
        }
    }

    private static Scalar[] refined(Jump jump, boolean taken, Scalar[] numbers) {
        boolean same = jump.right() instanceof Source.Register right && right.reg() == jump.left();
        Scalar left = of(numbers, jump.left());
        Branch.Refined learnt = Branch.refine(jump.width(), jump.condition(), taken, left, of(numbers, jump.right()));
        Scalar[] after = numbers.clone();
        if (!same && learnt.left().violation() == null && learnt.right().violation() == null) {
            after[jump.left().ordinal()] = learnt.left();
            if (jump.right() instanceof Source.Register right) {
                after[right.reg().ordinal()] = learnt.right();
            }
        }
        return after;
    }

    /** What is known on a way to a slot joins what was known there. */
    private void flow(int slot, Scalar[] numbers) {
        if (slot >= before.length || !live.get(slot)) {
            return;
        }
        Scalar[] known = before[slot];
        if (known == null) {
            before[slot] = numbers.clone();
            work.push(slot);
            return;
        }
        boolean changed = false;
        for (int i = 0; i < Reg.COUNT; i++) {
            Scalar joined = join(known[i], numbers[i]);
            if (!joined.equals(known[i])) {
                known[i] = changes[slot] < PATIENCE ? joined : Scalar.UNKNOWN;
                changed = true;
            }
        }
        if (changed) {
            changes[slot]++;
            work.push(slot);
        }
    }

    private static Scalar join(Scalar a, Scalar b) {
        long unknown = a.bits().mask() | b.bits().mask() | (a.bits().value() ^ b.bits().value());
        Range64 p = a.wide();
        Range64 q = b.wide();
        Range64 wide = new Range64(Long.compareUnsigned(p.umin(), q.umin()) <= 0 ? p.umin() : q.umin(),
                Long.compareUnsigned(p.umax(), q.umax()) >= 0 ? p.umax() : q.umax(), Math.min(p.smin(), q.smin()),
                Math.max(p.smax(), q.smax()));
        Range32 r = a.low();
        Range32 s = b.low();
        Range32 low = new Range32(Integer.compareUnsigned(r.umin(), s.umin()) <= 0 ? r.umin() : s.umin(),
                Integer.compareUnsigned(r.umax(), s.umax()) >= 0 ? r.umax() : s.umax(), Math.min(r.smin(), s.smin()),
                Math.max(r.smax(), s.smax()));
        return new Scalar(new Tnum(a.bits().value() & ~unknown, unknown), wide, low);
    }

    /** The number in the destination of the instruction at the slot, of a comparison to the left, before it. */
    public NumberFact destination(int slot) {
        Reg register = switch (at(slot)) {
            case Alu alu -> alu.dst();
            case Neg neg -> neg.dst();
            case End end -> end.dst();
            case Jump jump -> jump.left();
            case null, default -> null;
        };
        return fact(slot, register);
    }

    /** The number in the source register of the instruction at the slot, of a comparison to the right, before it. */
    public NumberFact source(int slot) {
        Source source = switch (at(slot)) {
            case Alu alu -> alu.src();
            case Mov mov -> mov.src();
            case Store store -> store.src();
            case Atomic atomic -> new Source.Register(atomic.src());
            case Jump jump -> jump.right();
            case null, default -> null;
        };
        return fact(slot, source instanceof Source.Register register ? register.reg() : null);
    }

    private @Nullable Instruction at(int slot) {
        return slot < before.length && program.isInstruction(slot) ? program.at(slot) : null;
    }

    private NumberFact fact(int slot, @Nullable Reg register) {
        Scalar[] numbers = before[slot];
        if (register == null || numbers == null) {
            return NumberFact.ANY;
        }
        Scalar number = of(numbers, register);
        return new NumberFact(number.bits().value(), number.bits().mask(), number.wide().umin(), number.wide().umax(),
                number.wide().smin(), number.wide().smax());
    }
}
