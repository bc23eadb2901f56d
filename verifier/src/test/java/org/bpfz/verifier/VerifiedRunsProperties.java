package org.bpfz.verifier;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.lifecycle.AfterContainer;
import org.bpfz.spec.engine.Facts.BranchFact;
import org.bpfz.spec.engine.Facts.MemoryFact;
import org.bpfz.spec.engine.Invocation;
import org.bpfz.spec.engine.Services;
import org.bpfz.spec.isa.CallNames;
import org.bpfz.spec.isa.Disassembler;
import org.bpfz.spec.isa.RawInstruction;
import org.bpfz.spec.isa.Reg;
import org.bpfz.spec.machine.Machine;
import org.bpfz.spec.machine.SpecificationEngine;
import org.bpfz.spec.memory.Memory;
import org.bpfz.spec.memory.RegionKind;
import org.bpfz.spec.memory.Word;
import org.bpfz.spec.program.MapSpec;
import org.bpfz.spec.program.MapType;
import org.bpfz.spec.program.ProgramImage;
import org.bpfz.spec.program.ProgramType;
import org.bpfz.verifier.domain.Scalar;
import org.bpfz.verifier.state.Frame;
import org.bpfz.verifier.state.Kind;
import org.bpfz.verifier.state.Value;
import org.jspecify.annotations.Nullable;

/**
 * The verifier is right: programs that it accepts run on the specification without a fault, and at each instruction all registers are what
 * it believes of one of the paths that it followed there.
 *
 * <p>A longer campaign: {@code -Dbpfz.soundness.programs=100000 -Dtest=VerifiedRunsProperties}.
 */
class VerifiedRunsProperties {
    private static final int TRIES = 500;
    private static final int PROGRAMS = Integer.getInteger("bpfz.soundness.programs", 4 * TRIES);
    private static final int RUNS = 3;
    private static final int MOST_STATES = 60_000;
    private static final int BUDGET = 20_000;
    private static final MapSpec MAP = MapSpec.of("map", MapType.ARRAY, 4, RandomPrograms.VALUE_SIZE, 2);

    private static int accepted;
    private static int refused;
    private static long compared;

    /** What is believed of one visit of an instruction. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Belief(int depth, Value[] registers) {}

    /** All visits of all instructions of one program. */
    private static final class Beliefs {
        private final List<List<Belief>> bySlot = new ArrayList<>();
        private int count;

        Beliefs(int length) {
            for (int i = 0; i < length; i++) {
                bySlot.add(new ArrayList<>());
            }
        }

        void add(int slot, int depth, Frame frame) {
            if (count++ < MOST_STATES) {
                Value[] values = new Value[Reg.COUNT];
                for (int i = 0; i < Reg.COUNT; i++) {
                    values[i] = frame.register(i).value();
                }
                bySlot.get(slot).add(new Belief(depth, values));
            }
        }

        boolean isComplete() {
            return count <= MOST_STATES;
        }
    }

    @Property(tries = TRIES, shrinking = ShrinkingMode.OFF)
    void whatIsAcceptedRunsAsBelieved(@ForAll @LongRange(min = 0) long seed) {
        SplittableRandom seeds = new SplittableRandom(seed);
        for (int i = 0; i < Math.max(1, PROGRAMS / TRIES); i++) {
            long program = seeds.nextLong();
            check(RandomPrograms.of(program), program);
        }
    }

    /** A campaign that refuses nearly all, or accepts all, would show little. */
    @AfterContainer
    static void theCampaignMeansSomething() {
        System.out.println("soundness: " + accepted + " programs accepted, " + refused + " refused, " + compared
                + " instructions compared with what is believed");
        assertTrue(accepted * 10L > refused && refused > 0, "too few programs of one kind");
    }

    private static void check(List<RawInstruction> code, long seed) {
        String failure = failure(code, seed);
        if (failure != null) {
            List<RawInstruction> small = shrunk(code, seed, kindOf(failure));
            throw new AssertionError(failure(small, seed) + " (seed " + seed + ")\n" + listing(small));
        }
    }

