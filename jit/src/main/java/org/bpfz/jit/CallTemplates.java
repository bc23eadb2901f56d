package org.bpfz.jit;

import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.DynamicConstantDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.List;
import org.bpfz.interpreter.helper.Helper;
import org.bpfz.interpreter.helper.Run;
import org.bpfz.interpreter.map.FlatArray;
import org.bpfz.spec.isa.Instruction.LegacyPacketLoad;
import org.bpfz.spec.isa.Instruction.PacketMode;
import org.bpfz.spec.isa.Reg;
import org.bpfz.spec.program.HelperPrototype;

/** Calls (RFC 9669, section 4.3) and what leaves the code for the runtime: helpers, tail calls, packet loads. */
final class CallTemplates {
    /** How often bpf_loop calls at most: BPF_MAX_LOOPS in include/linux/bpf.h. */
    private static final int MAX_LOOPS = 8 << 20;

    private static final ClassDesc ARRAY = FlatArray.class.describeConstable().orElseThrow();
    private static final ClassDesc HELPER = Helper.class.describeConstable().orElseThrow();
    private static final ClassDesc PROTOTYPE = HelperPrototype.class.describeConstable().orElseThrow();
    private static final ClassDesc RUN_VIEW = Run.class.describeConstable().orElseThrow();
    private static final MethodTypeDesc HELPER_CALL = MethodTypeDesc.of(CD_long, RUN_VIEW, CD_long, CD_long,
            CD_long, CD_long, CD_long);
    private static final List<Reg> ARGUMENTS = List.of(Reg.R1, Reg.R2, Reg.R3, Reg.R4, Reg.R5);

    private CallTemplates() {
    }

    /**
     * Calls a function of the program.
     *
     * @param owner  the class that is being made
     * @param name   the method's
     */
    static void local(ClassDesc owner, String name, Emitter out) {
        CodeBuilder code = out.code();
        code.aload(Locals.RUN);
        out.load(Reg.R10);
        code.invokestatic(Locals.RUN_CLASS, "push", MethodTypeDesc.of(CD_long, CD_long));
        ARGUMENTS.forEach(out::load);
        code.invokestatic(owner, name, Locals.FUNCTION);
        out.store(Reg.R0);
    }

    /** The name of the method that a function becomes. */
    static String function(int slot) {
        return "function" + slot;
    }

    /** The name of the method that it becomes where the caller pays for its instructions. */
    static String paid(int slot) {
        return "paid" + slot;
    }

    /**
     * Calls a helper.
     *
     * @param constant index of the helper in the class data; its prototype is the next
     * @param slot     of the call
     */
    static void helper(int constant, int slot, Emitter out) {
        CodeBuilder code = out.code();
        inFrame(out);
        code.loadConstant(classData(constant, HELPER)).aload(Locals.RUN);
        ARGUMENTS.forEach(out::load);
        code.invokeinterface(HELPER, "call", HELPER_CALL);
        out.store(Reg.R0);
        record(constant + 1, slot, out);
    }

    /** Records that a helper has returned; the constant is its prototype. */
    private static void record(int constant, int slot, Emitter out) {
        CodeBuilder code = out.code();
        Label silent = code.newLabel();
        code.aload(Locals.RUN).invokevirtual(Locals.RUN_CLASS, "recordsEvents", MethodTypeDesc.of(CD_boolean))
                .ifeq(silent);
        code.aload(Locals.RUN).loadConstant(classData(constant, PROTOTYPE)).loadConstant(slot);
        ARGUMENTS.forEach(out::load);
        out.load(Reg.R0);
        code.invokevirtual(Locals.RUN_CLASS, "record", MethodTypeDesc.of(CD_void, PROTOTYPE, CD_int, CD_long, CD_long,
                CD_long, CD_long, CD_long, CD_long));
        code.labelBinding(silent);
    }

    /**
     * Calls bpf_loop with a callback that is known: a loop that calls it. What bpf_loop refuses is left to bpf_loop itself.
     *
     * @param owner    the class that is being made
     * @param callback the slot where the callback begins
     * @param constant index of bpf_loop in the class data
     * @param slot     of the call
     */
    static void loop(ClassDesc owner, int callback, int constant, int slot, Emitter out) {
        CodeBuilder code = out.code();
        Label refused = code.newLabel();
        Label done = code.newLabel();
        Label all = code.newLabel();
        out.load(Reg.R4);
        code.lconst_0().lcmp().ifne(refused);
        out.load(Reg.R1);
        code.loadConstant((long) MAX_LOOPS).invokestatic(LoopWriter.LONG, "compareUnsigned", LoopWriter.COMPARE)
                .ifgt(refused);
        code.iconst_0().istore(Locals.INDEX);
        Label next = code.newBoundLabel();
        code.iload(Locals.INDEX).i2l();
        out.load(Reg.R1);
        code.lcmp().ifge(all);
        code.aload(Locals.RUN);
        out.load(Reg.R10);
        code.invokestatic(Locals.RUN_CLASS, "push", MethodTypeDesc.of(CD_long, CD_long));
        code.iload(Locals.INDEX).i2l();
        out.load(Reg.R3);
        code.lconst_0().lconst_0().lconst_0().invokestatic(owner, function(callback), Locals.FUNCTION);
        code.iinc(Locals.INDEX, 1);
        code.lconst_0().lcmp().ifeq(next).goto_(all);
        code.labelBinding(refused);
        helper(constant, slot, out);
        code.goto_(done);
        code.labelBinding(all);
        code.iload(Locals.INDEX).i2l();
        out.store(Reg.R0);
        record(constant + 1, slot, out);
        code.labelBinding(done);
    }

