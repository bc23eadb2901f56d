package org.bpfz.proofs.pruning;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bpfz.spec.btf.Btf;
import org.bpfz.spec.btf.BtfRules;
import org.bpfz.spec.btf.BtfType;
import org.bpfz.spec.btf.Linkage;
import org.bpfz.spec.isa.AluOp;
import org.bpfz.spec.isa.Condition;
import org.bpfz.spec.isa.Encoder;
import org.bpfz.spec.isa.Instruction;
import org.bpfz.spec.isa.Instruction.CallTarget;
import org.bpfz.spec.isa.Instruction.ImmKind;
import org.bpfz.spec.isa.MemSize;
import org.bpfz.spec.isa.Program;
import org.bpfz.spec.isa.Reg;
import org.bpfz.spec.isa.Source;
import org.bpfz.spec.isa.Width;
import org.bpfz.spec.program.MapSpec;
import org.bpfz.spec.program.MapType;
import org.bpfz.spec.program.ProgramImage;
import org.bpfz.spec.program.ProgramType;
import org.bpfz.verifier.Options;
import org.bpfz.verifier.Verdict;
import org.bpfz.verifier.Verifier;

/** Programs of two ways that meet with objects on the stack, which are looked at behind. */
final class ObjectPrograms {
    private static final int DYNPTR_FROM_MEM = 197;
    private static final int DYNPTR_READ = 201;
    private static final int VALUE_SIZE = 64;
    /** Numbers of types in {@link #kernel}. */
    private static final int NEW = 6;
    private static final int DESTROY = 8;
    private static final Btf KERNEL = kernel();

    private ObjectPrograms() {
    }

    /** A kernel with iterators over numbers. */
    private static Btf kernel() {
        // A header and a pointer to void, since there must be a type.
        ByteBuffer one = ByteBuffer.allocate(37).order(ByteOrder.LITTLE_ENDIAN);
        one.putShort((short) 0xeb9f).put((byte) 1).put((byte) 0).putInt(24).putInt(0).putInt(12).putInt(12).putInt(1)
                .putInt(0).putInt(2 << 24).putInt(0);
        int number = 2;
        BtfType.Param iterator = new BtfType.Param("it", 4);
        List<BtfType> types = List.of(new BtfType.Int("int", 4, BtfType.IntEncoding.SIGNED, 0, 32),
                new BtfType.Struct("bpf_iter_num", 8, false,
                        List.of(new BtfType.Member("a", number, 0, 0), new BtfType.Member("b", number, 32, 0))),
                new BtfType.Ptr(3),
                new BtfType.FuncProto(number,
                        List.of(iterator, new BtfType.Param("start", number), new BtfType.Param("end", number))),
                new BtfType.Func("bpf_iter_num_new", 5, Linkage.STATIC),
                new BtfType.FuncProto(0, List.of(iterator)),
                new BtfType.Func("bpf_iter_num_destroy", 7, Linkage.STATIC));
        return Btf.read(one.array(), BtfRules.KERNEL).with(Map.of(), types, BtfRules.KERNEL);
    }

    private static Instruction set(Reg reg, int value) {
        return new Instruction.Mov(Width.W64, 0, reg, Source.of(value));
    }

    /** A pointer into the frame. */
    private static List<Instruction> place(Reg reg, int offset) {
        return List.of(new Instruction.Mov(Width.W64, 0, reg, Source.of(Reg.R10)),
                new Instruction.Alu(Width.W64, AluOp.ADD, reg, Source.of(offset)));
    }

    /** At -16 a dynptr of so many bytes of the map's value. */
    static List<Instruction> dynptr(int size) {
        List<Instruction> way = new ArrayList<>(place(Reg.R4, -16));
        way.add(new Instruction.LoadImm64(ImmKind.MAP_IDX_VALUE, Reg.R1, 0, 0));
        way.add(set(Reg.R2, size));
        way.add(set(Reg.R3, 0));
        way.add(new Instruction.Call(new CallTarget.Helper(DYNPTR_FROM_MEM)));
        way.add(set(Reg.R7, 1));
        return way;
    }

    /** At -16 an iterator. */
    static List<Instruction> iterator() {
        List<Instruction> way = new ArrayList<>(place(Reg.R1, -16));
        way.add(set(Reg.R2, 0));
        way.add(set(Reg.R3, 3));
        way.add(new Instruction.Call(new CallTarget.Kfunc(NEW, (short) 0)));
        way.add(set(Reg.R7, 2));
        return way;
    }

    /** At -16 zeros. */
    static List<Instruction> zeros() {
        return List.of(new Instruction.Store(MemSize.DW, Reg.R10, (short) -16, Source.of(0)),
                new Instruction.Store(MemSize.DW, Reg.R10, (short) -8, Source.of(0)), set(Reg.R7, 1));
    }

    private static int slots(List<Instruction> way) {
        return Encoder.encode(Program.of(way)).size();
    }

    /** What the verifier says, and how many instructions it looked at. */
    static String ask(List<Instruction> first, List<Instruction> second) {
        List<Instruction> program = new ArrayList<>();
        program.add(new Instruction.Load(MemSize.W, false, Reg.R6, Reg.R1, (short) 0));
        program.add(new Instruction.Jump(Width.W64, Condition.GT, Reg.R6, Source.of(5), (short) (slots(first) + 1)));
        program.addAll(first);
        program.add(new Instruction.Goto(false, slots(second)));
        program.addAll(second);
        List<Instruction> read = new ArrayList<>(place(Reg.R1, -32));
        read.add(set(Reg.R2, 1));
        read.addAll(place(Reg.R3, -16));
        read.add(set(Reg.R4, 0));
        read.add(set(Reg.R5, 0));
        read.add(new Instruction.Call(new CallTarget.Helper(DYNPTR_READ)));
        List<Instruction> destroy = new ArrayList<>(place(Reg.R1, -16));
        destroy.add(new Instruction.Call(new CallTarget.Kfunc(DESTROY, (short) 0)));
        program.add(new Instruction.Jump(Width.W64, Condition.EQ, Reg.R7, Source.of(2), (short) (slots(read) + 1)));
        program.addAll(read);
        program.add(new Instruction.Goto(false, slots(destroy)));
        program.addAll(destroy);
        program.add(set(Reg.R0, 0));
        program.add(new Instruction.Exit());
        ProgramImage image = ProgramImage.builder("proof", ProgramType.SCHED_CLS).licence("GPL")
                .code(Encoder.encode(Program.of(program)))
                .maps(List.of(MapSpec.of("values", MapType.ARRAY, 4, VALUE_SIZE, 1))).build();
        Verdict verdict = Verifier.verify(image,
                Options.privileged().withKernelBtf(KERNEL).withFlags(Options.TEST_STATE_FREQ));
        return (verdict instanceof Verdict.Accepted ? "+" : "-") + verdict.statistics().instructions();
    }
}