    /** Leaves out what is not needed to see the failure. */
    private static List<RawInstruction> shrunk(List<RawInstruction> code, long seed, String kind) {
        List<RawInstruction> small = new ArrayList<>(code);
        for (int i = 0; i < small.size(); i++) {
            boolean wide = small.get(i).opcode() == 0x18 || small.get(i).opcode() == 0;
            RawInstruction kept = small.set(i, new RawInstruction(0x05, 0, 0, (short) 0, 0));
            String failure = wide ? null : failure(small, seed);
            if (failure == null || !kindOf(failure).equals(kind)) {
                small.set(i, kept);
            }
        }
        return small;
    }

    /** The failure without its places. */
    private static String kindOf(String failure) {
        return failure.replaceAll("\\d+|: .*", "");
    }

    private static @Nullable String failure(List<RawInstruction> code, long seed) {
        ProgramImage image = ProgramImage.builder("random", ProgramType.SYSCALL).sleepable(true).code(code)
                .maps(List.of(MAP)).build();
        Options options = Options.privileged();
        if (!(Verifier.verify(image, options) instanceof Verdict.Accepted verdict)) {
            refused++;
            return null;
        }
        accepted++;
        Beliefs beliefs = new Beliefs(code.size());
        Verdict watched = Verifier.observe(image, options,
                (slot, state) -> beliefs.add(slot, state.depth(), state.frame()));
        boolean comparable = watched instanceof Verdict.Accepted && beliefs.isComplete();
        SplittableRandom random = new SplittableRandom(seed);
        for (int run = 0; run < RUNS; run++) {
            byte[] context = context(random, run);
            Machine machine = new SpecificationEngine()
                    .open(Services.repeatable(1).withMemory(Memory.Rules.PRIVILEGED))
                    .load(image, org.bpfz.spec.engine.Facts.NONE)
                    .start(Invocation.context(context).budget(BUDGET).build());
            String failure = run(machine, comparable ? beliefs : null, verdict.facts());
            if (failure != null) {
                return "run " + run + ": " + failure;
            }
        }
        return null;
    }

    private static byte[] context(SplittableRandom random, int run) {
        byte[] context = new byte[RandomPrograms.CONTEXT_SIZE];
        for (int i = 0; i < context.length; i++) {
            context[i] = (byte) switch (run) {
                case 0 -> random.nextInt(2) == 0 ? 0 : random.nextInt(128);
                case 1 -> random.nextInt(2) == 0 ? -1 : random.nextInt();
                default -> random.nextInt();
            };
        }
        return context;
    }

    private static @Nullable String run(Machine machine, @Nullable Beliefs beliefs, Facts facts) {
        Word first = machine.register(Reg.R1);
        long contextBase = first == null ? 0 : first.bits();
        boolean goesOn = true;
        while (goesOn) {
            if (beliefs != null) {
                compared++;
                int slot = machine.slot();
                if (beliefs.bySlot.get(slot).stream().noneMatch(belief -> holds(belief, machine, contextBase))) {
                    return "at instruction " + slot + " the registers are what no path has: " + registers(machine);
                }
            }
            String wrong = contradiction(machine, facts);
            if (wrong != null) {
                return wrong;
            }
            int slot = machine.slot();
            goesOn = machine.step();
            boolean jumped = goesOn && machine.slot() != slot + 1;
            boolean decided = facts.branch(slot) == (jumped ? BranchFact.NEVER : BranchFact.ALWAYS);
            boolean elsewhere = machine.program().image().code().get(slot).offset() != 0;
            if (goesOn && decided && elsewhere) {
                return "the jump at " + slot + " goes the way that the facts exclude";
            }
        }
        return machine.result().fault() == null ? null : "fault " + machine.result().fault();
    }