    /**
     * Calls bpf_map_lookup_elem of a known array with a proved key.
     *
     * @param array    index of the array in the class data
     * @param constant index of the helper
     * @param slot     of the call
     */
    static void lookup(int array, int constant, int slot, Emitter out) {
        CodeBuilder code = out.code();
        code.loadConstant(classData(array, ARRAY)).aload(Locals.BYTES);
        out.load(Reg.R2);
        MemoryTemplates.proved(code);
        code.aload(Locals.RUN).invokevirtual(Locals.RUN_CLASS, "cpu", MethodTypeDesc.of(CD_int));
        code.invokevirtual(ARRAY, "find", MethodTypeDesc.of(CD_long, ConstantDescs.CD_byte.arrayType(), CD_int,
                CD_int));
        out.store(Reg.R0);
        record(constant + 1, slot, out);
    }

    /**
     * Calls bpf_copy_from_buffer with a proved target.
     *
     * @param constant index of the helper in the class data
     * @param slot     of the call
     */
    static void copyFromBuffer(int constant, int slot, Emitter out) {
        CodeBuilder code = out.code();
        code.aload(Locals.RUN);
        out.load(Reg.R2);
        out.load(Reg.R3);
        MemoryTemplates.proved(code);
        out.load(Reg.R4);
        code.invokevirtual(Locals.RUN_CLASS, "copyFromBuffer", MethodTypeDesc.of(CD_long, CD_long, CD_int, CD_long));
        out.store(Reg.R0);
        record(constant + 1, slot, out);
    }

    /** Tells the memory which frame is the innermost one. */
    static void inFrame(Emitter out) {
        out.code().aload(Locals.RUN);
        out.load(Reg.R10);
        out.code().invokevirtual(Locals.RUN_CLASS, "inFrame", MethodTypeDesc.of(CD_void, CD_long));
    }

    /** Looks for the program of a tail call; goes to the label, with its id on the stack, where there is one. */
    static void tailCallTarget(int slot, Label found, Emitter out) {
        CodeBuilder code = out.code();
        inFrame(out);
        code.aload(Locals.RUN).loadConstant(slot);
        ARGUMENTS.subList(0, 3).forEach(out::load);
        code.invokevirtual(Locals.RUN_CLASS, "tailCallTarget", MethodTypeDesc.of(CD_int, CD_int, CD_long, CD_long,
                CD_long));
        code.dup().istore(Locals.INDEX).ifne(found);
        code.lconst_0();
        out.store(Reg.R0);
    }

    /** Runs the program whose id is in {@link Locals#INDEX}; pushes its R0. */
    static void tailCall(Emitter out) {
        CodeBuilder code = out.code();
        code.aload(Locals.RUN).iload(Locals.INDEX);
        out.load(Reg.R10);
        code.invokevirtual(Locals.RUN_CLASS, "tailCall", MethodTypeDesc.of(CD_long, CD_int, CD_long));
    }

    /** Loads from the packet into R0 (RFC 9669, section 5.5); goes to the label, with R0 negative, where that is not there. */
    static void packet(LegacyPacketLoad load, Label outside, Emitter out) {
        CodeBuilder code = out.code();
        code.aload(Locals.RUN);
        if (load.mode() == PacketMode.ABS) {
            code.loadConstant(load.imm());
        } else {
            out.loadLow(load.src());
            code.loadConstant(load.imm()).iadd();
        }
        code.loadConstant(load.size().bytes());
        code.invokevirtual(Locals.RUN_CLASS, "packet", MethodTypeDesc.of(CD_long, CD_int, CD_int));
        code.dup2();
        out.store(Reg.R0);
        code.lconst_0().lcmp().iflt(outside);
    }

    /** An element of the class data. */
    static DynamicConstantDesc<?> classData(int index, ClassDesc type) {
        return DynamicConstantDesc.ofNamed(ConstantDescs.BSM_CLASS_DATA_AT, ConstantDescs.DEFAULT_NAME, type, index);
    }
}
