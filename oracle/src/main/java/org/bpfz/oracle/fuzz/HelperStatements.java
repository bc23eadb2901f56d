package org.bpfz.oracle.fuzz;

import java.util.List;
import org.bpfz.oracle.fuzz.Held.Kind;
import org.bpfz.spec.isa.AluOp;
import org.bpfz.spec.isa.Instruction.Alu;
import org.bpfz.spec.isa.Instruction.Call;
import org.bpfz.spec.isa.Instruction.CallTarget;
import org.bpfz.spec.isa.Instruction.ImmKind;
import org.bpfz.spec.isa.Instruction.LoadImm64;
import org.bpfz.spec.isa.Instruction.Mov;
import org.bpfz.spec.isa.Instruction.Store;
import org.bpfz.spec.isa.MemSize;
import org.bpfz.spec.isa.Reg;
import org.bpfz.spec.isa.Source;
import org.bpfz.spec.isa.Width;
import org.bpfz.spec.program.ArgType;
import org.bpfz.spec.program.HelperPrototype;
import org.bpfz.spec.program.MapSpec;
import org.bpfz.spec.program.ReturnKind;
import org.bpfz.spec.program.TypeFlag;

/** Writes a call of a helper that the program may call, with arguments as its prototype asks for. */
final class HelperStatements extends Statements {
    private static final int BUFFER = 32;

    /** The map that was passed, for keys and values behind it. */
    private MapSpec map = Surface.MAPS.getFirst();
    private int lastBuffer = BUFFER;
    private int fitting;

    HelperStatements(ProgramWriter program, Sketch now) {
        super(program, now);
    }

    void write() {
        HelperPrototype helper = dice.of(dice.oneIn(12) ? surface.helpers() : surface.simpleHelpers());
        fitting = fittingMap(helper.name());
        List<Reg> contexts = now.which(held -> held.is(Kind.CONTEXT));
        Reg context = contexts.isEmpty() ? Reg.R1 : contexts.getLast();
        for (int i = 0; i < helper.arguments().size(); i++) {
            argument(Reg.of(i + 1), helper.arguments().get(i), context);
        }
        code.emit(new Call(new CallTarget.Helper(helper.number())));
        ReturnKind kind = helper.result().kind();
        now.call(kind == ReturnKind.INTEGER ? Held.NUMBER : kind == ReturnKind.VOID ? Held.NOTHING : Held.OTHER);
        if (helper.changesPacketData()) {
            now.losePacket();
        }
    }

    /** The index of a map that the helper is likely to take. */
    private int fittingMap(String helper) {
        if (helper.contains("ringbuf")) {
            return Surface.RING_MAP;
        }
        if (helper.endsWith("_percpu_elem")) {
            return Surface.PERCPU_MAP;
        }
        boolean queue = helper.contains("_push_") || helper.contains("_pop_") || helper.contains("_peek_");
        return queue ? Surface.QUEUE_MAP : dice.below(Surface.QUEUE_MAP);
    }

    private void argument(Reg register, ArgType type, Reg context) {
        switch (type.kind()) {
            case CONST_MAP_PTR -> {
                int index = dice.oneIn(10) ? dice.below(Surface.MAPS.size()) : fitting;
                map = Surface.MAPS.get(index);
                code.emit(new LoadImm64(ImmKind.MAP_IDX, register, index, 0));
            }
            case PTR_TO_MAP_KEY -> buffer(register, map.keySize(), true);
            case PTR_TO_MAP_VALUE -> buffer(register, map.valueSize(), !type.has(TypeFlag.MEM_UNINIT));
            case PTR_TO_MEM -> {
                lastBuffer = type.has(TypeFlag.MEM_FIXED_SIZE) ? type.size() : dice.between(1, BUFFER);
                if (type.has(TypeFlag.PTR_MAYBE_NULL) && dice.oneIn(6)) {
                    lastBuffer = 0;
                    code.emit(new Mov(Width.W64, 0, register, Source.of(0)));
                } else {
                    buffer(register, lastBuffer, !type.has(TypeFlag.MEM_UNINIT));
                }
            }
            case CONST_SIZE, CONST_SIZE_OR_ZERO -> {
                int size = dice.oneIn(10) ? dice.between(0, BUFFER + 8) : lastBuffer;
                code.emit(new Mov(Width.W64, 0, register, Source.of(size)));
            }
            case PTR_TO_CTX -> code.emit(new Mov(Width.W64, 0, register, Source.of(context)));
            case CONST_ALLOC_SIZE_OR_ZERO -> code.emit(new Mov(Width.W64, 0, register, Source.of(dice.below(64))));
            default -> code.emit(new Mov(Width.W64, 0, register, Source.of(dice.oneIn(2) ? 0 : dice.immediate())));
        }
        now.set(register, Held.OTHER);
    }

    /** A buffer on the stack, its bytes written where the helper reads them. */
    private void buffer(Reg register, int size, boolean written) {
        int start = -8 * ((size + 7) / 8 + dice.below(4));
        if (start == 0) {
            start = -8;
        }
        if (written || dice.oneIn(3)) {
            for (int at = start; at < start + size && at < 0; at += 8) {
                code.emit(new Store(MemSize.DW, Reg.R10, (short) at, Source.of(dice.below(5))));
                now.write(at, 8);
            }
        }
        code.emit(new Mov(Width.W64, 0, register, Source.of(Reg.R10)));
        code.emit(new Alu(Width.W64, AluOp.ADD, register, Source.of(start)));
    }
}
