package org.bpfz.jit;

import java.util.List;
import org.bpfz.interpreter.helper.Bindings;
import org.bpfz.interpreter.map.FlatArray;
import org.bpfz.interpreter.map.FlatMap;
import org.bpfz.spec.engine.HelperReading;
import org.bpfz.spec.isa.AtomicOp;
import org.bpfz.spec.isa.Instruction;
import org.bpfz.spec.isa.Instruction.CallTarget;
import org.bpfz.spec.isa.Instruction.ImmKind;
import org.bpfz.spec.isa.Program;
import org.bpfz.spec.isa.Reg;
import org.bpfz.spec.memory.Layout;
import org.bpfz.spec.program.HelperPrototype;
import org.jspecify.annotations.Nullable;

/** Which instructions can only fault, whatever the registers hold, and what 64-bit immediates stand for. */
final class Obstacles {
    private final Program program;
    private final List<FlatMap> maps;
    private final HelperReading reading;

    Obstacles(Program program, List<FlatMap> maps, HelperReading reading) {
        this.program = program;
        this.maps = maps;
        this.reading = reading;
    }

    /** Why an instruction never completes. */
    sealed interface Obstacle {
        /** It writes R10. */
        record FramePointer() implements Obstacle {}

        /** It calls where no instruction begins. */
        record NoFunction(int target) implements Obstacle {}

        /** It is not there in the fast engines. */
        record Unsupported(String what) implements Obstacle {}
    }

    /** What is in the way of the instruction at the slot before it does anything, or null. */
    @Nullable
    Obstacle at(int slot) {
        return switch (program.at(slot)) {
            case Instruction.Alu alu -> frame(alu.dst());
            case Instruction.Mov mov -> frame(mov.dst());
            case Instruction.Neg neg -> frame(neg.dst());
            case Instruction.End end -> frame(end.dst());
            case Instruction.AddrSpaceCast cast -> frame(cast.dst());
            case Instruction.LoadImm64 load -> {
                String missing = missing(load);
                yield missing == null ? frame(load.dst()) : new Obstacle.Unsupported(missing);
            }
            case Instruction.Call(CallTarget.Local(int offset)) -> {
                int target = program.target(slot, offset);
                yield program.isInstruction(target) ? null : new Obstacle.NoFunction(target);
            }
            case Instruction.Call(CallTarget target) -> {
                String missing = missing(target);
                yield missing == null ? null : new Obstacle.Unsupported(missing);
            }
            default -> null;
        };
    }

    /** Whether the instruction at the slot writes R10 once it has accessed memory. */
    static boolean writesFramePointer(Instruction instruction) {
        return switch (instruction) {
            case Instruction.Load load -> load.dst() == Reg.R10;
            case Instruction.Atomic atomic -> atomic.src() == Reg.R10 && atomic.op().fetches()
                    && atomic.op() != AtomicOp.CMPXCHG;
            default -> false;
        };
    }

    /** The helper of a call that {@link #at} has let through. */
    HelperPrototype prototype(int number) {
        HelperPrototype prototype = Bindings.prototype(number, reading);
        if (prototype == null) {
            throw new IllegalArgumentException("helper " + number);
        }
        return prototype;
    }

    /** The number that an immediate stands for that {@link #at} has let through. */
    long value(int slot, Instruction.LoadImm64 load) {
        return switch (load.kind()) {
            case VALUE -> load.value();
            // Unlike a call's offset, this one counts from the slot behind the first (check_ld_imm in kernel/bpf/verifier.c).
            case FUNC -> Layout.function(slot + 1 + load.imm());
            case MAP_IDX -> Layout.mapHandle(maps.get(load.imm()).id());
            case MAP_IDX_VALUE -> {
                if (!(maps.get(load.imm()) instanceof FlatArray array)) {
                    throw new IllegalArgumentException("map " + load.imm());
                }
                yield array.firstValue() + Integer.toUnsignedLong(load.nextImm());
            }
            case MAP_FD, MAP_VALUE, BTF_ID -> throw new IllegalArgumentException(load.kind().toString());
        };
    }

    private static @Nullable Obstacle frame(Reg written) {
        return written == Reg.R10 ? new Obstacle.FramePointer() : null;
    }

    private @Nullable String missing(Instruction.LoadImm64 load) {
        return switch (load.kind()) {
            case VALUE, FUNC -> null;
            case MAP_IDX, MAP_IDX_VALUE -> {
                if (load.imm() < 0 || load.imm() >= maps.size()) {
                    yield "the image has no map " + load.imm();
                }
                boolean needsValue = load.kind() == ImmKind.MAP_IDX_VALUE;
                yield needsValue && !(maps.get(load.imm()) instanceof FlatArray)
                        ? "map " + load.imm() + " has no value with an address"
                        : null;
            }
            case MAP_FD, MAP_VALUE -> "an image refers to maps by index, not by descriptor";
            case BTF_ID -> "kernel variable " + load.imm() + " is not modelled";
        };
    }

    private @Nullable String missing(CallTarget target) {
        return switch (target) {
            case CallTarget.Local local -> null;
            case CallTarget.Helper(int number) -> {
                HelperPrototype prototype = Bindings.prototype(number, reading);
                if (prototype == null) {
                    yield "helper " + number + " does not exist";
                }
                boolean known = prototype.name().equals(Bindings.TAIL_CALL) || Bindings.of(prototype.name()) != null;
                yield known ? null : prototype.name() + " is not there in the fast engines";
            }
            case CallTarget.Kfunc(int btfId, short module) -> "kernel function " + btfId + " of module " + module
                    + " is not modelled";
        };
    }
}