    /** What the facts for engines say of this instruction and is not so. */
    private static @Nullable String contradiction(Machine machine, Facts facts) {
        int slot = machine.slot();
        if (facts.isDead(slot)) {
            return "the facts call instruction " + slot + " dead";
        }
        RawInstruction insn = machine.program().image().code().get(slot);
        Word dst = machine.register(Reg.values()[insn.dst()]);
        Word src = machine.register(Reg.values()[insn.src()]);
        boolean known = (dst == null || facts.destination(slot).contains(dst.bits()))
                && (src == null || facts.source(slot).contains(src.bits()));
        if (!known) {
            return "at instruction " + slot + " the numbers are outside of " + facts.destination(slot) + " and "
                    + facts.source(slot) + ": " + registers(machine);
        }
        boolean frame = !(facts.memory(slot) instanceof MemoryFact.OwnFrame own)
                || isAt(insn, dst, src, machine, own.offset());
        return frame ? null : "the access at " + slot + " is not where the facts say: " + facts.memory(slot);
    }

    private static boolean isAt(RawInstruction insn, @Nullable Word dst, @Nullable Word src, Machine machine,
            int offset) {
        Word base = (insn.opcode() & 0x07) == 1 ? src : dst;
        Word frame = machine.register(Reg.R10);
        return base != null && frame != null && base.bits() + insn.offset() == frame.bits() + offset;
    }

    private static String registers(Machine machine) {
        StringBuilder text = new StringBuilder();
        for (Reg register : Reg.values()) {
            Word word = machine.register(register);
            text.append(register).append('=').append(word == null ? "?" : Long.toHexString(word.bits())).append(' ');
        }
        return text.toString();
    }

    private static boolean holds(Belief belief, Machine machine, long contextBase) {
        Word frame = machine.register(Reg.R10);
        if (belief.depth != machine.depth() - 1 || frame == null) {
            return false;
        }
        for (int i = 0; i < Reg.COUNT; i++) {
            Value value = belief.registers[i];
            Word word = machine.register(Reg.values()[i]);
            if (!value.is(Kind.NOT_INIT) && (word == null || !holds(value, word, frame.bits(), contextBase))) {
                return false;
            }
        }
        return true;
    }

    private static boolean holds(Value value, Word word, long frame, long contextBase) {
        if (value.type().mayBeNull() && word.bits() == 0) {
            return true;
        }
        return switch (value.kind()) {
            case SCALAR -> contains(value.number(), word.bits());
            case STACK -> contains(value.number(), word.bits() - frame - value.off());
            case CTX -> contains(value.number(), word.bits() - contextBase - value.off());
            case MAP_VALUE -> word.origin() != null && word.origin().kind() == RegionKind.MAP_VALUE
                    && contains(value.number(), word.bits() - word.origin().base() - value.off());
            case CONST_MAP -> word.origin() != null && word.origin().kind() == RegionKind.MAP_HANDLE;
            default -> false;
        };
    }

    private static boolean contains(Scalar number, long bits) {
        int low = (int) bits;
        return (bits & ~number.bits().mask()) == number.bits().value()
                && Long.compareUnsigned(number.wide().umin(), bits) <= 0
                && Long.compareUnsigned(bits, number.wide().umax()) <= 0 && number.wide().smin() <= bits
                && bits <= number.wide().smax() && Integer.compareUnsigned(number.low().umin(), low) <= 0
                && Integer.compareUnsigned(low, number.low().umax()) <= 0 && number.low().smin() <= low
                && low <= number.low().smax();
    }

    private static String listing(List<RawInstruction> code) {
        Disassembler disassembler = new Disassembler(CallNames.none());
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < code.size(); i++) {
            if (code.get(i).opcode() != 0) {
                text.append(i).append(": ").append(disassembler.logText(code.get(i),
                        i + 1 < code.size() ? code.get(i + 1) : null, true)).append('\n');
            }
        }
        return text.toString();
    }
}
